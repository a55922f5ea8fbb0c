#!/usr/bin/env bash
# Builds the packages twice, from two clones of the last commit in directories of different names and under different
# circumstances, and compares the bytes. It takes the native build two times: some 8 minutes on two cores.
#
#   tests/reproducible.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# packages CLONE [NAME=VALUE...]: builds both to CLONE/packages.
packages() {
  local clone=$work/$1
  shift
  git clone --quiet "$root" "$clone"
  say "building in $clone"
  build "$clone" "$@" >"$clone.log" 2>&1 || {
    tail -n 30 "$clone.log" >&2
    die "the build in $clone failed"
  }
}

build() {
  local clone=$1
  shift
  env "$@" "$clone/packaging/deb.sh" "$clone/packages" && env "$@" "$clone/packaging/rpm.sh" "$clone/packages"
}

main() {
  require git:git rpmbuild:rpm
  [[ -z $(git -C "$root" status --porcelain) ]] || warn 'what is not committed is not in the packages that are compared'
  (umask 022; packages one TZ=UTC LC_ALL=C)
  (umask 077; packages 'another one' TZ=Asia/Kathmandu LC_ALL=C.UTF-8 USER=somebody)
  local package differ=0
  for package in "$work"/one/packages/*; do
    if cmp "$package" "$work/another one/packages/${package##*/}"; then
      say "the same bytes: ${package##*/} ($(sha256sum <"$package" | cut -c1-64))"
    else
      differ=1
    fi
  done
  return "$differ"
}

main
