# What is missing on this machine, and how to install it. Read by ./hygiene,
# which sets root (the source tree) and install (empty: must not install), and
# defines die, say and quietly. The list stands in packages.txt.
# shellcheck shell=sh disable=SC2154,SC2086,SC2046

have() { # have PROBE: see cmake/packages.txt
	case $1 in
	*'|'*) have "${1%%|*}" || have "${1#*|}" ;;
	lib:*) pkg-config --exists "${1#lib:}" 2>/dev/null ;;
	py:*) /usr/bin/python3 -c "import ${1#py:}" 2>/dev/null ;;
	cc) echo '#include <stdio.h>' | "${CC:-cc}" -E - >/dev/null 2>&1 ;;
	cmake) cmake --version 2>/dev/null | awk 'NR == 1 { split($3, v, "."); \
		ok = v[1] > 3 || v[1] == 3 && v[2] >= 22 } END { exit !ok }' ;;
	libfuzzer) echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
		"$(command -v clang-14 || echo clang)" -x c -fsanitize=fuzzer \
			-o /dev/null - >/dev/null 2>&1 ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

missing() { # missing COLUMN GROUP...: that column of each need not met
	column=$1
	shift
	while read -r group probe packages; do
		case " $* " in *" $group "*) ;; *) continue ;; esac
		have "$probe" </dev/null || echo "$group $probe $packages"
	done <"$root/cmake/packages.txt" |
		awk -v column="$column" '$column != "-" { print $column }'
}

known() { apt-cache show "$1" >/dev/null 2>&1; }

apt_names() { # apt_names NEED...: a,b is both, a|b the first that apt knows
	for name in $(echo "$*" | tr ',' ' '); do
		for choice in $(echo "$name" | tr '|' ' '); do
			known "$choice" && break
		done
		echo "$choice"
	done | sort -u
}

apt_get() {
	quietly "$root/build/apt.log" $sudo env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}

please() { # please GROUP...: says what to run where this script may not
	for way in '3 apt-get install' '4 brew install' '5 dnf install' '6 apk add'; do
		line=${way#* }
		have "${line%% *}" || continue
		die "please run: $line $(missing "${way%% *}" "$@" |
			sed 's/|[^,]*//g' | tr ',\n' '  ')"
	done
	die 'please install' $(missing 2 "$@")
}

need() { # need GROUP...: installs what is missing of these groups
	wanted=$(missing 3 "$@")
	[ "$wanted" ] || return 0
	[ "$install" ] && have apt-get || please "$@"
	sudo=
	[ "$(id -u)" -eq 0 ] || sudo=sudo
	[ -z "$sudo" ] || have sudo || please "$@"
	mkdir -p "$root/build" || exit 128
	known libgit2-dev || apt_get update || exit 128
	packages=$(apt_names $wanted)
	say "installing" $packages
	get="apt_get install -y --no-install-recommends $packages"
	# Old lists name files that the mirror has replaced: then once more.
	$get || { apt_get update && $get; } || exit 128
	wanted=$(missing 2 "$@")
	[ -z "$wanted" ] || die "still missing:" $wanted
}
