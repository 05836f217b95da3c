"""Lets every allocation, open, read, write, rename and fsync of seven commands
fail in turn: a word about it and the right exit code, never a crash, never a
result that looks whole and is not, and nothing half-written.

usage: torture.py <git-hygiene> <fault_call.so> [<most faults of a kind>]
"""
import json
import os
import shutil
import subprocess
import sys

from bounded import is_sanitized
from scratch import run_all

SANITIZED = is_sanitized(sys.argv[1])
PRELOAD = sys.argv[2]
MOST = int(sys.argv[3]) if len(sys.argv) > 3 else 60
CALLS = ("open", "read", "write", "rename", "fsync", "malloc")
COMMANDS = {
    "scan": ("scan", "--format=jsonl"),
    "staged": ("scan", "--staged", "--format=jsonl"),
    "ignore": ("ignore", "--write"),
    "untrack": ("untrack", "--yes"),
    "baseline": ("baseline", "--reason=test"),
    "hook": ("hook", "install"),
    "purge": ("purge", "--plan", "--format=json"),
}


def repository(place):
    repo = place.repo("repo")
    repo.commit_files({"README": "hello\n", "f": "MARK-abcdef\n",
                       "a/store/s1": "x\n", ".gitignore": "*.pyc\n"})
    repo.commit_files({"g": "MARK-uvwxyz\n"})
    repo.git("repack", "-adq")
    repo.write("staged", "MARK-staged\n")
    repo.git("add", "staged")
    return repo


def state(repo):
    """All files but those that git or a lock may leave."""
    found = {}
    for base, _, names in os.walk(repo.path):
        for name in names:
            path = os.path.join(base, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, repo.path)] = file.read()
    return found


def restore(repo, kept):
    for name in set(state(repo)) - set(kept):
        os.unlink(os.path.join(repo.path, name))
    now = state(repo)
    for name, content in kept.items():
        if now.get(name) != content:
            with open(os.path.join(repo.path, name), "wb") as file:
                file.write(content)


def temporary(place):
    """Where a plan writes the secrets that are to be replaced."""
    path = os.path.join(place.path, "temporary")
    os.makedirs(path, exist_ok=True)
    return path


def take_temporary(place):
    """What lies there, and empties it."""
    path = temporary(place)
    found = sorted(os.path.join(base, name) for base, _, names in
                   os.walk(path) for name in names)
    shutil.rmtree(path)
    return found


def run(place, repo, args, **fault):
    env = dict(place.env, ASAN_OPTIONS="verify_asan_link_order=0:"
               "detect_leaks=0", TMPDIR=temporary(place), **fault)
    if fault:
        env["LD_PRELOAD"] = PRELOAD
    return subprocess.run([place.program, *args, "-j1"] if args[0] == "scan"
                          else [place.program, *args], cwd=repo.path, env=env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def numbers():
    """1, 2, 3, … and then in steps that grow."""
    number = 1
    for _ in range(MOST):
        yield number
        number += 1 + number // 20


def found(report):
    """Rule and path of each finding, and whether the scan was complete."""
    rows = [json.loads(line) for line in report.splitlines()]
    return {(row["rule"], row["path"]) for row in rows
            if row["type"] == "finding"}, rows[-1]["complete"]


def plan(text):
    """A plan without its day and the names of temporary files."""
    read = json.loads(text)
    return {key: value for key, value in read.items()
            if key not in ("date", "command")}


def differs(a, b):
    """The parts of two plans that are not the same."""
    return {key: (a[key], b.get(key)) for key in a if a[key] != b.get(key)}


def holds(done, normal):
    """A result that says it is whole has all findings. There may be more: where
    HEAD cannot be read, all of the index is staged."""
    if normal[1].startswith(b'{"type":"purge-plan"'):
        return done.returncode == normal[0] and \
            not differs(plan(normal[1]), plan(done.stdout))
    if not normal[1].startswith(b'{"type":"header"'):
        return (done.returncode, done.stdout) == normal
    findings, complete = found(done.stdout)
    return not complete or findings >= found(normal[1])[0]


def judge(what, done, normal, before, after, now):
    """What a run with a fault may and may not end in."""
    if done.returncode not in (0, 1, 3, 128) or b"Sanitizer" in done.stderr:
        raise AssertionError(f"{what}: exit code {done.returncode}, "
                             f"{done.stderr[-1500:]}")
    if done.returncode == 128 and b"fatal: " not in done.stderr:
        raise AssertionError(f"{what}: no word: {done.stderr}")
    if done.returncode in (0, 1) and not holds(done, normal):
        raise AssertionError(f"{what}: looks whole: {done.returncode} "
                             f"{done.stdout[-800:]} {done.stderr[-400:]}")
    rest = {name: now[name] for name in now if name in before or name in after}
    changed = [name for name in {*before, *after} if rest.get(name) not in
               (before.get(name), after.get(name))]
    # hooks are put in one by one, and those that are in stay
    if changed or "hook" not in what and rest not in (before, after):
        raise AssertionError(f"{what}: half-written: {changed}")


def torture(place, name):
    args = COMMANDS[name]
    repo = repository(place)
    before = state(repo)
    done = run(place, repo, args)
    normal, after = (done.returncode, done.stdout), state(repo)
    if done.returncode not in (0, 1):
        raise AssertionError(f"{args}: {done}")
    restore(repo, before)
    take_temporary(place)
    mark = os.path.join(place.path, "mark")
    failed = []
    for call in CALLS:
        if call == "malloc" and SANITIZED:
            print(f"skipped: malloc of {name}, the program has a sanitizer")
            continue
        points = 0
        for number in numbers():
            done = run(place, repo, args, FAULT_CALL=call,
                       FAULT_AT=str(number), FAULT_MARK=mark)
            if not os.path.exists(mark):
                restore(repo, before)
                take_temporary(place)
                break
            os.unlink(mark)
            points += 1
            now = state(repo)
            try:
                judge(f"{name}, {call} {number}", done, normal, before, after,
                      now)
            except AssertionError as error:
                failed.append(str(error))
            left = take_temporary(place)
            if done.returncode >= 128 and left:
                failed.append(f"{name}, {call} {number}: left {left}")
            restore(repo, before)
        print(f"{name}: {points} {call}")
    if failed:
        raise AssertionError("\n".join(failed))


def scan(place):
    torture(place, "scan")


def scan_staged(place):
    torture(place, "staged")


def ignore_write(place):
    torture(place, "ignore")


def untrack(place):
    torture(place, "untrack")


def baseline(place):
    torture(place, "baseline")


def hook_install(place):
    torture(place, "hook")


def purge_plan(place):
    torture(place, "purge")


if __name__ == "__main__":
    sys.exit(run_all([scan, scan_staged, ignore_write, untrack, baseline,
                      hook_install, purge_plan], sys.argv[1]))
