#!/usr/bin/env bash
# Makes the rpm package: artifacts/kimchi-isod-VERSION-1.ARCH.rpm.
#
#   packaging/rpm.sh [DIRECTORY]      to DIRECTORY instead of artifacts
#
# Two runs on the same sources give the same bytes.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"
# shellcheck source=packaging/version.sh
source "$root/packaging/version.sh"

target=$(realpath -m "${1:-$root/artifacts}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

require rpmbuild:rpm
cd "$root"
# The machine's own name and clock stay out of it. What %build needs it asks for itself: rpm may know no package of this machine.
rpmbuild -bb --build-in-place --nodeps --quiet \
  --define "isod_version $version" \
  --define "isod_day $(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')" \
  --define "_topdir $work" \
  --define "_rpmdir $target" \
  --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' \
  --define '_buildhost localhost' \
  --define 'use_source_date_epoch_as_buildtime 1' \
  --define 'clamp_mtime_to_source_date_epoch 1' \
  --define '_binary_payload w19.zstdio' \
  packaging/rpm/kimchi-isod.spec
say "$target/kimchi-isod-$version-1.$(uname -m).rpm"
