#!/usr/bin/env bash
# Measures the daemon beside its peers (curl, virsh, aria2c), in one run, interleaved, on servers of its own on loopback. As root.
#
#   tests/bench.sh                                         everything: an hour
#   tests/bench.sh --only transfer --protocols ftp         one section, one protocol; --list names the sections
#   tests/bench.sh --only wan --networks loss --runs 3     over a wide-area network in namespaces; all three take 25 minutes
#   tests/bench.sh --size 512M --runs 7 --pools tmpfs      see --help
#
# Prints tables with ratios, which alone mean something on another machine, and writes artifacts/bench.json.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"

[[ " $* " != *' --help '* && " $* " != *' --list '* ]] || exec python3 "$root/tests/Bench/bench.py" "$@"
[[ $(id -u) -eq 0 ]] || die 'root is needed, for the mount namespace of a private libvirtd'
require python3:python3 virsh:libvirt-clients libvirtd:libvirt-daemon nginx:nginx-light aria2c:aria2 \
  curl:curl openssl:openssl unshare:util-linux mount:mount nsenter:util-linux ip:iproute2 cc:gcc
export KIMCHI_ISOD_FTP_SERVERS=$root/artifacts/ftp-servers
require_ftp_servers
[[ -n ${KIMCHI_ISOD_BIN:-} ]] || "$root/packaging/build.sh"
exec python3 "$root/tests/Bench/bench.py" "$@"
