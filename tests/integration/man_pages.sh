#!/bin/sh
# Man pages without a remark of mandoc and groff; and git finds them: `git help
# hygiene` and `git hygiene --help` show git-hygiene(1).
# usage: man_pages.sh PROGRAM. 77: neither mandoc nor man is here.
program=$1
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
command -v mandoc >/dev/null || command -v man >/dev/null || exit 77
mkdir -p "$dir/man/man1"

make_pages() {
	"$program" help --man >"$dir/man/man1/git-hygiene.1" || return
	"$program" help --list | while read -r name; do
		"$program" help --man "$name" \
			>"$dir/man/man1/git-hygiene-$name.1" || echo "$name"
	done
}

check_page() { # check_page FILE
	! command -v mandoc >/dev/null || mandoc -T lint -W warning "$1"
	! man --version 2>/dev/null | grep -q man-db ||
		LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$1" 2>&1 >/dev/null
}

check_git() { # check_git WORD...: what git shows when asked for help
	command -v man >/dev/null || return
	shown=$(PATH="$(dirname "$program"):$PATH" MANPATH="$dir/man" \
		GIT_PAGER=cat MANPAGER=cat PAGER=cat git "$@" 2>&1)
	case $shown in
	GIT-HYGIENE*'COMMANDS'*'EXIT STATUS'*) ;;
	*) echo "git $*: $shown" ;;
	esac
}

found=$(
	make_pages
	for page in "$dir"/man/man1/*; do check_page "$page"; done
	check_git help hygiene
	check_git hygiene --help
)
[ -z "$found" ] || printf '%s\n' "$found"
[ -z "$found" ]
