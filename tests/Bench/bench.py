"""tests/bench.sh's measurements: starts the servers, runs the sections, prints the tables, cleans up."""
import argparse
import collections
import contextlib
import os
import shutil
import tempfile
import time

import daemon as isod
import processes
import report
import sections
import servers
import transfers
import wide

Pool = collections.namedtuple("Pool", "name path")


def size(text):
    unit = {"K": 10, "M": 20, "G": 30}.get(text[-1].upper())
    return int(text) if unit is None else int(text[:-1]) << unit


def words(text):
    return [word.strip() for word in text.split(",") if word.strip()]


def parse():
    env = os.environ.get
    parser = argparse.ArgumentParser(prog="tests/bench.sh", description="Measures the daemon beside its peers.")
    parser.add_argument("--list", action="store_true", help="name the sections")
    parser.add_argument("--only", type=words, default=list(sections.ALL), help="sections, separated by commas")
    parser.add_argument("--runs", type=int, default=int(env("BENCH_RUNS", "5")), help="medians of so many (BENCH_RUNS)")
    parser.add_argument("--size", type=size, default=size(env("BENCH_SIZE", "2G")), help="bytes of a file (BENCH_SIZE)")
    parser.add_argument("--protocols", type=words, default=["http", "https", "ftp"])
    parser.add_argument("--pools", type=words, default=["tmpfs", "disk"])
    parser.add_argument("--peers", type=words, default=transfers.PEERS, help=", ".join(transfers.PEERS))
    parser.add_argument("--networks", type=words, default=list(wide.NETWORKS), help="of wan: " + ", ".join(wide.NETWORKS))
    parser.add_argument("--wan-size", type=size, help="bytes of wan's file, by default what aria2c -x16 takes 10 seconds for")
    parser.add_argument("--wan-seconds", type=float, default=20, help="when wan cuts a run off, and counts what has arrived")
    parser.add_argument("--tmpfs", default="/dev/shm", help="where the tmpfs is, for the source as well")
    parser.add_argument("--disk", default="/var/tmp", help="where the disk is")
    parser.add_argument("--isod", default=[], type=str.split, help="more arguments for the daemon")
    parser.add_argument("--json", default=os.path.join(isod.ROOT, "artifacts", "bench.json"))
    return parser.parse_args()


class Bench:
    """The servers, the pools and the file to move."""

    def __init__(self, options):
        self.options, self.size, self.results = options, options.size, {}
        self._servers, self._directories, self.all_pools = [], [], []

    def open(self):
        options = self.options
        work, shm = self._directory(options.disk), self._directory(options.tmpfs)
        self._work = work
        self.www = os.path.join(shm, "www")
        os.makedirs(self.www)
        os.chmod(shm, 0o755)
        self.certificate = servers.make_certificate(work)
        self.source = os.path.join(self.www, self.part(self.size))
        self.libvirtd, self.uri = self._keep(servers.start_libvirtd(work))
        self.urls = {}
        _, self.urls["http"], self.urls["https"] = self._keep(servers.start_nginx(work, self.www))
        if "ftp" in options.protocols:
            _, self.urls["ftp"] = self._keep(servers.start_vsftpd(work, self.www))
        places = {"tmpfs": shm, "disk": work}
        self.pools = [self._pool(name, os.path.join(places[name], "pool")) for name in options.pools]
        self.daemon = self.new_daemon()

    def part(self, count):
        """The name of a served file of so many random bytes."""
        path = os.path.join(self.www, f"{count}.iso")
        if not os.path.exists(path):
            with open(path, "wb") as file, open("/dev/urandom", "rb") as random:
                for done in range(0, count, 1 << 20):
                    file.write(random.read(min(1 << 20, count - done)))
        return os.path.basename(path)

    def new_daemon(self, *settings, directory=None, within=(), tied=True):
        """Another daemon. With the directory of one that has stopped it has that one's state; `within` is a network's host, `tied` as in Server."""
        names = [pool.name for pool in self.all_pools]
        directory = directory or os.path.join(self._work, f"isod-{time.monotonic_ns()}")
        daemon = isod.Daemon(directory, self.uri, names, self.certificate, [*self.options.isod, *settings], within, tied)
        daemon.directory = directory
        self._servers.append(daemon)
        return daemon

    def new_pool(self, beside, suffix):
        """A pool on the file system of another one."""
        return self._pool(f"{beside.name}-{suffix}", f"{beside.path}-{suffix}")

    def work(self, name):
        """A new directory for what a section starts."""
        os.makedirs(path := os.path.join(self._work, name))
        return path

    def keep(self, server):
        """Has the server stopped at the end at the latest."""
        self._servers.append(server)
        return server

    def report(self, section, rows):
        print(report.table(section, rows), flush=True)
        self.results.setdefault(section, []).extend(rows)
        report.save(self.options.json, {k: v for k, v in vars(self.options).items() if k != "json"}, self.results)

    def close(self):
        """Stops everything, in the order opposite to that of its start, and goes on after an error or a second signal."""
        with contextlib.ExitStack() as stack:
            for directory in self._directories:
                stack.callback(shutil.rmtree, directory, ignore_errors=True)
            for server in self._servers:
                stack.callback(server.stop)

    def _pool(self, name, path):
        os.makedirs(path)
        isod.virsh(self.uri, "pool-create-as", name, "dir", "--target", path)
        self.all_pools.append(Pool(name, path))
        return self.all_pools[-1]

    def _keep(self, started):
        self._servers.append(started[0])
        return started

    def _directory(self, parent):
        for path in processes.abandoned(parent):
            shutil.rmtree(path, ignore_errors=True)
        self._directories.append(tempfile.mkdtemp(prefix=processes.own_name(), dir=parent))
        return self._directories[-1]


def main():
    options = parse()
    if options.list:
        print("\n".join(f"{name}: {run.__doc__}" for name, run in sections.ALL.items()))
        return
    processes.end_on_signals()
    bench = Bench(options)
    try:
        bench.open()
        for name in options.only:
            rows = sections.ALL[name](bench)
            if name not in bench.results:
                bench.report(name, rows)
        print(f"\nwritten to {options.json}")
    finally:
        bench.close()


main()
