"""Two hosts and a wide-area network between them, in network namespaces of their own: the kernel's netem is not needed."""
import os
import subprocess

from processes import Server, abandoned, own_name

SERVER_ADDRESS, CLIENT_ADDRESS = "10.77.0.1", "10.77.0.2"


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


class Network:
    """Up when constructed. `server` and `client` are the beginnings of commands that run on the one host and the other."""

    def __init__(self, work, rate, delay, loss, queue):
        """MiB per second, milliseconds one way, the lost fraction of packets, KiB of the queue."""
        for path in abandoned("/run/netns"):
            ip("netns", "del", os.path.basename(path))
        pid = os.getpid()
        self._namespaces = [own_name() + "server", own_name() + "client"]
        self.server, self.client = (["nsenter", f"--net=/run/netns/{name}"] for name in self._namespaces)
        self._link = None
        try:
            self._open(work, [f"bs{pid}", f"bc{pid}"], [rate, delay, loss, queue])
        except BaseException:
            self.stop()
            raise

    def stop(self):
        if self._link is not None:
            self._link.stop()
        for name in self._namespaces:
            if os.path.exists(f"/run/netns/{name}"):
                ip("netns", "del", name)

    def _open(self, work, devices, qualities):
        program = os.path.join(work, "wan")
        subprocess.run(["cc", "-O2", "-o", program, os.path.join(os.path.dirname(__file__), "wan.c")], check=True)
        self._link = Server("wan", [program, *devices, *map(str, qualities)], os.path.join(work, "wan.log"))
        self._link.wait_until(lambda: all(os.path.exists(f"/sys/class/net/{device}") for device in devices))
        for name, device, address in zip(self._namespaces, devices, (SERVER_ADDRESS, CLIENT_ADDRESS)):
            ip("netns", "add", name)
            ip("link", "set", device, "netns", name)
            ip("-n", name, "link", "set", "lo", "up")
            ip("-n", name, "addr", "add", f"{address}/24", "dev", device)
            ip("-n", name, "link", "set", device, "mtu", "1500", "txqueuelen", "20000", "up")
        # The machine's own congestion control may be one that does not mind loss, such as bbr; servers have cubic.
        ip("-n", self._namespaces[0], "route", "replace", "10.77.0.0/24", "dev", devices[0], "proto", "kernel", "scope", "link",
           "src", SERVER_ADDRESS, "congctl", "cubic")
