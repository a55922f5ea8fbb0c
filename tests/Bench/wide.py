"""One download over a wide-area network, beside curl and aria2c."""
import collections
import os
import re
import signal
import statistics
import subprocess
import time

import servers
from daemon import BINARY, virsh
from network import SERVER_ADDRESS, Network
from processes import PeakWatch, end_with_parent

MIB = 1 << 20
PORT = 80  # of a namespace of its own
FIELD_REFUSED = "KCHAPI0008E"

Condition = collections.namedtuple("Condition", "loss location size")
# Long enough for aria2c -x16 to take 10 seconds: within the first two, every connection is still faster than the loss lets it stay.
NETWORKS = {"loss": Condition(0.001, "", 512 * MIB), "clean": Condition(0, "", 1024 * MIB), "capped": Condition(0, "capped/", 1024 * MIB)}
PEERS = {"curl": 1, "aria2c -x4": 4, "aria2c -x16": 16}
# None: what the daemon does when nobody says a number.
OURS = {"ours, 1": 1, "ours, default": None, "ours, 16": 16}
Arrived = collections.namedtuple("Arrived", "rate peak cut")


def wan(bench):
    """Ours, curl and aria2c at 100 MiB/s and 40 ms there and back: with 1 packet in 1000 lost, clean, and with 5 MiB/s for each request."""
    rows = []
    for name in bench.options.networks:
        rows += _measure(bench, name)
        bench.report("wan", rows[-len(PEERS) - len(OURS):])
    return rows


def _measure(bench, name):
    condition = NETWORKS[name]
    work = bench.work("wan-" + name)
    network = bench.keep(Network(work, rate=100, delay=20, loss=condition.loss, queue=4096))
    nginx = bench.keep(servers.start_far_nginx(work, bench.www, network.server, SERVER_ADDRESS, PORT))
    url = f"http://{SERVER_ADDRESS}/{condition.location}{bench.part(bench.options.wan_size or condition.size)}"
    daemons = {who: _daemon(bench, network, connections) for who, connections in OURS.items()}
    results = {who: [] for who in (*PEERS, *OURS)}
    for _ in range(bench.options.runs):
        for who, runs in results.items():
            measured = _peer(bench, network, url, who) if who in PEERS else _ours(bench, daemons[who], url, OURS[who])
            if measured is not None:
                runs.append(measured)
    for server in (*filter(None, daemons.values()), nginx, network):
        server.stop()
    return _rows(name, results)


def _rows(network, results):
    rates = {who: statistics.median(run.rate for run in runs) if runs else None for who, runs in results.items()}
    return [{"network": network, "who": who, "MiB/s": _rounded(rates[who], 1) or "not supported",
             **{f"x {peer}": _rounded(rates[who] and rates[who] / rates[peer], 2) for peer in PEERS},
             "lowest": _rounded(min((run.rate for run in runs), default=None), 1),
             "highest": _rounded(max((run.rate for run in runs), default=None), 1),
             "cut off": f"{sum(run.cut for run in runs)} of {len(runs)}",
             "peak MiB": _rounded(max((run.peak for run in runs), default=None), 1)} for who, runs in results.items()]


def _rounded(number, digits):
    return None if number is None else round(number, digits)


# The keys as well as the field of the start: what an administrator has allowed is an upper limit for both.
def _daemon(bench, network, connections):
    if connections is None:
        return bench.new_daemon(within=network.client)
    settings = [f"--downloads:connections={connections}", f"--network:connections_per_host={connections}"]
    if subprocess.run([BINARY, "--check-config", *settings], capture_output=True).returncode != 0:
        return None
    return bench.new_daemon(*settings, within=network.client)


def _ours(bench, daemon, url, connections):
    if daemon is None:
        return None
    pool, limit = bench.pools[0].name, bench.options.wan_seconds
    daemon.reset_peak()
    begun = time.monotonic()
    status, reply = daemon.try_start(pool, "wan.iso", url, **({} if connections is None else {"connections": connections}))
    if status == 400 and FIELD_REFUSED in reply["reason"]:  # the key alone says it
        status, reply = daemon.try_start(pool, "wan.iso", url)
    if status != 200:
        raise SystemExit(f"the daemon refused {url}: {reply}")
    ended = daemon.wait(pool, "wan.iso", limit)
    if ended is None:
        connection = daemon.connection()
        _, progress = connection.post(pool, "/status", {"name": "wan.iso"})
        bytes_there, ended = progress["downloaded_size"], time.monotonic()
        connection.post(pool, "/cancel", {"name": "wan.iso"})
        connection.close()
        daemon.forget(pool, "wan.iso")
        return Arrived(bytes_there / MIB / (ended - begun), daemon.memory("VmHWM"), True)
    size = os.path.getsize(os.path.join(bench.pools[0].path, "wan.iso"))
    virsh(bench.uri, "vol-delete", "--pool", pool, "wan.iso")
    return Arrived(size / MIB / (ended - begun), daemon.memory("VmHWM"), False)


def _peer(bench, network, url, who):
    target = os.path.join(bench.pools[0].path, "wan-peer.iso")
    begun = time.monotonic()
    process = subprocess.Popen([*network.client, *_command(bench, url, who, target)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=end_with_parent)
    watch = PeakWatch(process.pid)
    try:
        cut = not _ended(process, bench.options.wan_seconds)
        seconds = time.monotonic() - begun
        if cut:
            process.send_signal(signal.SIGINT)  # both write what they hold
        error = process.communicate(timeout=30)[1]
        if not cut and process.returncode != 0:
            raise SystemExit(f"{who} ended with {process.returncode}: {error.decode(errors='replace')}")
        # A file with holes: only what came has blocks.
        arrived = os.stat(target).st_blocks * 512 if cut else os.path.getsize(target)
    finally:
        process.kill()
        process.wait()
        peak = watch.stop()
        for path in (target, target + ".aria2"):
            if os.path.exists(path):
                os.unlink(path)
    return Arrived(arrived / MIB / seconds, peak, cut)


def _ended(process, seconds):
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False


def _command(bench, url, who, target):
    if who == "curl":
        return ["curl", "-sSf", "--noproxy", "*", "-o", target, url]
    connections = re.search(r"\d+$", who).group()
    return ["aria2c", "-q", "--no-conf", "--no-proxy=*", "--file-allocation=none", "--allow-overwrite=true", f"-x{connections}",
            f"-s{connections}", "-k1M", "-d", os.path.dirname(target), "-o", os.path.basename(target), url]
