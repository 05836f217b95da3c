#!/bin/sh
# House rules that the compiler does not check: layers, libraries that belong
# to one file, banned calls, length and opening comment of files.
# usage: source_rules.sh ROOT. Prints each broken rule; exit 1 if there is one.
cd "$1" || exit 2

# Folder and what its files may include, beside the folder itself.
layers='
base             -
rules/decoders   base/|rules/decoder\.h|rules/value\.h
rules/signing    base/|rules/decoders/(encoding|itsdangerous)\.h
rules/gen        base/|rules/
rules/settings   base/
rules            base/
scanner/objects  base/|scanner/oid\.h|scanner/pool\.h
scanner          base/|rules/
report/html      -
report           base/|rules/|scanner/
remedy           base/|rules/|scanner/
cmd              base/|rules/|scanner/|report/|remedy/
'
line_limit=600
banned='strcpy|strcat|strncpy|strncat|v?sprintf|strtok|atoi|gets'
banned="$banned|gmtime|localtime|ctime|system|popen"

label() { # label FILE RULE: prefixes the lines of grep -n
	sed "s|^|$1:|; s|\$|  ($2)|"
}

opens_with_comment() { # a source explained by its header needs none
	[ "${1%.c}" != "$1" ] && [ -e "${1%.c}.h" ] && return
	head -n 1 "$1" | grep -q '^/[*/]'
}

check_libraries() { # check_libraries FILE: who may include what
	case $1 in
	scanner/* | remedy/* | cmd/*) ;;
	*) grep -nE '^#include <git2[./]' "$1" | label "$1" 'libgit2 here' ;;
	esac
	[ "$1" = rules/pattern.c ] ||
		grep -n '^#include <pcre2' "$1" | label "$1" 'PCRE2 here'
	[ "$1" = rules/literal_set.c ] ||
		grep -nE '^#include <(hs/)?hs[._]' "$1" | label "$1" 'libhs here'
}

check_file() { # check_file FILE ALLOWED
	grep -n '^#include "' "$1" | grep -vE "\"($2)" | label "$1" layer
	grep -nE "(^|[^a-zA-Z0-9_>.])($banned) *\(" "$1" | label "$1" 'banned call'
	check_libraries "$1"
	lines=$(wc -l <"$1")
	[ "$lines" -le "$line_limit" ] ||
		echo "$1: $lines lines, the limit is $line_limit"
	opens_with_comment "$1" || echo "$1:1: does not say what it is for"
}

check_all() {
	echo "$layers" | while read -r folder allowed; do
		[ -d "${folder:-/nonexistent}" ] || continue
		for file in "$folder"/*.[ch]; do
			[ -e "$file" ] || continue
			check_file "$file" "$folder/|$allowed"
		done
	done
	# No folder may stand outside of the table.
	for folder in $(find base rules scanner report remedy cmd -type d \
		2>/dev/null); do
		echo "$layers" | grep -q "^$folder  *" ||
			echo "$folder: is in no layer"
	done
}

found=$(check_all)
[ -z "$found" ] || printf '%s\n' "$found"
[ -z "$found" ]
