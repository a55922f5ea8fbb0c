#!/usr/bin/python3
"""Stands in for LVM's tools, as far as libvirt's logical backend calls them: this kernel may have no device mapper.

A volume group is a directory with a file "extents", its size; a logical volume is a file in it on a loop device, linked below /dev.
New volumes hold old data, as those of LVM do.
"""
import os
import subprocess
import sys

STATE = "@STATE@"
EXTENT = 4 << 20


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def volumes(group):
    return sorted(name for name in os.listdir(f"{STATE}/{group}") if name != "extents")


def extents(group):
    with open(f"{STATE}/{group}/extents") as file:
        total = int(file.read())
    used = sum(os.path.getsize(f"{STATE}/{group}/{name}") // EXTENT for name in volumes(group))
    return total, total - used


def option(arguments, name):
    return arguments[arguments.index(name) + 1]


def lvcreate(arguments):
    group, name = arguments[arguments.index("-L") + 2], option(arguments, "--name")
    size = int(option(arguments, "-L").removesuffix("K")) << 10
    count = -(-size // EXTENT)
    if count > extents(group)[1]:
        sys.exit(f'Volume group "{group}" has insufficient free space ({extents(group)[1]} extents): {count} required.')
    backing = f"{STATE}/{group}/{name}"
    with open(backing, "wb") as file:
        for _ in range(count):
            file.write(b"old data" * (EXTENT // 8))
    os.symlink(run("losetup", "--find", "--show", backing), f"/dev/{group}/{name}")


def lvremove(arguments):
    group, name = arguments[-1].removeprefix("/dev/").split("/")
    run("losetup", "--detach", os.path.realpath(f"/dev/{group}/{name}"))
    os.unlink(f"/dev/{group}/{name}")
    os.unlink(f"{STATE}/{group}/{name}")


def lvs(arguments):
    group = arguments[-1]
    for name in volumes(group):
        size = os.path.getsize(f"{STATE}/{group}/{name}")
        device = os.path.realpath(f"/dev/{group}/{name}")
        print(f"  {name}##{name}-uuid#{device}(0)#linear#1#{size}#{EXTENT}#{size}#-wi-a-----")


def vgs(arguments):
    total, free = extents(arguments[-1])
    print(f"  {total * EXTENT}:{free * EXTENT}")


def pvs(_):
    for group in sorted(os.listdir(STATE)):
        print(f"  /dev/{group}-disk {group}")


TOOLS = {"lvcreate": lvcreate, "lvremove": lvremove, "lvs": lvs, "vgs": vgs, "pvs": pvs, "lvchange": lambda _: None, "vgchange": lambda _: None,
         "vgscan": lambda _: None}
TOOLS[os.path.basename(sys.argv[0])](sys.argv[1:])
