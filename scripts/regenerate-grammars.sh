#!/bin/bash
# Every syntaxes/tree-sitter-NAME/grammar.js (+ src/scanner.c)
#   -> src/parser.c (ABI 15), src/*.json, tree-sitter-NAME.wasm, generated.sha256
#
# Usage: scripts/regenerate-grammars.sh [NAME...]
# Needs node, and Debian's clang-14 and lld-14 (pinned: another clang writes other
# bytes). `tree-sitter` is taken from PATH, else Debian's package of the pinned
# version is unpacked beside its own libc into a cache folder, not installed.
# The tests of test/syntaxes read each corpus with what was made.
set -euo pipefail
cd "$(dirname "$0")/../syntaxes"
VERSION=0.26.11
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/kube-proxy-inspector/tree-sitter-$VERSION
CLANG=${CLANG:-clang-14}

command -v "$CLANG" >/dev/null || { echo "Missing $CLANG: apt-get install clang-14 lld-14"; exit 1; }

unpack_tree_sitter() {
  mkdir -p "$CACHE"/{lists/partial,cache/archives/partial,debs,root}
  local keys='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]' mirror options
  mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources | head -1) # the machine's own
  printf 'deb %s %s %s main\n' "$keys" "$mirror" trixie "$keys" "$mirror" sid >"$CACHE/sources.list"
  options=(
    -o "Dir::Etc::sourcelist=$CACHE/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::Lists=$CACHE/lists" -o "Dir::Cache=$CACHE/cache"
    -o Dir::State::status=/dev/null -o APT::Sandbox::User=root
  )
  apt-get "${options[@]}" -qq update
  (cd "$CACHE/debs" && apt-get "${options[@]}" -qq download \
    "tree-sitter-cli=$VERSION-1" libc6/trixie libgcc-s1/trixie)
  for deb in "$CACHE"/debs/*.deb; do dpkg -x "$deb" "$CACHE/root"; done
}

if command -v tree-sitter >/dev/null; then
  tree_sitter=(tree-sitter)
else
  [ -x "$CACHE/root/usr/bin/tree-sitter" ] || unpack_tree_sitter
  libraries=$CACHE/root/usr/lib/x86_64-linux-gnu
  tree_sitter=("$libraries/ld-linux-x86-64.so.2" --library-path "$libraries" "$CACHE/root/usr/bin/tree-sitter")
fi

# parser.h includes stdlib.h for types only.
stub=$(mktemp -d)
trap 'rm -r "$stub"' EXIT
printf '#include <stddef.h>\n#include <stdint.h>\n' >"$stub/stdlib.h"

[ $# -gt 0 ] || set -- tree-sitter-*
for grammar in "$@"; do
  name=${grammar#tree-sitter-}
  (
    cd "tree-sitter-$name"
    "${tree_sitter[@]}" generate --abi 15 grammar.js
    sources=(src/parser.c)
    [ ! -f src/scanner.c ] || sources+=(src/scanner.c)
    "$CLANG" --target=wasm32-unknown-emscripten -ffreestanding -nostdlib -fPIC -fvisibility=hidden \
      -Os -std=c11 -I src -isystem "$stub" -Wl,-shared -Wl,--experimental-pic -Wl,--no-entry \
      -Wl,--export="tree_sitter_$name" -Wl,--strip-debug -o "tree-sitter-$name.wasm" "${sources[@]}"
    chmod 644 "tree-sitter-$name.wasm"
    sha256sum grammar.js "${sources[@]}" "tree-sitter-$name.wasm" >generated.sha256
    ls -l src/parser.c "tree-sitter-$name.wasm"
  )
done
