#!/bin/sh
# What a pre-commit hook costs: a scan of 3 staged files among 100,000 tracked
# ones, and the hook itself, beside the start of the program and `git diff
# --cached --name-only`. Wants of both: at most 15 ms above --version, at most
# 2.0 of git diff.
# usage: staged.sh <git-hygiene> [<files>]; exit 1 when a bound is passed.
set -e
program=$(realpath "$1")
files=${2:-100000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
repo=$folder/repo

# 100 files a folder, 25 folders in each folder of the root
stream() {
	awk -v files="$files" 'BEGIN {
		print "commit refs/heads/main"
		print "committer A <a@example.test> 1600000000 +0000"
		print "data 1\nx"
		for (i = 0; i < files; i++) {
			data = "file " i "\n"
			printf "M 100644 inline part%02d/folder%02d/", \
				i / 2500, (i / 100) % 25
			printf "file_%06d.txt\ndata %d\n%s\n", i, \
				length(data), data
		}
	}'
}

git init -q -b main "$repo"
stream | git -C "$repo" fast-import --quiet
git -C "$repo" read-tree HEAD # the cache-tree is that of HEAD
for i in 1 2 3; do
	mkdir -p "$repo/part0$i"
	echo "new $i" >"$repo/part0$i/new.txt"
	git -C "$repo" add "part0$i/new.txt"
done

cd "$repo"
python3 - "$program" <<'PYTHON'
import statistics, subprocess, sys, time

program = sys.argv[1]
commands = {
    "git-hygiene --version": [program, "--version"],
    "git diff --cached --name-only":
        ["git", "diff", "--cached", "--name-only"],
    "git-hygiene scan --staged": [program, "scan", "--staged"],
    "git-hygiene hook run pre-commit": [program, "hook", "run", "pre-commit"],
}
times = {name: [] for name in commands}
for turn in range(21):  # in turns, so that all meet the same machine
    for name, command in commands.items():
        begin = time.perf_counter()
        code = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
        if code:
            sys.exit(f"{command} ended with {code}")
        if turn:  # the first turn warms up
            times[name].append(1000 * (time.perf_counter() - begin))
medians = {name: statistics.median(times[name]) for name in commands}
start, git = list(medians.values())[:2]
failed = False
for name, median in medians.items():
    line = f"{name:32} {median:6.1f} ms"
    if name.startswith(("git-hygiene scan", "git-hygiene hook")):
        above, of_git = median - start, median / git
        line += (f"  {above:5.1f} ms above --version, {of_git:.2f} of git "
                 "diff")
        failed = failed or above > 15 or of_git > 2
    print(line)
sys.exit(failed)
PYTHON
