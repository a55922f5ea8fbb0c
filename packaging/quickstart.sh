#!/usr/bin/env bash
# Downloads one image into the pool ISO of libvirt, to show what kimchi-isod does.
#
#   packaging/quickstart.sh [--keep DIR] [URL]
#
# Without a URL it makes an ISO, serves it on loopback and compares the bytes that arrive. A running libvirt is used as it is;
# otherwise a private storage daemon is started, with its pool in a temporary folder, or in DIR with --keep. If a running
# libvirt has no pool ISO, the pool is created in DIR (/var/lib/kimchi/isos by default). Nothing is left running.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"

downloads=http://localhost/storagepools/ISO/storagevolumes/download
url=
keep=
source_file=
started=()

parse_arguments() {
  while [[ $# -gt 0 ]]; do
    case $1 in
      -h | --help)
        sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
        exit
        ;;
      --keep)
        [[ $# -gt 1 ]] || die '--keep needs a folder'
        keep=$(realpath -m "$2")
        shift
        ;;
      -*) die "unknown option $1 (see --help)" ;;
      *)
        [[ -z $url ]] || die 'one URL at a time'
        url=$1
        ;;
    esac
    shift
  done
}

prepare() {
  require virsh:libvirt-clients curl:curl jq:jq
  [[ -n $url ]] || require xorriso:xorriso nginx:nginx-light cmp:diffutils
  if [[ -x $root/artifacts/bin/kimchi-isod ]]; then
    have dotnet && "$root/packaging/build.sh"
  else
    "$root/packaging/build.sh"
  fi

  work=$(mktemp -d "${TMPDIR:-/tmp}/kimchi-isod.XXXXXX")
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  chmod 711 "$work"
  socket=$work/isod.sock
}

# Ends everything that was started, in reverse order, and waits for each.
clean_up() {
  local i
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  rm -rf "$work"
}

# start LOG COMMAND...: in the background, to be ended by clean_up.
start() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null &
  started+=("$!")
}

# wait_until WHAT LOG COMMAND...: asks until the command succeeds, as long as what was started last lives.
wait_until() {
  local what=$1 log=$2 deadline=$((SECONDS + 30))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! kill -0 "${started[-1]}" 2>/dev/null || ((SECONDS > deadline)); then
      cat "$log" >&2
      die "$what did not come up"
    fi
    sleep 0.05
  done
}

# Sets uri, pool_path and own_libvirt.
find_libvirt() {
  own_libvirt=no
  uri=storage:///system
  if virsh -c "$uri" pool-list >/dev/null 2>&1; then
    pool_path=$(virsh -c "$uri" pool-dumpxml ISO 2>/dev/null | sed -n 's|.*<path>\(.*\)</path>.*|\1|p' | head -n 1)
    pool_path=${pool_path:-${keep:-/var/lib/kimchi/isos}}
    say "using the libvirt that runs here ($uri), pool ISO in $pool_path"
    return
  fi

  require libvirtd:libvirt-daemon unshare:util-linux
  own_libvirt=yes
  pool_path=${keep:-$work/isos}
  mkdir -p "$pool_path"
  if [[ $(id -u) -eq 0 ]]; then start_private_libvirtd; else start_session_libvirtd; fi
  say "no libvirt runs here: started one for the storage alone ($uri), pool ISO in $pool_path"
}

# As root: libvirtd in a mount namespace where all its folders are our own. The host's libvirt sees nothing of it.
start_private_libvirtd() {
  local own=$work/libvirt
  mkdir -p "$own"/{sock,etc/storage,run,lib,cache}
  use_storage_driver_alone
  printf '%s\n' "unix_sock_dir = \"$own/sock\"" 'auth_unix_rw = "none"' 'auth_unix_ro = "none"' >"$own/libvirtd.conf"
  uri="storage+unix:///system?socket=${own// /%20}/sock/libvirt-sock"
  # shellcheck disable=SC2016 # expanded by the inner shell
  start "$work/libvirtd.log" unshare --mount --propagation private bash -euc '
    own=$1
    mkdir -p /etc/libvirt /run/libvirt /var/lib/libvirt /var/cache/libvirt
    mount --bind "$own/etc" /etc/libvirt
    mount --bind "$own/run" /run/libvirt
    mount --bind "$own/lib" /var/lib/libvirt
    mount --bind "$own/cache" /var/cache/libvirt
    exec libvirtd -f "$own/libvirtd.conf" -p "$own/libvirtd.pid"' private-libvirtd "$own"
  wait_until libvirtd "$work/libvirtd.log" virsh -c "$uri" pool-list
}

# No virtual machine or network is run here, and the qemu driver requires a user that not every machine has.
use_storage_driver_alone() {
  local driver
  driver=$(find /usr/lib /usr/lib64 -name libvirt_driver_storage.so -print -quit 2>/dev/null || true)
  [[ -n $driver ]] || die 'this libvirt has no storage driver (libvirt_driver_storage.so)'
  mkdir "$work/drivers"
  ln -s "$driver" "$work/drivers/"
  export LIBVIRT_DRIVER_DIR=$work/drivers
}

# Without root: the session's daemon, with its own folders.
start_session_libvirtd() {
  export XDG_RUNTIME_DIR=$work/run XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache XDG_DATA_HOME=$work/data
  use_storage_driver_alone
  mkdir -m 700 "$XDG_RUNTIME_DIR" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME" "$XDG_DATA_HOME"
  uri=storage:///session
  start "$work/libvirtd.log" libvirtd
  # The socket first: without it virsh would start a second daemon.
  wait_until libvirtd "$work/libvirtd.log" test -S "$XDG_RUNTIME_DIR/libvirt/libvirt-sock"
  wait_until libvirtd "$work/libvirtd.log" virsh -c "$uri" pool-list
}

# Sets url and source_file: an ISO made here, served by an nginx of its own.
serve_an_iso() {
  say 'no URL given: making an ISO with xorriso, and serving it on loopback'
  mkdir -p "$work/content" "$work/www"
  head -c 64M /dev/urandom >"$work/content/payload.bin"
  source_file=$work/www/quickstart.iso
  xorriso -as mkisofs -quiet -V KIMCHI -J -R -o "$source_file" "$work/content"
  rm -r "$work/content"

  local port=$((20000 + RANDOM % 12000)) user=
  [[ $(id -u) -ne 0 ]] || user='user root;'
  # Slow enough to watch, quick enough not to bore.
  cat >"$work/nginx.conf" <<CONF
daemon off; worker_processes 1; pid "$work/nginx.pid"; $user
events { }
http {
  access_log off; default_type application/octet-stream; limit_rate 16m;
  client_body_temp_path "$work/nginx-body"; proxy_temp_path "$work/nginx-proxy"; fastcgi_temp_path "$work/nginx-fastcgi";
  uwsgi_temp_path "$work/nginx-uwsgi"; scgi_temp_path "$work/nginx-scgi";
  server { listen 127.0.0.1:$port; root "$work/www"; }
}
CONF
  start "$work/nginx.log" nginx -p "$work" -c "$work/nginx.conf" -e stderr
  url=http://127.0.0.1:$port/quickstart.iso
  wait_until nginx "$work/nginx.log" curl --noproxy '*' -fsI "$url"
}

start_daemon() {
  mkdir -p "$work/state"
  printf '%s\n' '[server]' "socket = $socket" '[state]' "directory = $work/state" '[libvirt]' "uri = $uri" \
    '[pools]' "iso_path = $pool_path" >"$work/kimchi-isod.conf"
  say "starting the daemon: kimchi-isod --config $work/kimchi-isod.conf"
  start "$work/isod.log" "$root/artifacts/bin/kimchi-isod" --config "$work/kimchi-isod.conf"
  wait_until kimchi-isod "$work/isod.log" curl -s --unix-socket "$socket" http://localhost/version
}

# post PATH JSON: the reply, error or not.
post() {
  curl -s --unix-socket "$socket" --json "$2" "$downloads$1" || die "the daemon does not answer: $(tail -n 5 "$work/isod.log")"
}

show_command() { printf '\n$ %s\n' "$*"; }

# Sets name.
start_download() {
  local body reply
  body=$(jq -cn --arg url "$url" '{url: $url}')
  show_command "curl --unix-socket $socket --json '$body' $downloads"
  reply=$(post '' "$body")
  printf '%s\n' "$reply"
  name=$(jq -r '.name // empty' <<<"$reply")
  [[ -n $name ]] || die "the download did not start: $(jq -r '.reason // .' <<<"$reply")"
}

# Shows the status until the download has ended.
follow() {
  local body reply reason
  body=$(jq -cn --arg name "$name" '{name: $name}')
  show_command "curl --unix-socket $socket --json '$body' $downloads/status"
  while true; do
    reply=$(post /status "$body")
    reason=$(jq -r '.reason // empty' <<<"$reply")
    [[ -z $reason ]] || break
    show_progress "$reply"
    sleep 0.2
  done
  printf '\n%s\n' "$reply"
  # A completed download is no longer found, and the reason says that it completed.
  [[ $reason == KCHDL0002E:* ]] || die "the download failed: $reason"
}

show_progress() {
  local line start='' end=$'\n'
  line=$(jq -r '"\(.status): \(.downloaded_size) of \(.total_size // "unknown") bytes" +
    if (.total_size // 0) > 0 then " (\(.downloaded_size * 100 / .total_size | floor) %)" else "" end' <<<"$1")
  [[ ! -t 1 ]] || start=$'\r\e[K' end=
  [[ $line == "${shown:-}" ]] || printf '%s%s%s' "$start" "$line" "$end"
  shown=$line
}

show_result() {
  local path image
  show_command "virsh -c '$uri' vol-list ISO"
  virsh -c "$uri" vol-list ISO
  path=$(virsh -c "$uri" vol-path --pool ISO "$name")
  image=$path
  if [[ -n $source_file ]]; then
    if [[ ! -r $image ]]; then
      image=$work/read-back
      virsh -c "$uri" vol-download --pool ISO "$name" "$image"
    fi
    show_command "cmp $source_file $path"
    cmp "$source_file" "$image" || die 'the image differs from its source'
    say "The image matches its source, byte for byte: $(stat -c %s "$source_file") bytes."
  fi
  say_where "$path"
}

say_where() {
  if [[ $own_libvirt == no ]]; then
    say "The image is the volume $name of the pool ISO: $1 (virsh -c $uri vol-delete --pool ISO '$name' removes it)"
  elif [[ -n $keep ]]; then
    say "The image is $1"
  else
    say "The image was $1; it goes with its temporary pool (--keep DIR keeps it)."
  fi
}

main() {
  parse_arguments "$@"
  prepare
  find_libvirt
  [[ -n $url ]] || serve_an_iso
  start_daemon
  start_download
  follow
  show_result
}

main "$@"
