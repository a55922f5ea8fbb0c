#!/usr/bin/env bash
# Puts what packaging/build.sh has made, and the files around it, where a system has them. Packages are made of this.
#
#   packaging/install.sh DIRECTORY    as if DIRECTORY were the root of a system (/ for this one)
#
# Starts and enables nothing, and makes no user.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"
# shellcheck source=packaging/version.sh
source "$root/packaging/version.sh"

[[ $# -eq 1 ]] || die 'usage: packaging/install.sh DIRECTORY'
destination=${1%/}
bin=$root/artifacts/bin
# Distributions differ in these two.
unit_directory=${UNIT_DIRECTORY:-/usr/lib/systemd/system}
zsh_directory=${ZSH_DIRECTORY:-/usr/share/zsh/site-functions}

# put MODE FILE PATH: a copy of FILE at PATH.
put() { install -D -m "$1" "$2" "$destination$3"; }

put_programs() {
  local file
  for file in "$bin"/*; do
    case $file in
      *.conf) ;;
      */kimchi-isod | */kimchi-isoctl) put 755 "$file" "/usr/lib/kimchi-isod/${file##*/}" ;;
      *) put 644 "$file" "/usr/lib/kimchi-isod/${file##*/}" ;;
    esac
  done
  # Links: the daemon looks for its libraries beside the file that it really is.
  mkdir -p "$destination/usr/bin"
  ln -sfn ../lib/kimchi-isod/kimchi-isod "$destination/usr/bin/kimchi-isod"
  ln -sfn ../lib/kimchi-isod/kimchi-isoctl "$destination/usr/bin/kimchi-isoctl"
}

put_manual() {
  local page target keys day
  keys=$(mktemp)
  day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)
  awk -f "$root/packaging/man/keys.awk" "$root/packaging/kimchi-isod.conf" >"$keys"
  for page in "$root"/packaging/man/*.[1578]; do
    target=$destination/usr/share/man/man${page##*.}/${page##*/}.gz
    install -d -m 755 "${target%/*}"
    # gzip -n: no name and no time in it, so the same bytes each time.
    sed -e "s/@DATE@/$day/; s/@VERSION@/$version/" -e "/^@KEYS@\$/{r $keys" -e 'd}' "$page" | gzip -9 -n >"$target"
    chmod 644 "$target"
  done
  rm "$keys"
}

put_completion() {
  local script
  script=$(mktemp)
  "$bin/kimchi-isoctl" completion "$1" >"$script"
  put 644 "$script" "$2"
  rm "$script"
}

main() {
  [[ -x $bin/kimchi-isod ]] || die 'there is no build; make one first: packaging/build.sh'
  [[ $(<"$bin/.built") == native ]] ||
    die "the build is one for the .NET runtime, whose compiler the unit does not let run (MemoryDenyWriteExecute); build natively, with gcc and zlib1g-dev"
  umask 022
  put_programs
  put_manual
  put 644 "$root/packaging/kimchi-isod.conf" /etc/kimchi-isod/kimchi-isod.conf
  install -d -m 755 "$destination/etc/kimchi-isod/conf.d" "$destination/etc/kimchi-isod/keyrings"
  put 644 "$root/kimchi-isod.service" "$unit_directory/kimchi-isod.service"
  put 644 "$root/packaging/kimchi-isod.socket" "$unit_directory/kimchi-isod.socket"
  put 644 "$root/packaging/sysusers.d/kimchi-isod.conf" /usr/lib/sysusers.d/kimchi-isod.conf
  put 644 "$root/packaging/tmpfiles.d/kimchi-isod.conf" /usr/lib/tmpfiles.d/kimchi-isod.conf
  put 644 "$root/packaging/polkit/60-kimchi-isod.rules" /usr/share/polkit-1/rules.d/60-kimchi-isod.rules
  put_completion bash /usr/share/bash-completion/completions/kimchi-isoctl
  put_completion zsh "$zsh_directory/_kimchi_isoctl"
  put_completion fish /usr/share/fish/vendor_completions.d/kimchi-isoctl.fish
}

main
