"""What is measured against: a libvirtd, an nginx and a vsftpd of the benchmark's own, on loopback."""
import glob
import os
import socket
import subprocess

from processes import Server

SYSTEM_DIRECTORIES = ["/etc/libvirt", "/run/libvirt", "/var/lib/libvirt", "/var/cache/libvirt"]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def accepts(address, family=socket.AF_INET):
    with socket.socket(family) as client:
        return client.connect_ex(address) == 0


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return path


def start_libvirtd(work):
    """As tests/Fixtures/PrivateLibvirtd.cs: a mount namespace, the storage driver alone. Gives the server and its URI."""
    own = os.path.join(work, "libvirtd")
    for name in ("sock", "drivers", "binds/etc/libvirt/storage"):
        os.makedirs(os.path.join(own, name))
    configuration = write(os.path.join(own, "libvirtd.conf"),
                          f'unix_sock_dir = "{own}/sock"\nauth_unix_rw = "none"\nauth_unix_ro = "none"\n')
    places = ("/usr/lib/*/", "/usr/lib64/")
    found = [path for place in places for path in glob.glob(f"{place}libvirt/connection-driver/libvirt_driver_storage.so")]
    driver = next(iter(found), None)
    if driver is None:
        raise SystemExit("this libvirt has no storage driver")
    os.symlink(driver, os.path.join(own, "drivers", os.path.basename(driver)))
    binds = []
    for target in SYSTEM_DIRECTORIES:
        os.makedirs(f"{own}/binds{target}", exist_ok=True)
        binds.append(f"mkdir -p {target} && mount --bind {own}/binds{target} {target}")
    command = " && ".join(binds) + f" && exec libvirtd --config {configuration} --pid-file {own}/pid"
    server = Server("libvirtd", ["unshare", "--mount", "--propagation", "private", "sh", "-c", command],
                    f"{own}/log", env={**os.environ, "LIBVIRT_DRIVER_DIR": f"{own}/drivers"})
    server.wait_until(lambda: accepts(f"{own}/sock/libvirt-sock", socket.AF_UNIX))
    return server, f"storage+unix:///system?socket={own}/sock/libvirt-sock"


def make_certificate(work):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", f"{work}/server.key", "-out", f"{work}/server.pem"], check=True, capture_output=True)
    return f"{work}/server.pem"


def start_nginx(work, root):
    """Serves root over HTTP and HTTPS (TLS 1.3). Gives the server and both URLs."""
    plain, secure = free_port(), free_port()
    temp = os.path.join(work, "nginx-temp")
    os.makedirs(temp)
    paths = "\n".join(f"{name}_temp_path {temp}/{name};"
                      for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = write(os.path.join(work, "nginx.conf"), f"""
        daemon off; master_process off; user root; pid {work}/nginx.pid;
        events {{ worker_connections 512; }}
        http {{
          access_log off; sendfile on; default_type application/octet-stream;
          {paths}
          server {{
            listen 127.0.0.1:{plain}; listen 127.0.0.1:{secure} ssl;
            ssl_protocols TLSv1.3; ssl_certificate {work}/server.pem; ssl_certificate_key {work}/server.key;
            root {root};
            location /slow/ {{ alias {root}/; limit_rate 20m; }}
          }}
        }}""")
    server = Server("nginx", ["nginx", "-e", f"{work}/nginx.error", "-p", work, "-c", configuration], f"{work}/nginx.log")
    server.wait_until(lambda: accepts(("127.0.0.1", secure)))
    return server, f"http://127.0.0.1:{plain}", f"https://localhost:{secure}"


def start_far_nginx(work, root, within, address, port):
    """Serves root on another host, the beginning of whose commands is `within`; below /capped/ each request gets 5 MiB/s."""
    temp = "\n".join(f"{name}_temp_path {work}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    configuration = write(os.path.join(work, "nginx.conf"), f"""
        daemon off; master_process off; user root; pid {work}/nginx.pid;
        events {{ worker_connections 512; }}
        http {{
          access_log off; sendfile on; default_type application/octet-stream;
          {temp}
          server {{ listen {address}:{port}; root {root}; location /capped/ {{ alias {root}/; limit_rate 5m; }} }}
        }}""")
    server = Server("nginx", [*within, "nginx", "-e", f"{work}/nginx.error", "-p", work, "-c", configuration], f"{work}/nginx.log")
    probe = [*within, "curl", "-s", "--noproxy", "*", "-o", os.devnull, f"http://{address}:{port}/"]
    server.wait_until(lambda: subprocess.run(probe, check=False).returncode == 0)
    return server


def start_vsftpd(work, root):
    """Serves root to anonymous. Gives the server and its URL."""
    port = free_port()
    empty = os.path.join(work, "empty")
    os.makedirs(empty)
    configuration = write(os.path.join(work, "vsftpd.conf"), "\n".join([
        "background=NO", "listen=YES", "listen_address=127.0.0.1", f"listen_port={port}", "anonymous_enable=YES",
        "local_enable=NO", "no_anon_password=YES", "ftp_username=daemon", "nopriv_user=daemon", f"anon_root={root}", f"secure_chroot_dir={empty}", "seccomp_sandbox=NO",
        "xferlog_enable=NO", ""]))
    unpacked = os.environ["KIMCHI_ISOD_FTP_SERVERS"]
    libraries = ":".join(glob.glob(f"{unpacked}/usr/lib/*-linux-gnu"))
    server = Server("vsftpd", [f"{unpacked}/usr/sbin/vsftpd", configuration], f"{work}/vsftpd.log",
                    env={**os.environ, "LD_LIBRARY_PATH": libraries})
    server.wait_until(lambda: accepts(("127.0.0.1", port)))
    return server, f"ftp://127.0.0.1:{port}"
