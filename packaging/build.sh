#!/usr/bin/env bash
# Publishes the daemon and its command line to artifacts/bin/: native binaries, and the libraries beside them that they load.
#
#   packaging/build.sh            builds when a source is newer than the last build
#   KIMCHI_AOT=no packaging/build.sh    a build that needs the .NET runtime, and no C compiler
#
# Where no C toolchain can be had, it falls back to the latter by itself, with a warning.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"

# MSBuild runs the linker through a script in TMPDIR, and cannot where that has a space in it.
[[ ${TMPDIR:-/tmp} != *[[:space:]]* ]] || export TMPDIR=/tmp

bin=$root/artifacts/bin
stage=$root/artifacts/publish
stamp=$bin/.built
projects=(src/Kimchi.Isod src/Kimchi.Isoctl)

rid() {
  case $(uname -m) in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) die "no build for $(uname -m): only x86_64 and aarch64" ;;
  esac
}

has_toolchain() {
  local compiler
  for compiler in clang gcc; do
    if have "$compiler"; then
      echo 'int main(void) { return 0; }' | "$compiler" -x c - -lz -o /dev/null 2>/dev/null && return 0
    fi
  done
  return 1
}

# native or framework: which of the two builds this machine can make.
kind() {
  if [[ ${KIMCHI_AOT:-yes} == no ]]; then
    echo framework
  elif has_toolchain || { install_packages gcc libc6-dev zlib1g-dev >&2 && has_toolchain; }; then
    echo native
  else
    warn 'no C compiler with zlib (Debian: gcc libc6-dev zlib1g-dev): building for the installed .NET runtime instead'
    echo framework
  fi
}

is_current() {
  [[ -e $stamp && $(<"$stamp") == "$1" ]] || return 1
  [[ -z $(find "$root/src" "$root/native" "$root"/Directory.* "$root/global.json" "$root/packaging/kimchi-isod.conf" "${BASH_SOURCE[0]}" \
    \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit) ]]
}

publish() {
  local project=$root/$1 kind=$2
  local -a properties=()
  if [[ $kind == framework ]]; then
    # The lock file is the native build's, which has the compiler's package in it.
    properties+=(-p:PublishAot=false -p:SelfContained=false -p:RestoreLockedMode=false
      -p:NuGetLockFilePath=obj/framework.lock.json)
  fi
  # Restored apart, with no -r: that would reach the libraries too, whose lock files know no runtime identifier.
  dotnet restore "$project" "${properties[@]}" -v quiet </dev/null
  dotnet publish "$project" "${properties[@]}" --no-restore -c Release -r "$(rid)" -o "$stage" --nologo -v quiet </dev/null
}

main() {
  require_dotnet
  local kind project
  kind=$(kind)
  if is_current "$kind"; then
    say "artifacts/bin is current ($kind)"
    return
  fi

  say "publishing to artifacts/bin ($kind, $(rid))"
  rm -rf "$stage"
  mkdir -p "$stage"
  echo "$kind" >"$stage/.built" # Now: a source that is edited during the build is newer.
  for project in "${projects[@]}"; do
    publish "$project" "$kind"
  done
  find "$stage" \( -name '*.dbg' -o -name '*.pdb' -o -name '*.xml' -o -name '*.staticwebassets.*' \) -delete
  # SQLite comes with symbols that nothing reads; the native binaries are stripped already.
  [[ $kind != native ]] || ! have strip || strip --strip-unneeded "$stage"/*.so
  cp "$root/packaging/kimchi-isod.conf" "$stage/"
  chmod -R u=rwX,go=rX "$stage"
  rm -rf "$bin"
  mv "$stage" "$bin"
  ls -l "$bin"
}

main "$@"
