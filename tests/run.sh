#!/usr/bin/env bash
# Builds everything and runs every test, on a bare machine as well (Debian 12, .NET SDK 10, as root).
#
#   tests/run.sh                      all of them
#   tests/run.sh --filter EXPR        those that match, as "FullyQualifiedName~Pause"
#   tests/run.sh ARGS...              any option of a test program (see its --help)
#
# The last line is "N passed, N failed, N skipped". It ends with 0 when all was well and at least one test ran.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"

module_timeout=$((15 + ${KIMCHI_ISOD_SOAK_MINUTES:-0}))m # The soak, for which soak.sh asks, comes on top.
export KIMCHI_ISOD_FTP_SERVERS=$root/artifacts/ftp-servers
export KIMCHI_ISOD_PROMETHEUS=$root/artifacts/prometheus
export KIMCHI_ISOD_DEBIAN_ROOT=$root/artifacts/debian-root
debian13=$root/artifacts/debian13-root # With libvirt 11.
passed=0
failed=0
skipped=0
troubles=()
work=$(mktemp -d)
export SharedCompilationId=kimchi-isod-tests-$$ # Its compiler, which ends with it.

finish() {
  local status=$? job
  for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done
  pkill -f -- "-pipename:$SharedCompilationId" || true
  rm -rf "$work"
  [[ $((passed + failed)) -gt 0 || $status -ne 0 ]] || troubles+=('no test ran')
  [[ $failed -eq 0 && ${#troubles[@]} -eq 0 || $status -ne 0 ]] || status=1
  [[ ${#troubles[@]} -eq 0 ]] || printf 'FAILED: %s\n' "${troubles[@]}"
  echo "$passed passed, $failed failed, $skipped skipped"
  exit "$status"
}

# What the tests and the native build use beside the SDK.
install_prerequisites() {
  # libvirt-daemon has the storage driver, and depends on the qemu driver.
  require virsh:libvirt-clients libvirtd:libvirt-daemon nginx:nginx-light xorriso:xorriso openssl:openssl curl:curl \
    python3:python3 ansible-playbook:ansible-core ps:procps unshare:util-linux mount:mount mkfs.ext4:e2fsprogs script:bsdutils \
    zsh:zsh fish:fish systemd-socket-activate:systemd setpriv:util-linux mmdebstrap:mmdebstrap lintian:lintian rpmbuild:rpm \
    rpmlint:rpmlint mandoc:mandoc gpg:gnupg gpgv:gpgv sqv:sqv /etc/ssl/certs/ca-certificates.crt:ca-certificates
  require_dotnet
  require_ftp_servers
  require_prometheus
}

build() (
  say 'building, warnings are errors'
  # The analyzers are compiled while they run: once, by a compiler that all projects share, and with no profile taken of them.
  export UseSharedCompilation=true DOTNET_TieredPGO=0
  dotnet build "$root/kimchi-isod.sln" -c Release -warnaserror --nologo -v quiet </dev/null
  "$root/packaging/build.sh"
)

# Without the analyzers, whose findings were errors of the build.
start_format() {
  local part
  for part in whitespace style; do
    DOTNET_TieredPGO=0 dotnet format "$part" "$root/kimchi-isod.sln" --verify-no-changes --no-restore </dev/null ||
      echo "dotnet format $part would change the files above" >>"$work/format.troubles"
  done >"$work/format.log" 2>&1
}

end_format() {
  local trouble
  say 'checked the format'
  cat "$work/format.log"
  [[ -e $work/format.troubles ]] || return 0
  while IFS= read -r trouble; do troubles+=("$trouble"); done <"$work/format.troubles"
}

# count FILE WORD: a number of the summary that a test program ends with.
count() {
  awk -v word="$2:" '/^Test run summary:/ { summary = 1 } summary && $1 == word { print $2; found = 1; exit }
    END { if (!found) print 0 }' "$1"
}

# One program for each test project. Those of the units run two at a time, each on one core.
run_units() {
  local project core
  core=$root/tests/Kimchi.Isod.Core.Tests/Kimchi.Isod.Core.Tests.csproj # Takes as long as all others.
  start_module "$core" "$@" &
  local job=$!
  while IFS= read -r -d '' project; do
    start_module "$project" "$@"
    end_module "$project"
  done < <(find "$root/tests" -name '*Tests.csproj' ! -path "$core" ! -path '*/Integration/*' -print0 | sort -z)
  wait "$job"
  end_module "$core"
}

# They run side by side, and wait half of their time, which is enough for what stands beside them here.
run_integration() {
  local project=$root/tests/Integration/Kimchi.Isod.Integration.Tests.csproj format newer=''
  start_format &
  format=$!
  if [[ $# -eq 0 ]]; then
    start_bindings_on_debian13 &
    newer=$!
  fi
  start_module "$project" "$@"
  end_module "$project"
  wait "$format"
  end_format
  [[ -z $newer ]] || wait "$newer"
  [[ -z $newer ]] || end_program LibvirtSharp.Tests-on-libvirt-11
}

start_module() {
  local name
  name=$(basename "$1" .csproj)
  start_program "$name" "$(program_of "$1")" "${@:2}"
}

end_module() { end_program "$(basename "$1" .csproj)"; }

program_of() { echo "$(dirname "$1")/bin/Release/net10.0/$(basename "$1" .csproj)"; }

# run_program NAME COMMAND...: runs a test program, counts and judges what it says.
run_program() {
  start_program "$@"
  end_program "$1"
}

start_program() {
  local name=$1 status=0
  shift
  timeout --kill-after=30 "$module_timeout" "$@" --progress off --ansi off </dev/null >"$work/$name.log" 2>&1 || status=$?
  echo "$status" >"$work/$name.status"
}

end_program() {
  local name=$1 status
  local log="$work/$name.log"
  status=$(<"$work/$name.status")
  say "$name"
  cat "$log"
  passed=$((passed + $(count "$log" succeeded)))
  failed=$((failed + $(count "$log" failed)))
  skipped=$((skipped + $(count "$log" skipped)))
  judge "$name" "$status" "$log"
}

# 0 is well, 2 means failed tests, 8 that none matched; anything else is a program that did not get to its end.
judge() {
  local name=$1 status=$2 log=$3 test
  case $status in
    0 | 8) ;;
    2)
      [[ $(count "$log" failed) -gt 0 ]] || troubles+=("$name: failed outside of its tests")
      while IFS= read -r test; do
        troubles+=("$name: $test")
      done < <(first_lines_of_failures "$log")
      ;;
    124) troubles+=("$name: not done after $module_timeout") ;;
    *) troubles+=("$name: ended with $status") ;;
  esac
}

# "NAME: the first line of its message" of each failed test.
first_lines_of_failures() {
  awk '/^failed / { sub(/^failed /, ""); test = $0; getline; sub(/^ +/, ""); print test ": " $0 }' "$1"
}

# The same programs with Debian 13's libvirt 11 at both ends, and the package in a Debian 13. Its libvirtd 11.3 dies of every write of an
# upload that fails, also where its own virsh does the upload; so the tests that have one fail leave it alone. And its main loop locks up
# for ever, once in ten times, when the client of an upload has gone while libvirtd was stopped (daemonStreamEvent closes the client, whose
# close hook takes the lock that it holds): seen with gdb, all workers idle.
start_bindings_on_debian13() {
  start_program LibvirtSharp.Tests-on-libvirt-11 "$root/tests/in-root.sh" "$debian13" \
    "$(program_of "$root/tests/LibvirtSharp.Tests/LibvirtSharp.Tests.csproj")" \
    --filter 'FullyQualifiedName!~More_bytes_than_the_length_fail&FullyQualifiedName!~Upload_onto_a_full_disk_fails_at_a_later_send'
}

run_on_debian13() {
  local integration packages
  integration=$(program_of "$root/tests/Integration/Kimchi.Isod.Integration.Tests.csproj")
  KIMCHI_ISOD_DEBIAN_ROOT=$debian13 start_program Packages-on-Debian-13 "$integration" --filter \
    'FullyQualifiedName~Installation_makes_the_user|FullyQualifiedName~Removal_keeps|FullyQualifiedName~Purge_removes|FullyQualifiedName~PrivilegeTests' &
  packages=$!
  run_program Integration-on-libvirt-11 "$root/tests/in-root.sh" "$debian13" "$integration" --filter \
    '(FullyQualifiedName~RfcTests|FullyQualifiedName~RestartTests|FullyQualifiedName~LibvirtFaultTests|FullyQualifiedName~VolumeFaultTests|FullyQualifiedName~NameInUseTests)&FullyQualifiedName!~Stop_while_libvirtd_hangs'
  wait "$packages"
  end_program Packages-on-Debian-13
}

main() {
  trap finish EXIT
  install_prerequisites
  # Most of their time they wait for a mirror.
  require_debian_root "$KIMCHI_ISOD_DEBIAN_ROOT" bookworm &
  local debian=$!
  require_debian_root "$debian13" trixie nginx openssl curl xorriso e2fsprogs mount &
  local newer=$!
  build
  wait "$debian"
  wait "$newer"
  export KIMCHI_ISOD_BIN=$root/artifacts/bin/kimchi-isod
  run_units "$@"
  run_integration "$@"
  [[ $# -gt 0 ]] || run_on_debian13
}

main "$@"
