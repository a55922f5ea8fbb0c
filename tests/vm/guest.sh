#!/usr/bin/env bash
# Runs in the virtual machine of tests/vm.sh, as root, after each boot: each function below "checks" is one thing that must be so.
set -euo pipefail

web=/var/www/html
images=/var/lib/kimchi/isos
drop_ins=/etc/systemd/system/kimchi-isod.service.d
socket=/run/kimchi-isod/kimchi-isod.sock
# What must outlive a loss of power.
memory=/var/lib/isod-vm
mkdir -p "$memory"

trap 'systemctl poweroff --force --force' EXIT

passed=0
failed=0

# check NAME: runs the function of that name, and tells what it printed where it fails.
check() {
  local output
  if output=$( (set -euxo pipefail; "$1") 2>&1); then
    passed=$((passed + 1))
    echo "ok: ${1//_/ }"
  else
    failed=$((failed + 1))
    echo "FAILED: ${1//_/ }"
    tail -n 25 <<<"$output" | sed 's/^/    /'
    journalctl -u kimchi-isod -n 15 --no-pager -o cat | sed 's/^/    | /'
  fi
}

# within SECONDS COMMAND...: waits until the command succeeds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [[ $SECONDS -lt $end ]] || { echo "not within its time: $*"; return 1; }
    sleep 0.1
  done
}

as_alice() { runuser -u alice -- kimchi-isoctl "$@"; }
show() { systemctl show --value -p "$1" kimchi-isod.service; }
pid() { show MainPID; }
url() { echo "http://127.0.0.1/$1"; }

# image NAME MIB: a file that the server has.
image() { head -c "$2M" /dev/urandom >"$web/$1"; }

# begin NAME: a download of it that takes a while, and has some bytes.
begin() {
  as_alice download "$(url "$1")" --limit-rate 8M --no-wait
  within 20 has_begun "$1"
}

has_begun() { [[ $(as_alice --json status "$1" | grep -o '"downloaded_size": *[0-9]*' | grep -o '[0-9]*$') -gt 0 ]]; }

# is_whole NAME: waits for a download, and compares each byte.
is_whole() {
  as_alice limit "$1" 0 || true
  as_alice -q watch "$1"
  cmp "$web/$1" "$images/$1"
  virsh -c storage:///system vol-list ISO | grep -q " $1 "
}

restarts_by_itself() { [[ $(pid) -ne 0 && $(pid) -ne $1 ]]; }

# What must be so, in the order in which it is tried.

the_package_installs_and_its_units_run() {
  dpkg --install /mnt/kimchi-isod.deb
  systemctl is-enabled kimchi-isod.service kimchi-isod.socket
  systemctl is-active kimchi-isod.service kimchi-isod.socket
  [[ $(stat -c '%U %G %a' "$socket") == 'root kimchi-isod 660' ]]
  usermod -aG kimchi-isod alice
}

the_daemon_has_no_privilege_and_no_memory_that_it_can_write_and_execute() {
  local status
  status=$(cat "/proc/$(pid)/status")
  grep -q "^Uid:$(printf '\t%s' {,,,}"$(id -u kimchi-isod)")\$" <<<"$status"
  grep -q "^CapEff:.0000000000000000$" <<<"$status"
  grep -q "^CapBnd:.0000000000000000$" <<<"$status"
  grep -q "^NoNewPrivs:.1$" <<<"$status"
  grep -q "^Seccomp:.2$" <<<"$status"
  [[ $(cut -d' ' -f2 "/proc/$(pid)/maps" | grep -c 'wx') -eq 0 ]]
}

it_downloads_through_polkit_what_a_member_of_the_group_asks_for() {
  image first.iso 64
  as_alice download "$(url first.iso)"
  is_whole first.iso
}

a_user_outside_of_the_group_is_denied() {
  local status=0
  runuser -u bob -- kimchi-isoctl list || status=$?
  [[ $status -eq 5 ]]
}

the_journal_has_priorities_fields_and_who_called() {
  journalctl --sync
  journalctl -u kimchi-isod -o json ISOD_POOL=ISO ISOD_NAME=first.iso | grep -q '"PRIORITY":"6"'
  journalctl -u kimchi-isod -o cat | grep "audit: start of 'first.iso'" | grep -q "uid $(id -u alice),"
}

systemctl_shows_what_the_daemon_is_doing() {
  image status.iso 100
  begin status.iso
  within 10 status_has 'downloading (status.iso'
  is_whole status.iso
  within 10 status_has idle
}

status_has() { [[ $(show StatusText) == *"$1"* ]]; }

reload_changes_limits_and_says_so_with_no_restart() {
  local before
  before=$(pid)
  printf '[log]\nlevel = debug\n' >/etc/kimchi-isod/conf.d/vm.conf
  systemctl reload kimchi-isod.service
  within 10 journal_has 'log:level'
  rm /etc/kimchi-isod/conf.d/vm.conf
  systemctl reload kimchi-isod.service
  [[ $(pid) -eq $before ]]
}

journal_has() { journalctl --sync && journalctl -u kimchi-isod -b -o cat | grep -q -e "$1"; }

credentials_come_from_systemd() {
  mkdir -p /etc/kimchi-isod/credentials "$drop_ins"
  echo 'machine 127.0.0.1 login alice password secret' >/etc/kimchi-isod/credentials/netrc
  chmod -R go= /etc/kimchi-isod/credentials
  printf '[Service]\nLoadCredential=netrc:/etc/kimchi-isod/credentials/netrc\n' >"$drop_ins/credentials.conf"
  systemctl daemon-reload
  systemctl restart kimchi-isod.service
  image secret.iso 4
  as_alice download http://127.0.0.1:8080/secret.iso
  is_whole secret.iso
  rm -r "$drop_ins/credentials.conf"
  systemctl daemon-reload
}

a_connection_starts_a_service_that_is_stopped() {
  systemctl stop kimchi-isod.service
  [[ $(show Result) == success && $(pid) -eq 0 ]]
  as_alice health
  [[ $(pid) -ne 0 ]]
}

killed_it_is_started_again_and_goes_on() {
  image killed.iso 200
  begin killed.iso
  local before
  before=$(pid)
  kill -9 "$before"
  within 20 restarts_by_itself "$before"
  is_whole killed.iso
}

frozen_it_is_found_by_the_watchdog_and_goes_on() {
  image frozen.iso 200
  begin frozen.iso
  local before
  before=$(pid)
  kill -STOP "$before"
  within 60 restarts_by_itself "$before"
  journalctl -u kimchi-isod -b -o cat | grep -q 'Watchdog timeout'
  is_whole frozen.iso
}

libvirtd_may_be_restarted_and_killed() {
  image libvirt.iso 300
  begin libvirt.iso
  systemctl restart libvirtd.service
  within 20 has_begun libvirt.iso
  systemctl kill --signal=KILL libvirtd.service
  is_whole libvirt.iso
}

an_upgrade_lets_downloads_go_on_and_refuses_no_caller() {
  image upgrade.iso 200
  begin upgrade.iso
  local before caller
  before=$(pid)
  while [[ ! -e /tmp/upgraded ]]; do curl -fsS --max-time 20 --unix-socket "$socket" http://localhost/version || exit 1; done >/dev/null &
  caller=$!
  dpkg --install /mnt/later.deb
  touch /tmp/upgraded
  wait "$caller"
  [[ $(pid) -ne 0 && $(pid) -ne $before ]]
  is_whole upgrade.iso
  grep 'GET /upgrade.iso' /var/log/nginx/access.log | tail -n 1 | grep -q ' 206 '
}

with_libvirts_access_driver_it_does_its_work_and_nothing_else() {
  echo 'access_drivers = [ "polkit" ]' >>/etc/libvirt/libvirtd.conf
  systemctl restart libvirtd.service
  image access.iso 16
  as_alice download "$(url access.iso)"
  is_whole access.iso
  local call
  for call in 'pool-destroy ISO' 'net-destroy default' 'net-start default' 'nwfilter-undefine clean-traffic'; do
    # shellcheck disable=SC2086 # Words.
    ! runuser -u kimchi-isod -- virsh -c qemu:///system $call >/tmp/denied 2>&1
    grep -q 'access denied' /tmp/denied
  done
}

after_a_loss_of_power_it_goes_on_by_itself() {
  [[ $(systemctl is-active kimchi-isod.service) == active ]]
  is_whole power.iso
}

what_was_published_before_the_loss_of_power_is_whole() { cmp "$web/first.iso" "$images/first.iso"; }

removal_keeps_images_and_state() {
  dpkg --remove kimchi-isod
  [[ ! -e $socket && ! -e /usr/bin/kimchi-isod ]]
  [[ -e /var/lib/kimchi-isod/downloads.sqlite ]]
  cmp "$web/first.iso" "$images/first.iso"
}

purge_removes_the_state_and_never_an_image() {
  dpkg --purge kimchi-isod
  [[ ! -e /var/lib/kimchi-isod && ! -e /etc/kimchi-isod ]]
  [[ -z $(systemctl list-units --all --no-legend 'kimchi-isod*') ]]
  cmp "$web/first.iso" "$images/first.iso"
  virsh -c storage:///system pool-info ISO
}

before_the_loss_of_power() {
  useradd -m alice
  useradd -m bob
  # shellcheck disable=SC2016 # nginx's variable.
  printf 'server { listen 127.0.0.1:8080; root %s; if ($http_authorization != "Basic %s") { return 401; } }\n' \
    "$web" "$(printf alice:secret | base64)" >/etc/nginx/conf.d/secret.conf
  systemctl reload nginx.service

  check the_package_installs_and_its_units_run
  check the_daemon_has_no_privilege_and_no_memory_that_it_can_write_and_execute
  check it_downloads_through_polkit_what_a_member_of_the_group_asks_for
  check a_user_outside_of_the_group_is_denied
  check the_journal_has_priorities_fields_and_who_called
  check systemctl_shows_what_the_daemon_is_doing
  check reload_changes_limits_and_says_so_with_no_restart
  check credentials_come_from_systemd
  check a_connection_starts_a_service_that_is_stopped
  check killed_it_is_started_again_and_goes_on
  check frozen_it_is_found_by_the_watchdog_and_goes_on
  check libvirtd_may_be_restarted_and_killed
  check an_upgrade_lets_downloads_go_on_and_refuses_no_caller
  check with_libvirts_access_driver_it_does_its_work_and_nothing_else
}

# What the server has is safe on the disk, and what was counted; the download is not. The kernel is told to start anew at once.
lose_power() {
  image power.iso 300
  echo "$passed $failed" >"$memory/counted"
  sync
  begin power.iso >/dev/null
  echo b >/proc/sysrq-trigger
}

after_the_loss_of_power() {
  read -r passed failed <"$memory/counted"
  check after_a_loss_of_power_it_goes_on_by_itself
  check what_was_published_before_the_loss_of_power_is_whole
  check removal_keeps_images_and_state
  check purge_removes_the_state_and_never_an_image
  echo "$passed passed, $failed failed"
}

if [[ -e $memory/counted ]]; then
  after_the_loss_of_power
else
  before_the_loss_of_power
  lose_power
fi
