#!/bin/sh
# How long does a scan of all history take, beside what git needs to read it?
# Prints, for each repository, seconds and processor seconds with their ratios
# to `git cat-file` of the same run, which prints every object, and the peak of
# memory: for our scan, alone and with what it has kept, for git, and for other
# scanners that are installed.
#
# usage: history.sh [--jobs N] [--growth [--svg FILE]] <git-hygiene> <repo>...
#
# --growth scans 1/8, 1/4, 1/2 and all of each history, and prints the exponent
# by which time grows with the bytes of the pack: 1 is linear. --svg draws it.
# Runs git, so it is for repositories that one trusts; they are only read.
set -e

jobs=2
growth=
svg=
while :; do
	case $1 in
	--jobs) jobs=$2; shift 2 ;;
	--growth) growth=1; shift ;;
	--svg) svg=$2; shift 2 ;;
	*) break ;;
	esac
done
if [ $# -lt 2 ]; then
	sed -n 's/^# usage: //p' "$0" >&2
	exit 129
fi
program=$(realpath "$1")
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# measure COMMAND...: "seconds processor-seconds KiB" on stdout, or nothing
# where it could not do its work. That secrets were found is no failure.
measure() {
	code=0
	command time -f '%e %U %S %M' -o "$folder/time" "$@" \
		>/dev/null 2>"$folder/stderr" || code=$?
	if [ $code -lt 126 ]; then
		tail -n 1 "$folder/time" | awk '{ print $1, $2 + $3, $4 }'
	fi
}

# row NAME "seconds processor KiB" "those of git cat-file"
row() {
	if [ -z "$2" ]; then
		printf '%-38s failed: %.60s\n' "$1" \
			"$(tail -n 1 "$folder/stderr")"
		return
	fi
	echo "$2 $3" | awk -v name="$1" '{
		printf "%-38s %8.2f s %6.3f %8.2f s %6.3f %6.0f MiB\n",
			name, $1, $1 / $4, $2, $2 / $5, $3 / 1024 }'
}

cat_file() {
	measure git -C "$1" cat-file --batch-all-objects --batch \
		--unordered --buffer
}

# scan REPO OPTION...
scan() {
	scanned=$1
	shift
	measure "$program" -C "$scanned" scan --history --jobs "$jobs" \
		--no-progress --no-repo-config "$@"
}

# With what a scan before has kept: all of it, and only what is known of blobs,
# as after a commit or a repack. The ratios are to "seconds processor-seconds
# KiB" of a scan without.
cached() {
	scan "$1" --cache "$folder/cache" >/dev/null
	row "  again, nothing has changed" \
		"$(scan "$1" --cache "$folder/cache")" "$2"
	rm "$folder"/cache/result-*
	row "  again, all blobs are known" \
		"$(scan "$1" --cache "$folder/cache")" "$2"
	rm -r "$folder/cache"
}

# has COMMAND: is it installed?
has() {
	command -v "$1" >/dev/null
}

others() {
	if has gitleaks; then
		row gitleaks "$(measure gitleaks git --no-banner "$1")" "$2"
	fi
	if has betterleaks; then
		row betterleaks "$(measure betterleaks git "$1")" "$2"
	fi
	if has kingfisher; then
		row kingfisher "$(measure kingfisher scan --no-validate \
			--no-update-check --jobs "$jobs" "$1")" "$2"
	fi
	if has noseyparker; then
		row noseyparker "$(measure noseyparker scan --jobs "$jobs" \
			--datastore "$folder/noseyparker" "$1")" "$2"
		rm -rf "$folder/noseyparker"
	fi
	if has trufflehog; then
		row trufflehog "$(measure trufflehog git --no-verification \
			--no-update "file://$(realpath "$1")")" "$2"
	fi
}

compare() {
	echo
	echo "$1: $(git -C "$1" count-objects -v |
		awk '/^in-pack/ { n = $2 } /^size-pack/ { s = $2 }
			END { printf "%d objects, %.0f MiB", n, s / 1024 }')"
	printf '%-38s %10s %6s %10s %6s %10s\n' \
		"" time ratio processor ratio memory
	cat_file "$1" >/dev/null # from the disk into memory
	git_time=$(cat_file "$1")
	first=$(scan "$1" --no-cache)
	row "git-hygiene scan --history --jobs $jobs" "$first" "$git_time"
	echo "ratios of the next two are to the line above:"
	cached "$1" "$first"
	row "git cat-file, all objects" "$git_time" "$git_time"
	row "git fsck --connectivity-only" \
		"$(measure git -C "$1" fsck --connectivity-only)" "$git_time"
	row "git log -p --all" \
		"$(measure git -C "$1" log -p --all)" "$git_time"
	others "$1" "$git_time"
}

# prefix REPO PART OUT: a repository with the first 1/PART of the commits that
# lead to HEAD along first parents.
prefix() {
	count=$(git -C "$1" rev-list --first-parent --count HEAD)
	tip=$(git -C "$1" rev-list --first-parent \
		--skip=$((count - count / $2)) -n 1 HEAD)
	git init -q --bare "$3"
	echo "$tip" | git -C "$1" pack-objects --revs -q \
		--delta-base-offset "$3/objects/pack/pack" >/dev/null
	git -C "$3" update-ref refs/heads/main "$tip"
	git -C "$3" symbolic-ref HEAD refs/heads/main
}

# "bytes scan git" a line: of 1/8, 1/4, 1/2 and all.
grow() {
	for part in 8 4 2 1; do
		prefix "$1" "$part" "$folder/prefix"
		bytes=$(cat "$folder"/prefix/objects/pack/*.pack | wc -c)
		cat_file "$folder/prefix" >/dev/null
		echo "$bytes $(scan "$folder/prefix" --no-cache |
			cut -d ' ' -f 2)" \
			"$(cat_file "$folder/prefix" | cut -d ' ' -f 2)"
		rm -rf "$folder/prefix"
	done
}

# The slopes of least squares in logarithms.
exponents() {
	awk '{
		x = log($1); n++; sx += x; sxx += x * x
		for (i = 2; i <= 3; i++) {
			y = log($i); sy[i] += y; sxy[i] += x * y
		}
		printf "%8.1f MB %8.2f s %8.2f s of git cat-file\n",
			$1 / 1e6, $2, $3
	} END {
		printf "grows with the bytes of the pack to the power of"
		printf " %.2f; git cat-file %.2f\n",
			(n * sxy[2] - sx * sy[2]) / (n * sxx - sx * sx),
			(n * sxy[3] - sx * sy[3]) / (n * sxx - sx * sx)
	}' "$1"
}

# Two lines over the bytes of the pack: our scan and git cat-file.
draw() {
	awk '{
		bytes[NR] = $1; ours[NR] = $2; git[NR] = $3
		if ($1 > right) right = $1
		if ($2 > top) top = $2
		if ($3 > top) top = $3
	}
	function x(value) { return 60 + 480 * value / right }
	function y(value) { return 280 - 240 * value / top }
	function line(times, color, name,   i, points) {
		for (i = 1; i <= NR; i++) {
			points = points sprintf(" %.1f,%.1f",
				x(bytes[i]), y(times[i]))
			printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"" \
				" fill=\"%s\"/>\n",
				x(bytes[i]), y(times[i]), color
		}
		printf "<polyline points=\"%s\" fill=\"none\"" \
			" stroke=\"%s\"/>\n", substr(points, 2), color
		printf "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n",
			x(bytes[NR]) + 8, y(times[NR]) + 4, color, name
	}
	function text(px, py, anchor, value) {
		printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"" \
			" fill=\"#555\">%s</text>\n", px, py, anchor, value
	}
	END {
		print "<svg xmlns=\"http://www.w3.org/2000/svg\"" \
			" viewBox=\"0 0 640 330\" font-family=\"sans-serif\"" \
			" font-size=\"12\">"
		print "<rect width=\"640\" height=\"330\" fill=\"#fff\"/>"
		print "<path d=\"M60 40V280H540\" fill=\"none\"" \
			" stroke=\"#555\"/>"
		for (i = 0; i <= 4; i++) {
			text(52, y(top * i / 4) + 4, "end",
				sprintf("%.1f s", top * i / 4))
			text(x(right * i / 4), 298, "middle",
				sprintf("%.0f MB", right / 1e6 * i / 4))
		}
		text(300, 320, "middle", "bytes of the pack")
		text(60, 26, "middle", "processor time")
		line(ours, "#06c", "git-hygiene")
		line(git, "#c40", "git cat-file")
		print "</svg>"
	}' "$1"
}

for repo; do
	compare "$repo"
	if [ -n "$growth" ]; then
		grow "$repo" >"$folder/growth"
		exponents "$folder/growth"
		if [ -n "$svg" ]; then
			draw "$folder/growth" >"$svg"
		fi
	fi
done
