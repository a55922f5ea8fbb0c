"""The published daemon, with a configuration, a socket and a state of the benchmark's own."""
import http.client
import json
import os
import socket
import subprocess
import threading
import time

from processes import Server
from servers import write

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("KIMCHI_ISOD_BIN", os.path.join(ROOT, "artifacts", "bin", "kimchi-isod"))


class Connection(http.client.HTTPConnection):
    """HTTP over the daemon's socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=600)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)

    def post(self, pool, command, body):
        self.request("POST", f"/storagepools/{pool}/storagevolumes/download{command}", json.dumps(body),
                     {"Content-Type": "application/json"})
        reply = self.getresponse()
        return reply.status, json.loads(reply.read())


class Daemon(Server):
    """Ready when constructed; `startup` is how many seconds the first reply took. `within` is the beginning of the command: a network's."""

    def __init__(self, own, uri, pools, ca_file, settings=(), within=(), tied=True):
        os.makedirs(own, exist_ok=True)
        self.socket = f"{own}/isod.sock"
        self.store = f"{own}/state/downloads.sqlite"
        self._lines = {}
        self._news = threading.Condition()
        configuration = write(f"{own}/isod.conf", "\n".join([
            "[server]", f"socket = {self.socket}", "[state]", f"directory = {own}/state", "[libvirt]", f"uri = {uri}",
            "[pools]", f"allowed = {', '.join(pools)}", "create_missing = false", "[network]", f"ca_file = {ca_file}",
            "[downloads]", "min_free = 0", ""]))
        begun = time.monotonic()
        super().__init__("kimchi-isod", [*within, BINARY, "--config", configuration, *settings], f"{own}/log", on_line=self._note, tied=tied)
        self.wait_until(self._answers)
        self.startup = time.monotonic() - begun

    def connection(self):
        return Connection(self.socket)

    def try_start(self, pool, name, url, **fields):
        connection = self.connection()
        status, reply = connection.post(pool, "", {"url": url, "name": name, **fields})
        connection.close()
        return status, reply

    def start(self, pool, name, url, **fields):
        status, reply = self.try_start(pool, name, url, **fields)
        if status != 200:
            raise SystemExit(f"the daemon refused {url}: {reply}")

    def wait(self, pool, name, seconds=None):
        """Waits for the daemon's word that it completed; gives the time of it, or None when it did not come within these seconds."""
        with self._news:
            if not self._news.wait_for(lambda: f"{pool}/{name}" in self._lines, seconds):
                return None
            when, text = self._lines.pop(f"{pool}/{name}")
        if ": completed" not in text:
            raise SystemExit(text)
        return when

    def forget(self, pool, name):
        """Drops what the log said of a download, so that the next one of that name is not taken for it."""
        with self._news:
            self._lines.pop(f"{pool}/{name}", None)

    def download(self, pool, name, url, **fields):
        """Wall seconds from the POST to the log's `completed`."""
        begun = time.monotonic()
        self.start(pool, name, url, **fields)
        return self.wait(pool, name) - begun

    def _answers(self):
        try:
            connection = self.connection()
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return True
        except OSError:
            return False

    def _note(self, line):
        when, text = time.monotonic(), line.strip()
        if any(word in text for word in (": completed", ": failed", ": trying again")):
            name = next((word[:-1] for word in text.split() if "/" in word and word.endswith(":")), "")
            with self._news:
                self._lines[name] = (when, text)
                self._news.notify_all()


def virsh(uri, *arguments):
    return subprocess.run(["virsh", "-q", "-c", uri, *arguments], check=True, capture_output=True, text=True).stdout
