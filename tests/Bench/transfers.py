"""One file moved once, by each of those that are compared."""
import os

from daemon import virsh
from processes import Run

# What may be compared with ours over a URL; vol-upload starts from a local file.
PEERS = ["curl", "curl, sync", "curl|virsh", "vol-upload", "aria2c -x1", "aria2c -x4"]


class Measured:
    """Seconds of wall and CPU, and MiB at most; libvirtd's CPU apart."""

    def __init__(self, wall, cpu, peak, libvirtd_cpu):
        self.wall, self.cpu, self.peak, self.libvirtd_cpu = wall, cpu, peak, libvirtd_cpu


def ours(bench, pool, url, daemon=None, **fields):
    daemon, libvirtd = daemon or bench.daemon, bench.libvirtd
    daemon.reset_peak()
    before, served = daemon.cpu(), libvirtd.cpu()
    wall = daemon.download(pool.name, "ours.iso", url, **fields)
    measured = Measured(wall, daemon.cpu() - before, daemon.memory("VmHWM"), libvirtd.cpu() - served)
    virsh(bench.uri, "vol-delete", "--pool", pool.name, "ours.iso")
    return measured


def peer(bench, pool, url, name):
    target = os.path.join(pool.path, "peer.iso")
    is_volume = "virsh" in name or name == "vol-upload"
    if is_volume:
        virsh(bench.uri, "vol-create-as", pool.name, "peer.iso", f"{bench.size}B", "--format", "raw")
    served = bench.libvirtd.cpu()
    run = Run(_command(bench, pool, url, name, target))
    measured = Measured(run.wall, run.cpu, run.peak, bench.libvirtd.cpu() - served)
    if os.path.getsize(target) != bench.size:
        raise SystemExit(f"{name} left {os.path.getsize(target)} bytes")
    if is_volume:
        virsh(bench.uri, "vol-delete", "--pool", pool.name, "peer.iso")
    else:
        os.unlink(target)
    return measured


def _command(bench, pool, url, name, target):
    upload = f"virsh -q -c '{bench.uri}' vol-upload --pool {pool.name} peer.iso"
    curl = f"curl -sSf --noproxy '*' --cacert {bench.certificate}"
    if name == "curl":
        return f"exec {curl} -o {target} {url}"
    if name == "curl, sync":
        return f"{curl} -o {target} {url} && sync {target}"
    if name == "curl|virsh":
        return f"{curl} {url} | {upload} /dev/stdin"
    if name == "vol-upload":
        return f"exec {upload} {bench.source}"
    connections = name[-1]
    return (f"exec aria2c -q --no-conf --no-proxy='*' --ca-certificate={bench.certificate} --file-allocation=falloc"
            f" --allow-overwrite=true -x{connections} -s{connections} -k1M -d {pool.path} -o peer.iso {url}")
