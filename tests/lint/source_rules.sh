#!/bin/sh
# House rules that the compiler does not check: layers, libraries that belong
# to one file, banned calls, length and opening comment of files.
# usage: source_rules.sh ROOT. Prints each broken rule; exit 1 if there is one.
cd "$1" || exit 2

# Folder and what its files may include, beside the folder itself.
layers='
base             -
rules/decoders   base/|rules/(decoder|der|der_key|value)\.h
rules/encoded    base/
rules/signing    base/|rules/decoders/(encoding|itsdangerous)\.h
rules/gen        base/|rules/
rules/settings   base/
rules            base/
scanner/objects  base/|scanner/oid\.h|scanner/pool\.h
scanner          base/|rules/
report           base/|rules/|scanner/
remedy           base/|rules/|scanner/
cmd              base/|rules/|scanner/|report/|remedy/
'
line_limit=600
banned='strcpy|strcat|strncpy|strncat|v?sprintf|strtok|atoi|gets'
banned="$banned|gmtime|localtime|ctime|system|popen"

label() { # label RULE: marks the lines of grep -n
	sed "s|\$|  ($1)|"
}

check_includes() { # check_includes FOLDER ALLOWED: what its files may include
	folder=$1
	grep -Hn '^#include "' "$folder"/*.[ch] |
		grep -vE ":#include \"($folder/|$2)" | label layer
	case $folder in
	scanner* | remedy | cmd) ;;
	*) grep -HnE '^#include <git2[./]' "$folder"/*.[ch] |
		label 'libgit2 here' ;;
	esac
	grep -Hn '^#include <pcre2' "$folder"/*.[ch] |
		grep -v '^rules/pattern\.c:' | label 'PCRE2 here'
}

check_length() { # check_length FOLDER
	wc -l "$1"/*.[ch] | awk -v limit="$line_limit" '
		$2 != "total" && $1 > limit {
			print $2 ": " $1 " lines, the limit is " limit
		}'
}

check_opening() { # check_opening FOLDER: a header explains its source too
	for file in "$1"/*.[ch]; do
		[ "${file%.c}" != "$file" ] && [ -e "${file%.c}.h" ] && continue
		read -r first <"$file"
		case $first in
		/[/*]*) ;;
		*) echo "$file:1: does not say what it is for" ;;
		esac
	done
}

check_all() {
	echo "$layers" | while read -r folder allowed; do
		[ -d "${folder:-/nonexistent}" ] || continue
		check_includes "$folder" "$allowed"
		grep -HnE "(^|[^a-zA-Z0-9_>.])($banned) *\(" \
			"$folder"/*.[ch] | label 'banned call'
		check_length "$folder"
		check_opening "$folder"
	done
	# No folder may stand outside of the table; report/html holds no C.
	find base rules scanner report remedy cmd -type d \
		! -path report/html 2>/dev/null |
		while read -r folder; do
			case $layers in
			*"
$folder "*) ;;
			*) echo "$folder: is in no layer" ;;
			esac
		done
}

found=$(check_all)
[ -z "$found" ] || printf '%s\n' "$found"
[ -z "$found" ]
