"""The sections of the benchmark. Each gives rows: dictionaries that the report prints and writes."""
import os
import statistics
import threading
import time

import transfers
from daemon import Daemon, virsh

GIB = 1 << 30


def transfer(bench):
    """Ours beside its peers: each protocol, each pool, interleaved."""
    rows = []
    for protocol in bench.options.protocols:
        for pool in bench.pools:
            names = ["ours", *(n for n in bench.options.peers if n != "vol-upload" or protocol == "http")]
            rows += _interleave(bench, protocol, pool, names)
            bench.report("transfer", rows[-len(names):])
    return rows


def _interleave(bench, protocol, pool, names):
    url = f"{bench.urls[protocol]}/{os.path.basename(bench.source)}"
    results = {name: [] for name in names}
    # The first round fills caches and pools of buffers, and does not count.
    for turn in range(bench.options.runs + 1):
        for name in names:
            os.sync()
            measured = transfers.ours(bench, pool, url) if name == "ours" else transfers.peer(bench, pool, url, name)
            if turn > 0:
                results[name].append(measured)
    base = statistics.median(m.wall for m in results["curl"]) if "curl" in results else None
    return [_row(bench, protocol, pool, name, results[name], base) for name in names]


def _row(bench, protocol, pool, name, runs, base):
    def median(field):
        return statistics.median(getattr(m, field) for m in runs)

    return {
        "protocol": protocol, "pool": pool.name, "who": name, "seconds": round(median("wall"), 3),
        "MiB/s": round(bench.size / (1 << 20) / median("wall")),
        "x curl": round(base / median("wall"), 2) if base else None,
        "CPU s/GiB": round(median("cpu") * GIB / bench.size, 2),
        "libvirtd s/GiB": round(median("libvirtd_cpu") * GIB / bench.size, 2),
        "peak MiB": round(max(m.peak for m in runs), 1),
    }


def idle(bench):
    """Start to first reply, and memory with nothing to do."""
    startups, memory = [], []
    for _ in range(bench.options.runs):
        daemon = bench.new_daemon()
        startups.append(daemon.startup * 1000)
        time.sleep(1)  # what a start leaves behind settles
        memory.append(daemon.memory())
        daemon.stop()
    return [{"first reply ms": round(statistics.median(startups), 1), "idle MiB": round(statistics.median(memory), 1),
             "idle MiB after downloads": round(bench.daemon.memory(), 1)}]


def many(bench):
    """The same bytes in 1, 4, 16 and 64 downloads at once, into the first pool."""
    rows, pool = [], bench.pools[0]
    for count in (1, 4, 16, 64):
        url = f"{bench.urls['http']}/{bench.part(bench.size // count)}"
        daemon = bench.new_daemon("--downloads:max_active=64")
        walls = []
        for _ in range(bench.options.runs):
            walls.append(_at_once(daemon, pool, url, count))
            for n in range(count):
                virsh(bench.uri, "vol-delete", "--pool", pool.name, f"many-{n}.iso")
        rows.append({"at once": count, "MiB/s": round(bench.size / (1 << 20) / statistics.median(walls)),
                     "x one": round(rows[0]["_wall"] / statistics.median(walls), 2) if rows else 1.0,
                     "peak MiB": round(daemon.memory("VmHWM"), 1), "_wall": statistics.median(walls)})
        daemon.stop()
    return [{k: v for k, v in row.items() if k[0] != "_"} for row in rows]


def _at_once(daemon, pool, url, count):
    begun = time.monotonic()
    for n in range(count):
        daemon.start(pool.name, f"many-{n}.iso", url)
    return max(daemon.wait(pool.name, f"many-{n}.iso") for n in range(count)) - begun


def status(bench):
    """Latency of status on one connection while 8 downloads run at 20 MiB/s each."""
    pool, latencies = bench.pools[0], []
    daemon = bench.new_daemon("--downloads:max_active=8")
    url = f"{bench.urls['http']}/slow/{bench.part(128 << 20)}"
    for n in range(8):
        daemon.start(pool.name, f"slow-{n}.iso", url)
    connection = daemon.connection()
    done = threading.Event()
    threading.Thread(target=lambda: ([daemon.wait(pool.name, f"slow-{n}.iso") for n in range(8)], done.set())).start()
    while not done.is_set():
        begun = time.monotonic()
        connection.post(pool.name, "/status", {"name": f"slow-{len(latencies) % 8}.iso"})
        latencies.append((time.monotonic() - begun) * 1000)
    for n in range(8):
        virsh(bench.uri, "vol-delete", "--pool", pool.name, f"slow-{n}.iso")
    daemon.stop()
    latencies.sort()
    return [{"calls": len(latencies), "p50 ms": round(latencies[len(latencies) // 2], 3),
             "p99 ms": round(latencies[len(latencies) * 99 // 100], 3), "peak MiB": None}]


def volumes(bench):
    """A pool with 0, 300 and 1000 other volumes in it."""
    rows, pool, made = [], bench.pools[0], 0
    url = f"{bench.urls['http']}/{os.path.basename(bench.source)}"
    walls = {}
    for count in (0, 300, 1000):
        for n in range(made, count):
            with open(os.path.join(pool.path, f"other-{n}.img"), "wb") as other:
                other.truncate(1 << 20)
        made = count
        virsh(bench.uri, "pool-refresh", pool.name)
        runs = [transfers.ours(bench, pool, url) for _ in range(bench.options.runs)]
        walls[count] = statistics.median(m.wall for m in runs)
        rows.append({"other volumes": count, "seconds": round(walls[count], 3), "x empty": round(walls[0] / walls[count], 2)})
    for n in range(made):
        os.unlink(os.path.join(pool.path, f"other-{n}.img"))
    virsh(bench.uri, "pool-refresh", pool.name)
    return rows


ALL = {"transfer": transfer, "idle": idle, "many": many, "status": status, "volumes": volumes}
