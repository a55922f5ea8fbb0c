#!/usr/bin/env bash
# Builds everything with warnings as errors and runs every test, those against a real libvirtd and a real nginx included.
# On a fresh Debian machine, as root, it installs what is missing. Usage: tests/run.sh [NUnit filter, such as "test =~ Rfc"]
# Ends with a line "N passed, N failed, N skipped", and exits with 0 only when tests ran and none failed.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly filter=${1:-}

install_missing() {
  local missing=() entry
  for entry in libvirtd=libvirt-daemon virsh=libvirt-clients nginx=nginx-light xorriso=xorriso unshare=util-linux \
    mkfs.ext4=e2fsprogs gcc=gcc curl=curl; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${entry%%=*}" >/dev/null 2>&1 || missing+=("${entry#*=}")
  done
  [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "tests/run.sh: install these first: ${missing[*]}" >&2
    exit 1
  fi
  echo "tests/run.sh: installing ${missing[*]}"
  # The packages' own services are not wanted here: the tests start servers of their own.
  local policy=/usr/sbin/policy-rc.d made=false
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && made=true
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  if $made; then rm -f "$policy"; fi
}

run_project() { # binary
  local log arguments=(--no-ansi --no-progress)
  log=$(mktemp)
  [ -z "$filter" ] || arguments+=(--filter "$filter")
  "$1" "${arguments[@]}" >"$log" 2>&1 || true
  local p f s
  p=$(count succeeded "$log") f=$(count failed "$log") s=$(count skipped "$log")
  if [ -z "$p" ]; then # It crashed before its summary: that is a failure, whatever it had done.
    p=0 f=1 s=0
  fi
  [ "$f" = 0 ] || cat "$log"
  printf '%-36s %5s passed, %s failed, %s skipped\n' "$(basename "$1")" "$p" "$f" "$s"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  rm -f "$log"
}

count() { # word, file
  sed -n "s/^  $1: \([0-9]*\)$/\1/p" "$2" | tail -n 1
}

install_missing
export PATH=$PATH:/usr/sbin:/sbin
dotnet build kimchi-isod.sln --nologo -v quiet -c Release
dotnet format kimchi-isod.sln --verify-no-changes --no-restore
packaging/build.sh

passed=0 failed=0 skipped=0
for project in tests/*/*Tests.csproj; do
  name=$(basename "$project" .csproj)
  run_project "$(dirname "$project")/bin/Release/net10.0/$name"
done
[ "$passed" -gt 0 ] || { echo "tests/run.sh: no test ran" >&2; failed=$((failed + 1)); }
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
