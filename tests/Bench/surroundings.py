"""What the daemon finds when it starts: nothing, a full pool, a long history."""
import os
import sqlite3
import statistics
import time

import transfers
from daemon import virsh


def idle(bench):
    """Start to first reply, and memory with nothing to do."""
    startups, memory, private = [], [], []
    for _ in range(bench.options.runs):
        daemon = bench.new_daemon(tied=False)
        startups.append(daemon.startup * 1000)
        _rest()
        memory.append(daemon.memory())
        private.append(daemon.memory("RssAnon"))
        daemon.stop()
    return [{"first reply ms": round(statistics.median(startups), 1), "idle MiB": round(statistics.median(memory), 1),
             "of it private MiB": round(statistics.median(private), 1)}]


def volumes(bench):
    """Pools with 0, 300 and 1000 other volumes in them, beside each of the pools, interleaved."""
    rows, counts = [], (0, 300, 1000)
    url = f"{bench.urls['http']}/{os.path.basename(bench.source)}"
    for beside in bench.pools:
        pools = {count: _full_pool(bench, beside, count) for count in counts}
        daemon = bench.new_daemon()
        walls = {count: [] for count in counts}
        for turn in range(bench.options.runs + 1):
            for count in counts:
                os.sync()
                measured = transfers.ours(bench, pools[count], url, daemon)
                if turn > 0:
                    walls[count].append(measured.wall)
        daemon.stop()
        base = statistics.median(walls[0])
        rows += [{"pool": beside.name, "other volumes": count, "seconds": round(statistics.median(walls[count]), 3),
                  "x empty": round(base / statistics.median(walls[count]), 2)} for count in counts]
    return rows


def _full_pool(bench, beside, count):
    pool = bench.new_pool(beside, count)
    for n in range(count):
        with open(os.path.join(pool.path, f"other-{n}.img"), "wb") as other:
            other.truncate(1 << 20)
    virsh(bench.uri, "pool-refresh", pool.name)
    return pool


def history(bench):
    """A state store with no record, and with 10,000 of downloads that are over."""
    rows, pool = [], bench.pools[0]
    url = f"{bench.urls['http']}/{bench.part(4 << 20)}"
    daemons = {count: _with_history(bench, count) for count in (0, 10_000)}
    for count, daemon in daemons.items():
        calls, downloads = [], []
        connection = daemon.connection()
        for _ in range(2000):
            begun = time.monotonic()
            connection.post(pool.name, "/status", {"name": "over.iso"})
            calls.append((time.monotonic() - begun) * 1000)
        for _ in range(4 * bench.options.runs):
            downloads.append(daemon.download(pool.name, "after.iso", url) * 1000)
            virsh(bench.uri, "vol-delete", "--pool", pool.name, "after.iso")
        _rest()
        rows.append({"records": count, "first reply ms": round(daemon.startup * 1000, 1), "status p50 ms": round(statistics.median(calls), 3),
                     "4 MiB ms": round(statistics.median(downloads), 1), "idle MiB": round(daemon.memory(), 1)})
        daemon.stop()
    return rows


def _with_history(bench, count):
    first = bench.new_daemon()
    first.download(bench.pools[0].name, "over.iso", f"{bench.urls['http']}/{bench.part(4 << 20)}")
    virsh(bench.uri, "vol-delete", "--pool", bench.pools[0].name, "over.iso")
    first.stop()
    store = sqlite3.connect(first.store)
    columns = [column for _, column, *_ in store.execute("PRAGMA table_info(downloads)") if column not in ("id", "name")]
    names = ", ".join(columns)
    for n in range(count):
        store.execute(f"INSERT INTO downloads (name, {names}) SELECT ?, {names} FROM downloads WHERE id = 1", (f"over-{n}.iso",))
    store.commit()
    store.close()
    return bench.new_daemon(directory=first.directory, tied=False)


# Memory is given back after a second with nothing to do.
def _rest():
    time.sleep(2)
