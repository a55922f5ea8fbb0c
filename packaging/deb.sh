#!/usr/bin/env bash
# Makes the Debian package: artifacts/kimchi-isod_VERSION_ARCH.deb.
#
#   packaging/deb.sh [DIRECTORY]      to DIRECTORY instead of artifacts
#
# Two runs on the same sources give the same bytes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"
# shellcheck source=packaging/version.sh
source "$root/packaging/version.sh"

target=${1:-$root/artifacts}
# The packaging is a part of these sources: its revision stays 1.
debian_version=$version-1
sources=$root/packaging/deb
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

put_documents() {
  local documents=$stage/usr/share/doc/kimchi-isod
  install -d -m 755 "$documents" "$stage/usr/share/lintian/overrides"
  install -m 644 "$root/README.md" "$sources/copyright" "$documents/"
  install -D -m 644 -t "$documents/examples" "$root"/packaging/examples/*
  gzip -9 -n <"$root/CHANGELOG.md" >"$documents/changelog.gz"
  debian_changelog | gzip -9 -n >"$documents/changelog.Debian.gz"
  install -m 644 "$sources/lintian-overrides" "$stage/usr/share/lintian/overrides/kimchi-isod"
}

debian_changelog() {
  local maintainer
  maintainer=$(sed -n 's/^Maintainer: //p' "$sources/control")
  printf 'kimchi-isod (%s) unstable; urgency=medium\n\n  * Version %s: see changelog.gz.\n\n -- %s  %s\n' \
    "$debian_version" "$version" "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
}

put_control() {
  local architecture size
  architecture=$(dpkg --print-architecture)
  size=$(du -sk --apparent-size "$stage" | cut -f1)
  install -d -m 755 "$stage/DEBIAN"
  sed -e "s/@VERSION@/$debian_version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$size/" "$sources/control" >"$stage/DEBIAN/control"
  install -m 755 "$sources/postinst" "$sources/prerm" "$sources/postrm" "$stage/DEBIAN/"
  echo /etc/kimchi-isod/kimchi-isod.conf >"$stage/DEBIAN/conffiles"
  (cd "$stage" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
}

main() {
  require dpkg-deb:dpkg
  "$root/packaging/build.sh"
  chmod 755 "$stage"
  umask 022
  UNIT_DIRECTORY=/lib/systemd/system ZSH_DIRECTORY=/usr/share/zsh/vendor-completions "$root/packaging/install.sh" "$stage"
  put_documents
  put_control
  mkdir -p "$target"
  # Files younger than SOURCE_DATE_EPOCH get that time. One thread: with more of them xz cuts the archive by their number.
  dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$stage" "$target"
}

main
