#!/usr/bin/env bash
# Lets everything go wrong for some minutes, with several downloads at once, and compares every byte in the end: the daemon and
# libvirtd are killed, stopped and frozen, the server breaks off, stalls and refuses, users pause and cancel.
#
#   tests/soak.sh [MINUTES]     20 unless given, 29 at most; prepares the machine as tests/run.sh does
#
# KIMCHI_ISOD_SEED=N begins with the same random numbers. Ends with a line of what happened, and with 0 when every image was right.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
minutes=${1:-20}
[[ $minutes =~ ^[0-9]+$ && $minutes -ge 1 && $minutes -le 29 ]] || {
  echo "soak.sh: MINUTES is a number from 1 to 29, not '$minutes'" >&2
  exit 2
}
export KIMCHI_ISOD_SOAK_MINUTES=$minutes
exec "$root/tests/run.sh" --filter "FullyQualifiedName~SoakTest"
