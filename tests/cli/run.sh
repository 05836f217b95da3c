#!/bin/sh
# Runs cases of the command line. A case is a folder: `cmd` is run by sh in an
# empty folder of its own with git-hygiene on PATH; `stdout`, `stderr` and
# `exit` are what it must give (absent: empty, empty, 0).
# usage: run.sh [--update] PROGRAM CASE...   --update writes what came instead
# In cmd: $DATA is tests/data, and init_repo makes a repository and enters it.
set -u
update=
if [ "${1-}" = --update ]; then
	update=yes
	shift
fi
program=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
shift
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# The same surroundings everywhere: no configuration, one clock, one author.
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_CONFIG_PARAMETERS
export HOME="$work/home" XDG_CONFIG_HOME="$work/home" LC_ALL=C.UTF-8 TZ=UTC
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null NO_COLOR=1
export GIT_CEILING_DIRECTORIES="$work" GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME=Ann GIT_AUTHOR_EMAIL=ann@example.com
export GIT_COMMITTER_NAME=Cy GIT_COMMITTER_EMAIL=cy@example.com
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
export DATA="$here/../data" PATH="$(dirname "$program"):$PATH"

compare() { # compare CASE NAME: what came in $work/NAME with what must come
	if [ "$update" ]; then
		rm -f "$1/$2"
		[ ! -s "$work/$2" ] || [ "$2 $(cat "$work/$2")" = 'exit 0' ] ||
			cp "$work/$2" "$1/$2"
		return 0
	fi
	expected=$1/$2
	[ -e "$expected" ] || expected=$work/default.$2
	diff -u --label "expected $2" --label "$2" "$expected" "$work/$2"
}

run_case() { # run_case CASE
	rm -rf "$work/home" "$work/run"
	mkdir "$work/home" "$work/run"
	(cd "$work/run" && sh -c '. "$1/setup.sh" && . "$2/cmd"' \
		sh "$here" "$1" >"$work/stdout" 2>"$work/stderr" </dev/null)
	echo $? >"$work/exit"
	failed=0
	for name in stdout stderr exit; do
		compare "$1" $name || failed=1
	done
	return $failed
}

: >"$work/default.stdout"
: >"$work/default.stderr"
echo 0 >"$work/default.exit"
result=0
for case; do
	case=$(cd "$case" && pwd) || exit 2
	run_case "$case" || {
		echo "FAILED: $(basename "$case")"
		result=1
	}
done
exit $result
