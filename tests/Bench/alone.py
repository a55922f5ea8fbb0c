"""One download beside its peers."""
import hashlib
import os
import statistics

import transfers

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


def checksum(bench):
    """The same download with a checksum and without, interleaved."""
    pool, url = bench.pools[0], f"{bench.urls['http']}/{os.path.basename(bench.source)}"
    fields = {"none": {}, "sha256": {"checksum": "sha256:" + _sha256(bench.source)}}
    results = {name: [] for name in fields}
    for turn in range(bench.options.runs + 1):
        for name, extra in fields.items():
            measured = transfers.ours(bench, pool, url, **extra)
            if turn > 0:
                results[name].append(measured)
    base = statistics.median(m.wall for m in results["none"])
    return [{"checksum": name, "seconds": round(statistics.median(m.wall for m in runs), 3),
             "x none": round(base / statistics.median(m.wall for m in runs), 2),
             "CPU s/GiB": round(statistics.median(m.cpu for m in runs) * GIB / bench.size, 2)}
            for name, runs in results.items()]


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
