# shellcheck shell=bash
# Sourced by what makes packages: the version of them all, and the time that their files bear.

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")

# reproducible-builds.org: the same sources give the same bytes. The last commit's time, or, in an archive, that of the changelog.
if [[ -z ${SOURCE_DATE_EPOCH:-} ]]; then
  SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/CHANGELOG.md")
fi
export SOURCE_DATE_EPOCH
