#!/bin/sh
# docs/vendors.md says of every vendor's rule how its form is known: each stands
# there once, in the section of its file, with a word that the page explains, and
# what is known by its name alone asks for a name and is never certain of itself.
# usage: vendor_table.sh SOURCE_DIR. Prints each mistake; exit 1 if there is one.
cd "$1" || exit 2
LC_ALL=C
export LC_ALL
table=docs/vendors.md
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT

# FAMILY RULE KNOWN-BY, as the page has them.
awk -F'|' '/^## / { family = substr($0, 4) }
	/^\| `/ && family { gsub(/[ `]/, ""); print family, $2, $3 }' \
	"$table" | sort >"$dir/page"
[ -s "$dir/page" ] || { echo "$table: no rules" && exit 1; }

# FAMILY RULE NAMED CONFIDENCE, as the rules are.
for family in $(sed -n 's/^## //p' "$table"); do
	awk -v family="$family" 'function flush() {
			if (id) print family, id, named, confidence }
		/^  - id: / { flush(); id = $3; named = "no" }
		/^    confidence: / { confidence = $2 }
		/^    assigned_to:/ { named = "yes" }
		END { flush() }' "rules.d/$family.yml"
done | sort >"$dir/rules"

{
	cut -d' ' -f2 "$dir/page" | uniq -d | sed 's/$/: stands twice/'
	cut -d' ' -f1,2 "$dir/page" >"$dir/a"
	cut -d' ' -f1,2 "$dir/rules" >"$dir/b"
	comm -23 "$dir/a" "$dir/b" | sed 's/$/: is no rule of that file/'
	comm -13 "$dir/a" "$dir/b" | sed 's/$/: is missing/'
	awk '$3 !~ /^(page|source|prefix|seen|name)$/ {
		print $2 ": known by what?" }' "$dir/page"
	awk 'NR == FNR { known[$2] = $3; next }
		known[$2] == "name" && ($3 == "no" || $4 ~ /high|certain/) {
			print $2 ": by name, but " $4 " and names: " $3 }' \
		"$dir/page" "$dir/rules"
	# A file with rules of vendors has a section.
	for file in $(sed -n 's/^| \(`.*`\) |.*/\1/p' docs/secrets.md |
		tr -d '`,'); do
		case $file in
		connection-strings | crypto-wallets | generic-secrets | \
			http-headers | jwt | logins | private-keys | secret-files) ;;
		*) grep -qx "## $file" "$table" ||
			echo "$file: has no section" ;;
		esac
	done
} >"$dir/out"
sed "s|^|$table: |" "$dir/out"
[ ! -s "$dir/out" ]
