#!/usr/bin/env python3
"""Holds the index reader against git and libgit2, on indexes of every version.

usage: index_differential.py <index_dump>
"""
import os
import random
import subprocess
import sys
import tempfile

DUMP = os.path.abspath(sys.argv[1])


def git(repo, *args, data=None):
    return subprocess.run(["git", "-C", repo, *args], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


def dump(repo, *args):
    return subprocess.run([DUMP, *args, os.path.join(repo, ".git/index")],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def by_git(repo):
    """The rows as index_dump prints them, from git ls-files."""
    meant = set()
    debug = git(repo, "-c", "core.quotePath=false", "ls-files", "--debug",
                "-z")
    for record in debug.split(b"\0"):
        # the debug lines of a path stand before the next path
        lines = record.split(b"\n")
        if len(lines) > 1:
            flags = int(lines[-2].rsplit(b"flags: ", 1)[1], 16)
            if flags & 0x20000000:
                meant.add(previous)
        previous = lines[-1]
    rows = []
    for row in git(repo, "ls-files", "--stage", "-z").split(b"\0"):
        if row:
            meta, path = row.split(b"\t", 1)
            mode, oid, stage = meta.split()
            flag = b"N" if path in meant else b"-"
            rows.append(b"%s %s %s %s\t%s" % (mode, oid, stage, flag, path))
    return rows


def random_path(rng):
    parts = [rng.choice(["a", "b", "ab", "a-b", "a.b", "dir", "\u00e9", "x y",
                         "long" * 40])
             for _ in range(rng.randint(1, 6))]
    if rng.random() < 0.02:
        parts = ["deep" * 50] * 30  # longer than the 12 bits of its length
    return "/".join(parts) + "-" + str(rng.randint(0, 400))


def fill(repo, rng, count):
    blob = git(repo, "hash-object", "-w", "--stdin", data=b"x").strip()
    lines = []
    for _ in range(count):
        mode = rng.choice([b"100644", b"100755", b"120000", b"160000"])
        path = random_path(rng).encode()
        stages = rng.choice([[b"0"]] * 9 + [[b"1", b"2", b"3"]])
        for stage in stages:
            oid = rng.choice([blob, b"%040x" % rng.getrandbits(159)])
            if mode != b"160000":
                oid = blob
            lines.append(b"%s %s %s\t%s\0" % (mode, oid, stage, path))
    git(repo, "update-index", "-z", "--index-info", data=b"".join(lines))


def mean_to_add(repo, rng, count):
    for i in range(count):
        name = f"meant{rng.randint(0, 99)}"
        with open(os.path.join(repo, name), "w", encoding="utf-8") as file:
            file.write("x")
        git(repo, "add", "-N", name)


def check_cache_tree(repo, what, complete):
    """What the index says of its folders is what git write-tree made; a folder
    with an intent to add it does not know."""
    root = git(repo, "write-tree").strip().decode()
    rows = [r for r in dump(repo, "--cache-tree").stdout.split(b"\0") if r]
    listed = git(repo, "ls-tree", "-r", "-t", "-z", root).split(b"\0")
    trees = {b"": root.encode()}
    files = [r.split(b"\t", 1)[1] for r in listed if r and b" tree " not in r]
    for row in listed:
        if b" tree " in row:
            meta, path = row.split(b"\t", 1)
            trees[path + b"/"] = meta.split()[2]
    wanted = {b"%s %d\t%s" % (oid, sum(f.startswith(path) for f in files), path)
              for path, oid in trees.items()}
    if set(rows) - wanted or (complete and set(rows) != wanted):
        sys.exit(f"{what}: the cache tree differs: "
                 f"{sorted(set(rows) ^ wanted)[:4]}")


def check(repo, what):
    run = dump(repo)
    if run.returncode:
        sys.exit(f"{what}: {run.stderr.decode()}")
    rows = [r for r in run.stdout.split(b"\0") if r]
    expected = by_git(repo)
    if rows != expected:
        for mine, theirs in zip(rows, expected):
            if mine != theirs:
                sys.exit(f"{what}:\n  git:  {theirs}\n  read: {mine}")
        sys.exit(f"{what}: {len(rows)} entries instead of {len(expected)}")
    other = dump(repo, "--libgit2")
    if other.returncode == 0 and other.stdout != run.stdout:
        sys.exit(f"{what}: libgit2 differs")
    return other.returncode == 0


def main():
    rng = random.Random(7)
    compared = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(24):
            repo = os.path.join(folder, f"r{number}")
            subprocess.run(["git", "init", "-q", repo], check=True)
            version = 2 + number % 3
            if number >= 12:  # extensions that tell threads where to begin
                git(repo, "config", "index.threads", "2")
                git(repo, "config", "core.untrackedCache", "true")
            fill(repo, rng, rng.choice([0, 1, 7, 300]))
            if version == 3:
                mean_to_add(repo, rng, 3)
            git(repo, "update-index", "--force-write-index",
                "--index-version", str(version))
            what = f"index {number}, version {version}"
            compared += check(repo, what)
            if not git(repo, "ls-files", "-u"):
                check_cache_tree(repo, what, version != 3)
                check(repo, what + " with a cache tree")
            with open(os.path.join(repo, ".git/index"), "r+b") as file:
                file.seek(-20, os.SEEK_END)
                file.write(bytes(20))  # as index.skipHash does
            rows = dump(repo)
            if rows.returncode:
                sys.exit(f"{what}: a zero checksum is refused")
    print(f"24 indexes are read as git reads them, {compared} as libgit2 does")
    sys.exit(0 if compared > 12 else 1)


if __name__ == "__main__":
    main()
