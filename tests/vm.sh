#!/usr/bin/env bash
# Boots a Debian in a virtual machine, installs the package in it, and sees the service do its work as systemd, polkit, libvirtd and
# the journal of a real system run it, through crashes, an upgrade and a loss of power (tests/vm/guest.sh has it all). Nothing but
# the package's dependencies and nginx is there, and no network.
#
#   tests/vm.sh
#
# Without KVM it takes some ten minutes. As root. The last line is "N passed, N failed"; it ends with 0
# when all was well.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/prerequisites.sh
source "$root/packaging/prerequisites.sh"

limit=45m
# The machine's disk as it is before its first boot, with its kernel: made once.
machine=$root/artifacts/vm
work=$(mktemp -d)
trap finish EXIT

finish() {
  [[ ! -e $work/pid ]] || kill "$(<"$work/pid")" 2>/dev/null || true
  rm -rf "$work"
}

make_machine() {
  say "making a virtual machine in $machine"
  local tree=$work/tree
  make_debian "$tree" bookworm linux-image-cloud-amd64 udev nginx-light curl || die 'no Debian could be made; see above why'
  echo isod-vm >"$tree/etc/hostname"
  printf '127.0.0.1 localhost isod-vm\n' >"$tree/etc/hosts"
  printf 'LABEL=isod-root / ext4 defaults 0 1\nLABEL=isod-test /mnt ext4 ro 0 0\n' >"$tree/etc/fstab"
  install -m 644 "$root/tests/vm/isod-vm.service" "$tree/etc/systemd/system/"
  ln -s ../isod-vm.service "$tree/etc/systemd/system/multi-user.target.wants/"
  mkdir -p "$machine.new"
  cp "$tree"/boot/vmlinuz-* "$machine.new/vmlinuz"
  cp "$tree"/boot/initrd.img-* "$machine.new/initrd"
  mke2fs -q -t ext4 -L isod-root -d "$tree" "$machine.new/root.img" 8G >"$work/mke2fs.log"
  rm -rf "$tree" "$machine"
  mv "$machine.new" "$machine"
}

# The second disk: the packages, the one of an upgrade among them, and what is to be tried.
make_test_disk() {
  "$root/packaging/deb.sh" "$work/disk" >"$work/deb.log" || { cat "$work/deb.log" >&2; die 'no package could be made'; }
  mv "$work"/disk/*.deb "$work/disk/kimchi-isod.deb"
  dpkg-deb --raw-extract "$work/disk/kimchi-isod.deb" "$work/later"
  sed -i 's/^Version: /&9:/' "$work/later/DEBIAN/control"
  dpkg-deb --root-owner-group -Znone --build "$work/later" "$work/disk/later.deb" >"$work/deb.log"
  cp "$root/tests/vm/guest.sh" "$work/disk/"
  mke2fs -q -t ext4 -L isod-test -d "$work/disk" "$work/test.img" 200M >"$work/mke2fs.log"
}

# The processor's own. There are others (kvm_pvm, in clouds' machines) that end at the kernel's first cmpxchg16b.
has_kvm() { [[ -w /dev/kvm ]] && [[ -d /sys/module/kvm_intel || -d /sys/module/kvm_amd ]]; }

# The first serial line is the console, the second has the results. What is written to the disks is forgotten.
boot() {
  local -a accelerate=(-accel 'tcg,thread=multi' -cpu max)
  if has_kvm; then accelerate=(-enable-kvm -cpu host); else warn 'no KVM here: all is emulated, which takes longer'; fi
  timeout --kill-after=30 "$limit" qemu-system-x86_64 "${accelerate[@]}" -m 1024 -smp 2 -nic none -display none -monitor none \
    -drive "file=$machine/root.img,if=virtio,format=raw,snapshot=on" -drive "file=$work/test.img,if=virtio,format=raw,snapshot=on" \
    -kernel "$machine/vmlinuz" -initrd "$machine/initrd" -append 'root=LABEL=isod-root console=ttyS0 quiet' \
    -pidfile "$work/pid" -serial "file:$work/console.log" -serial stdio </dev/null | sed -u 's|\r$||' | tee "$work/result.log"
}

main() {
  [[ $(id -u) -eq 0 ]] || die 'root is needed, to make the machine'
  require qemu-system-x86_64:qemu-system-x86 mke2fs:e2fsprogs mmdebstrap:mmdebstrap dpkg-deb:dpkg
  [[ -d $machine ]] || make_machine
  make_test_disk
  say 'booting it'
  # In the background, so that a signal ends it.
  boot &
  wait $! || warn "the machine did not shut down within $limit"
  local summary
  summary=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/result.log") || {
    tail -n 40 "$work/console.log" >&2
    die 'the machine did not come to its end; above is its console'
  }
  [[ $summary == *' 0 failed' ]]
}

main
