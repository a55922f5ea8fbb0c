#!/bin/sh
# Downloads an image with curl (7.82 or later), and waits until it is in the pool:
#
#   sh download.sh https://host/debian-12.iso debian-12.iso
socket=${KIMCHI_ISOD_SOCKET:-/run/kimchi-isod/kimchi-isod.sock}
downloads=http://localhost/storagepools/ISO/storagevolumes/download
curl -sS --fail-with-body --unix-socket "$socket" --json "{\"url\": \"$1\", \"name\": \"$2\"}" "$downloads" || exit
while :; do
  download=$(curl -sS --fail-with-body --unix-socket "$socket" "$downloads/$2") || exit
  case $download in
    *'"status":"completed"'*) exit 0 ;;
    *'"status":"failed"'* | *'"status":"cancelled"'*) echo "$download" >&2; exit 1 ;;
  esac
  sleep 1
done
