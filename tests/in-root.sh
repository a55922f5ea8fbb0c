#!/usr/bin/env bash
# Runs a program of this checkout within another system, with what that has for libvirt, under a layer in memory that takes what is changed.
#
#   tests/in-root.sh ROOT PROGRAM [ARGS...]
#
# ROOT is a directory such as artifacts/debian13-root. The checkout, .NET, /tmp, /proc, /sys, /dev and /etc/hosts are this
# machine's; everything else is ROOT's. Mounts go with the program.
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bare=$(readlink -f "$1")
shift
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")

# What follows has a mount namespace of its own, and an empty tmpfs for the layer.
inside() {
  local layer=$1 path
  shift
  mount -t tmpfs -o size=512m isod-test "$layer"
  mkdir "$layer/upper" "$layer/work" "$layer/root"
  mount -t overlay -o "lowerdir=$bare,upperdir=$layer/upper,workdir=$layer/work" overlay "$layer/root"
  for path in "$checkout" "$dotnet" /tmp /proc /sys /dev /etc/hosts; do
    [[ -d $path ]] && mkdir -p "$layer/root$path"
    mount --rbind "$path" "$layer/root$path"
  done
  # The root of the namespace, so that nsenter(1) comes here as well. What a test mounts later, the libvirtd that it has started before sees.
  mkdir "$layer/root/outside"
  cd "$layer/root"
  pivot_root . outside
  umount --lazy /outside
  mount --make-rshared /
  cd "$checkout"
  exec env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DOTNET_ROOT="$dotnet" "$@"
}

layer=$(mktemp -d)
trap 'rmdir "$layer"' EXIT
export checkout dotnet bare
export -f inside
unshare --mount --propagation slave bash -euc 'inside "$@"' bash "$layer" "$@"
