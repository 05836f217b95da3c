#!/bin/sh
# The contract of every command's help: --help and -h print to standard output
# alone, in at most 80 columns, and exit 0; an unknown option is named on
# standard error, with exit 129 and nothing on standard output. And README.md has
# a row for each command.
# usage: help.sh PROGRAM README. Prints each broken promise; exit 1 if there is one.
program=$1
readme=$2
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 2
LC_ALL=C.UTF-8
export LC_ALL

check_help() { # check_help NAME ARGUMENT...
	name=$1
	shift
	"$program" "$@" >out 2>err || echo "$name: exit code $?"
	[ ! -s err ] || echo "$name: talks on standard error"
	[ -s out ] || { echo "$name: prints nothing" && return; }
	head -n 1 out | grep -q '^usage: git hygiene' ||
		echo "$name: does not start with its usage"
	[ "$(wc -L <out)" -le 80 ] || echo "$name: more than 80 columns"
}

check_unknown() { # check_unknown NAME ARGUMENT...
	name=$1
	shift
	"$program" "$@" --no-such-option >out 2>err </dev/null
	code=$?
	[ $code = 129 ] || echo "$name: exit code $code for an unknown option"
	[ ! -s out ] || echo "$name: an unknown option goes to standard output"
	grep -q "unknown option '--no-such-option'" err ||
		echo "$name: does not name the unknown option"
}

check_all() {
	"$program" help --list >names || echo "help --list: exit code $?"
	[ -s names ] || echo "help --list: prints nothing"
	check_help 'no command' --help
	check_help 'no command' -h
	check_unknown 'no command'
	while read -r command; do
		check_help "$command --help" "$command" --help
		check_help "$command -h" "$command" -h
		cp out short
		check_help "help $command" help "$command"
		cmp -s out short || echo "$command: two help texts"
		check_unknown "$command" "$command"
		grep -q "^    $command " overview ||
			echo "$command: is not in the overview"
		case $command in
		help | version) ;;
		*) grep -q "^| \`$command\` |" "$readme" ||
			echo "$command: is not in the table of README.md" ;;
		esac
	done <names
}

"$program" --help >overview
found=$(check_all)
[ -z "$found" ] || printf '%s\n' "$found"
[ -z "$found" ]
