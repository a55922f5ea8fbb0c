# shellcheck shell=bash
# Sourced by the scripts: says what it does, and installs what is missing where apt and root are there.

say() { printf '==> %s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A bare root shell has these in its path, others may not.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# dotnet as a script wants it: no greeting, no ICU needed, and no build server left running at the end, unless the caller sees to it.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en TESTINGPLATFORM_UI_LANGUAGE=en
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="${DOTNET_SYSTEM_GLOBALIZATION_INVARIANT:-1}"
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation="${UseSharedCompilation:-false}"
export HOME="${HOME:-/root}"

# missing COMMAND:PACKAGE...: the packages, each on a line, whose command (or file, when it starts with /) is not there.
missing() {
  local pair
  for pair in "$@"; do
    have "${pair%%:*}" || printf '%s\n' "${pair#*:}"
  done | sort -u
}

have() {
  case $1 in
    /*) [[ -e $1 ]] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# require COMMAND:PACKAGE...: installs what is missing, or ends saying what to install.
require() {
  local -a packages
  mapfile -t packages < <(missing "$@")
  [[ ${#packages[@]} -eq 0 ]] || install_packages "${packages[@]}" ||
    die "please install first: ${packages[*]} (Debian, Ubuntu: sudo apt-get install ${packages[*]})"
}

require_dotnet() {
  local advice='the .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0'
  have dotnet || install_packages dotnet-sdk-10.0 || die "$advice"
  dotnet --list-sdks | grep -q '^10\.' || die "$advice"
}

# install_packages PACKAGE...: false when it cannot. Starts no service, and leaves none enabled that it brought.
install_packages() {
  [[ $(id -u) -eq 0 ]] && have apt-get || return 1
  say "installing $*"
  (
    without_service_starts
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null &&
      apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
  ) || return 1
  disable_services "$@"
}

# unpack_packages DIRECTORY PACKAGE...: puts the packages, with what they need beyond this machine's, below a directory. Nothing is
# installed, so that packages that exclude each other can be had side by side. False when it cannot.
unpack_packages() {
  local directory=$1 package file
  shift
  [[ $(id -u) -eq 0 ]] && have apt-get || return 1
  say "unpacking $* to $directory"
  local -a options=(-y -qq --no-install-recommends --download-only --reinstall -o Dir::Cache::archives="$directory/archives")
  mkdir -p "$directory/archives/partial" && apt-get update -qq </dev/null || return 1
  for package in "$@"; do
    apt-get install "${options[@]}" "$package" </dev/null >&2 || return 1
  done
  for file in "$directory"/archives/*.deb; do
    dpkg-deb --extract "$file" "$directory" || return 1
  done
  rm -r "$directory/archives"
}

# The FTP servers that people run, below $KIMCHI_ISOD_FTP_SERVERS: Debian lets only one of them be installed, and a host may have one.
require_ftp_servers() {
  local servers=$KIMCHI_ISOD_FTP_SERVERS
  [[ -x $servers/usr/sbin/vsftpd && -x $servers/usr/sbin/pure-ftpd && -x $servers/usr/sbin/proftpd ]] ||
    unpack_packages "$servers" vsftpd pure-ftpd proftpd-mod-crypto ||
    die "the FTP servers vsftpd, pure-ftpd and proftpd (with mod_tls) could not be had; put them below $servers/usr"
}

# What reads metrics, below $KIMCHI_ISOD_PROMETHEUS: promtool, and the parser of Prometheus's client for Python.
require_prometheus() {
  local prometheus=$KIMCHI_ISOD_PROMETHEUS
  [[ -x $prometheus/usr/bin/promtool && -d $prometheus/usr/lib/python3/dist-packages/prometheus_client ]] ||
    unpack_packages "$prometheus" prometheus python3-prometheus-client ||
    die "promtool and python3-prometheus-client could not be had; put them below $prometheus/usr"
}

# require_debian_root DIRECTORY SUITE [PACKAGE...]: a bare Debian with libvirt, and with what the package depends on: packages are installed
# into copies of it. With these packages too.
require_debian_root() {
  local bare=$1
  [[ ! -d $bare ]] || return 0
  say "making a bare Debian in $bare"
  make_debian "$@" || die "no bare Debian could be made; see above why, or put one into $bare"
}

# make_debian DIRECTORY SUITE [PACKAGE...]: a Debian with these too.
make_debian() {
  local directory=$1 suite=$2
  shift 2
  local included=systemd-sysv,libpam-systemd,dbus,procps,ca-certificates,libcurl4,libvirt-daemon-system,libvirt-clients package
  for package in "$@"; do included+=,$package; done
  rm -rf "$directory.new"
  mmdebstrap --quiet --mode=root --variant=apt --include="$included" "$suite" "$directory.new" </dev/null >&2 || return 1
  mv "$directory.new" "$directory"
}

# Until the (sub)shell ends, packages start no services: Debian's policy-rc.d asks for that.
without_service_starts() {
  local policy=/usr/sbin/policy-rc.d
  [[ ! -e $policy ]] || return 0
  # shellcheck disable=SC2064 # the path of now is meant
  trap "rm -f '$policy'" EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
}

disable_services() {
  [[ -d /run/systemd/system && " $* " == *" nginx-light "* ]] || return 0
  systemctl --quiet disable nginx.service || true
}
