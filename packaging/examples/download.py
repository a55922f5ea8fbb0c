#!/usr/bin/python3
"""Downloads an image, and follows it until it is in the pool. Needs nothing but the standard library.

  python3 download.py https://host/debian-12.iso debian-12.iso
"""
import http.client, json, os, socket, sys

class Isod(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(os.environ.get("KIMCHI_ISOD_SOCKET", "/run/kimchi-isod/kimchi-isod.sock"))

def call(method, path, body=None):
    connection = Isod("localhost")
    connection.request(method, path, body and json.dumps(body))
    reply = connection.getresponse()
    return reply if reply.status == 200 else sys.exit(json.load(reply)["reason"])

url, name = sys.argv[1:]
events = call("GET", "/events")  # first, so that no change is missed
call("POST", "/storagepools/ISO/storagevolumes/download", {"url": url, "name": name})
for line in events:
    if not line.startswith(b"data: "):
        continue
    download = json.loads(line[6:])
    if download.get("name") != name or "status" not in download:
        continue
    print(download["status"], download["downloaded_size"], "of", download["total_size"])
    if download["status"] in ("completed", "failed", "cancelled"):
        sys.exit(download["error"])
sys.exit("the daemon has stopped; the download continues when it runs again")
