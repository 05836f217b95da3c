#!/bin/sh
# Builds the Debian package twice, in different folders, and compares the two:
# the same source has to give the same bytes.
# usage: packaging/deb.sh [FOLDER]   the package goes there (default: build)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$root/build}"
into=$(cd "${1:-$root/build}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # build SOURCE BINARY
	if ! { cmake -S "$1" -B "$2" -DCMAKE_BUILD_TYPE=Release \
		-DHYGIENE_TESTS=OFF && cmake --build "$2" --parallel \
		"$(getconf _NPROCESSORS_ONLN)" && cd "$2" && cpack; } \
		>"$work/log" 2>&1; then
		cat "$work/log" >&2
		exit 1
	fi
}

copy() { # copy FOLDER: what git tracks, as it is now
	mkdir -p "$1"
	(cd "$root" && git ls-files -z | tar --null -T - -c) | tar -x -C "$1"
}

copy "$work/one"
copy "$work/another/place"
build "$work/one" "$work/one/build"
build "$work/another/place" "$work/elsewhere"
one=$(ls "$work"/one/build/git-hygiene_*.deb)
cmp "$one" "$work"/elsewhere/git-hygiene_*.deb
cp "$one" "$into/"
echo "$into/${one##*/}"
