"""What many downloads and many callers cost."""
import statistics
import threading
import time

from daemon import virsh


def many(bench):
    """The same bytes in 1, 4, 16 and 64 downloads at once, into the first pool, interleaved."""
    pool, counts = bench.pools[0], (1, 4, 16, 64)
    daemons = {count: bench.new_daemon("--downloads:max_active=64") for count in counts}
    urls = {count: f"{bench.urls['http']}/{bench.part(bench.size // count)}" for count in counts}
    walls = {count: [] for count in counts}
    for turn in range(bench.options.runs + 1):
        for count in counts:
            wall = _at_once(bench, daemons[count], pool, urls[count], count)
            if turn > 0:
                walls[count].append(wall)
    rows = []
    for count in counts:
        wall = statistics.median(walls[count])
        rows.append({"at once": count, "MiB/s": round(bench.size / (1 << 20) / wall),
                     "x one": round(statistics.median(walls[1]) / wall, 2),
                     "peak MiB": round(daemons[count].memory("VmHWM"), 1)})
        daemons[count].stop()
    return rows


def _at_once(bench, daemon, pool, url, count):
    begun = time.monotonic()
    for n in range(count):
        daemon.start(pool.name, f"many-{n}.iso", url)
    wall = max(daemon.wait(pool.name, f"many-{n}.iso") for n in range(count)) - begun
    for n in range(count):
        virsh(bench.uri, "vol-delete", "--pool", pool.name, f"many-{n}.iso")
    return wall


def status(bench):
    """Latency of status on one connection while 8 downloads run at 20 MiB/s each; calls per second on 4 connections while one runs."""
    pool, latencies = bench.pools[0], []
    daemon = bench.new_daemon("--downloads:max_active=8")
    url = f"{bench.urls['http']}/slow/{bench.part(128 << 20)}"
    daemon.start(pool.name, "slow.iso", url)
    rate = _calls_per_second(daemon, pool)
    daemon.wait(pool.name, "slow.iso")
    virsh(bench.uri, "vol-delete", "--pool", pool.name, "slow.iso")
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
    peak = daemon.memory("VmHWM")
    daemon.stop()
    latencies.sort()
    return [{"calls": len(latencies), "p50 ms": round(latencies[len(latencies) // 2], 3),
             "p99 ms": round(latencies[len(latencies) * 99 // 100], 3), "calls/s": round(rate), "peak MiB": round(peak, 1)}]


# With a client in Python on the same cores: the daemon itself can do more.
def _calls_per_second(daemon, pool, seconds=3):
    counts, until = [], time.monotonic() + seconds

    def call():
        connection, count = daemon.connection(), 0
        while time.monotonic() < until:
            connection.post(pool.name, "/status", {"name": "slow.iso"})
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def row(bench):
    """500 downloads of 4 MiB in a row: memory at rest after the first 100 and after each further 100."""
    pool, rows = bench.pools[0], []
    url = f"{bench.urls['http']}/{bench.part(4 << 20)}"
    daemon = bench.new_daemon()
    for n in range(1, 501):
        daemon.download(pool.name, "row.iso", url)
        virsh(bench.uri, "vol-delete", "--pool", pool.name, "row.iso")
        if n % 100 == 0:
            time.sleep(2)  # memory is given back after a second of rest
            rows.append({"downloads": n, "MiB": round(daemon.memory(), 1), "private MiB": round(daemon.memory("RssAnon"), 1)})
    daemon.stop()
    return rows
