#!/usr/bin/env bash
# Builds kimchi-isod into artifacts/bin/: a native binary where a C compiler can be had, else one that needs the .NET runtime.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly out=artifacts/bin

has_native_tools() {
  { command -v clang || command -v gcc; } >/dev/null 2>&1 && [ -e /usr/include/zlib.h ]
}

install_native_tools() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  echo "packaging/build.sh: installing gcc and zlib1g-dev" >&2
  { apt-get install -y -qq --no-install-recommends gcc libc6-dev zlib1g-dev \
    || { apt-get update -qq && apt-get install -y -qq --no-install-recommends gcc libc6-dev zlib1g-dev; }; } >&2
}

runtime_identifier() {
  case "$(uname -m)" in
    x86_64) echo linux-x64 ;;
    aarch64) echo linux-arm64 ;;
    *) echo "packaging/build.sh: $(uname -m) is not supported; x86_64 and aarch64 are" >&2; exit 1 ;;
  esac
}

publish() { # project, more arguments
  local project=$1
  shift
  dotnet publish "src/$project" --nologo -v quiet -c Release -r "$(runtime_identifier)" -o "$out" \
    -p:DebugType=none -p:GenerateDocumentationFile=false "$@"
}

native=(-p:PublishAot=true)
if ! has_native_tools && ! install_native_tools; then
  echo "packaging/build.sh: WARNING: no C compiler or no zlib1g-dev: building for the .NET runtime, slower and larger" >&2
  native=(-p:PublishAot=false --self-contained false)
fi
command -v clang >/dev/null 2>&1 || native+=(-p:CppCompilerAndLinker=gcc)

rm -rf "$out"
publish Kimchi.Isod "${native[@]}"
rm -f "$out"/*.dbg "$out"/*.staticwebassets.endpoints.json
cp packaging/kimchi-isod.conf "$out/"
echo "built: $(ls "$out" | tr '\n' ' ')in $out"
