#!/usr/bin/env python3
"""Scans of ranges of a generated history, held against a brute force over the
trees of every commit: branches, renames, retyped files, merges with content of
their own, octopus merges, several roots.

usage: range.py <git-hygiene> [--commits N] [--seed N] [--ranges N]
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from history import Generator, git, read_blobs, read_commits, words_of

RULES = """
version: 1
pack: test
rules:
  - id: test-content
    title: Marked content
    severity: high
    confidence: high
    why: A test.
    keywords: [MARK-]
    pattern: 'MARK-([a-z]+)'
    placeholders: true
    store: none
    references: ['https://example.test/']
    examples:
      match: [{content: 'MARK-{}abc'}]
      nomatch: [{content: 'mark'}]
  - id: test-path
    title: Any file
    severity: high
    confidence: high
    why: A test.
    path: '**/*'
    except: [never]
    store: none
    references: ['https://example.test/']
    examples:
      match: [{path: a/b}]
      nomatch: [{path: never}]
"""


class Repo:
    """The repository and all its trees."""

    def __init__(self, program, path, rules):
        self.program, self.path, self.rules = program, path, rules
        self.commits = read_commits(path)
        self.trees = {c[0]: c[3] for c in self.commits}
        self.parents = {c[0]: c[1] for c in self.commits}
        self.dates = {c[0]: c[2] for c in self.commits}
        self.tips = [self.trees[oid] for oid in git(
            path, "for-each-ref", "--format=%(objectname)",
            "refs/heads").decode().split()]
        blobs = read_blobs(path, sorted({b for c in self.commits
                                         for b in c[3].values()}))
        self.words = {oid: words_of(text) for oid, text in blobs.items()}

    def scan(self, *args, data=None, code=(0, 1)):
        run = subprocess.run(
            [self.program, "-C", self.path, "scan", "--no-builtin-rules",
             "--rules", self.rules, "--format=jsonl", *args], input=data,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if run.returncode not in code:
            sys.exit(f"{args}: {run.returncode} {run.stderr.decode()}")
        return [json.loads(line) for line in run.stdout.splitlines()]

    def new_entries(self, commits):
        """{path: blobs} that some commit has and none of its parents has at
        that path."""
        new = {}
        for oid in commits:
            before = [self.trees[p] for p in self.parents[oid]]
            for path, blob in self.trees[oid].items():
                if all(tree.get(path) != blob for tree in before):
                    new.setdefault(path, set()).add(blob)
        return new

    def compare(self, what, rows, commits):
        new = self.new_entries(commits)
        wanted = {(path, len(blobs)) for path, blobs in new.items()}
        found = [r for r in rows if r["type"] == "finding"]
        actual = {(r["path"], r["versions"]) for r in found
                  if r["rule"] == "test-path"}
        if actual != wanted:
            sys.exit(f"{what}: {sorted(actual ^ wanted)[:5]}")
        marked = sorted(path for path, blobs in new.items()
                        for _ in set().union(*(self.words[b] for b in blobs)))
        if sorted(r["path"] for r in found
                  if r["rule"] == "test-content") != marked:
            sys.exit(f"{what}: marked content differs")
        for row in found:
            exposure = row["exposure"]
            if exposure["first_commit"] not in commits and \
                    exposure["last_commit"] not in commits:
                sys.exit(f"{what}: {row['path']} is of another commit")
        summary = rows[-1]
        if summary["commits"] != len(commits):
            sys.exit(f"{what}: {summary['commits']} commits instead of "
                     f"{len(commits)}")
        return len(wanted)


    def compare_tips(self, what, rows, commits):
        """Which paths have, at the tip of a branch, what was found there."""
        new = self.new_entries(commits)
        for row in rows:
            path = row.get("path")
            if row.get("rule") != "test-path":
                continue
            wanted = ["branch"] if any(
                tip.get(path) in new[path] for tip in self.tips) else []
            if row["exposure"]["tip_of"] != wanted:
                sys.exit(f"{what}: {path} is at the tip of "
                         f"{row['exposure']['tip_of']}, not {wanted}")


def reach(repo, *args):
    return set(git(repo.path, "rev-list", *args).decode().split())


def ranges_by_two_ends(repo, rng, count):
    found = 0
    oids = [c[0] for c in repo.commits]
    for _ in range(count):
        low, high = rng.choice(oids), rng.choice(oids)
        commits = reach(repo, high, "^" + low)
        rows = repo.scan(f"--range={low}..{high}", "--jobs=2")
        found += repo.compare(f"{low}..{high}", rows, commits)
    return found


def ranges_by_many_ends(repo, rng, count):
    found = 0
    oids = [c[0] for c in repo.commits]
    for _ in range(count):
        tips = rng.sample(oids, 3)
        cuts = rng.sample(oids, 3)
        commits = reach(repo, *tips, *("^" + c for c in cuts))
        args = [f"--range={tip}" for tip in tips]
        args += [f"--range=^{cut}" for cut in cuts]
        found += repo.compare(str(args), repo.scan(*args), commits)
    commits = reach(repo, "--all", "^" + oids[len(oids) // 2])
    rows = repo.scan(f"--range=^{oids[len(oids) // 2]}")
    return found + repo.compare("all but", rows, commits)


def commits_one_by_one(repo, rng, count):
    found = 0
    oids = [c[0] for c in repo.commits]
    for size in range(count):
        commits = set(rng.sample(oids, size * size))
        rows = repo.scan("--commits-from=-",
                         data="".join(c + "\n" for c in commits).encode())
        found += repo.compare(f"{size} commits", rows, commits)
    return found


def commits_since(repo):
    oids = [c[0] for c in repo.commits]
    found = 0
    for oid in oids[::150]:
        day = subprocess.run(
            ["date", "-u", "-d", f"@{repo.dates[oid]}",
             "+%Y-%m-%dT%H:%M:%SZ"], check=True,
            stdout=subprocess.PIPE).stdout.decode().strip()
        commits = {c for c in oids if repo.dates[c] >= repo.dates[oid]}
        rows = repo.scan(f"--since={day}")
        found += repo.compare(f"since {day}", rows, commits)
        repo.compare_tips(f"since {day}", rows, commits)
    return found


def redated(stream, date):
    """The same commits with other committer dates."""
    return re.sub(rb"(committer [^>]*> )\d+",
                  lambda m: m.group(1) + b"%d" % date(), stream)


def dates_that_lie(folder, program, rules, stream, rng):
    """With equal dates a range is exact; where a commit is older than its
    parents it may hold too much, never too little."""
    for name, date, exact in (
            ("equal", lambda: 1500000000, True),
            ("random", lambda: 1500000000 + rng.randint(0, 99), False)):
        path = os.path.join(folder, name)
        subprocess.run(["git", "init", "-q", path], check=True)
        git(path, "fast-import", "--quiet", data=redated(stream, date))
        repo = Repo(program, path, rules)
        oids = [c[0] for c in repo.commits]
        for _ in range(40):
            low, high = rng.choice(oids), rng.choice(oids)
            commits = reach(repo, high) - reach(repo, low)
            rows = repo.scan(f"--range={low}..{high}")
            if exact:
                repo.compare(f"{name} dates", rows, commits)
            found = {r["path"] for r in rows if r["type"] == "finding"}
            missed = set(repo.new_entries(commits)) - found
            if missed:
                sys.exit(f"{name} dates: missed {sorted(missed)[:5]}")


def names_are_understood(repo):
    head = git(repo.path, "rev-parse", "HEAD").decode().strip()
    git(repo.path, "tag", "-am", "t", "tagged", head + "~5")
    for text, args in (
            ("HEAD~3..HEAD", ["HEAD", "^HEAD~3"]), ("HEAD~1..", ["HEAD",
                                                                 "^HEAD~1"]),
            (f"{head[:12]}^^..@", ["HEAD", "^HEAD~2"]),
            ("tagged..HEAD", ["HEAD", "^tagged"])):
        repo.compare(text, repo.scan(f"--range={text}"), reach(repo, *args))
    for text in ("HEAD...HEAD~1", "nothing..HEAD", "HEAD~99999999..HEAD"):
        repo.scan(f"--range={text}", code=(128, 129))


def added_and_removed_inside(folder, program, rules):
    """Nothing of it is in either end's tree."""
    path = os.path.join(folder, "inside")
    subprocess.run(["git", "init", "-q", "-b", "main", path], check=True)
    git(path, "config", "user.name", "A")
    git(path, "config", "user.email", "a@example.test")
    for number, words in enumerate(("", "MARK-inside", "")):
        with open(os.path.join(path, "file"), "w", encoding="utf-8") as file:
            file.write(f"{number} {words}\n")
        git(path, "add", "-A")
        git(path, "commit", "-qm", str(number))
    repo = Repo(program, path, rules)
    rows = repo.scan("--range=HEAD~2..HEAD")
    findings = [r for r in rows if r.get("rule") == "test-content"]
    if [r["at_tip"] for r in findings] != [False]:
        sys.exit("what was added and removed inside a range is not found")
    if any(r.get("rule") == "test-content"
           for r in repo.scan("--range=HEAD~1..HEAD")):
        sys.exit("what was there before the range is found")


def same_folder_twice(folder, program, rules):
    """A tree that stands at two depths of the same path."""
    path = os.path.join(folder, "twice")
    subprocess.run(["git", "init", "-q", "-b", "main", path], check=True)
    git(path, "config", "user.name", "A")
    git(path, "config", "user.email", "a@example.test")

    def tree(*entries):
        return git(path, "mktree", data="".join(
            f"{entry}\n" for entry in entries).encode()).decode().strip()

    blob = git(path, "hash-object", "-w", "--stdin",
               data=b"MARK-twice\n").decode().strip()
    other = tree(f"100644 blob {blob}\ty")
    inner = tree(f"040000 tree {other}\ta", f"100644 blob {blob}\tx")
    outer = tree(f"040000 tree {inner}\ta")
    for branch, content in (("one", outer),
                            ("two", tree(f"040000 tree {outer}\ta"))):
        commit = git(path, "commit-tree", "-m", branch, content)
        git(path, "branch", branch, commit.decode().strip())
    git(path, "symbolic-ref", "HEAD", "refs/heads/one")
    repo = Repo(program, path, rules)
    commits = reach(repo, "--all")
    for arg in ("--history", "--since=1970-01-02"):
        repo.compare_tips(arg, repo.scan(arg), commits)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--commits", type=int, default=600)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--ranges", type=int, default=60)
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "rules.yml")
        with open(rules, "w", encoding="utf-8") as file:
            file.write(RULES)
        added_and_removed_inside(folder, program, rules)
        same_folder_twice(folder, program, rules)
        path = os.path.join(folder, "repo")
        subprocess.run(["git", "init", "-q", path], check=True)
        made = Generator(rng, args.commits)
        stream = b"".join(made.out)
        git(path, "fast-import", "--quiet", data=stream)
        dates_that_lie(folder, program, rules, stream, rng)
        longest = max(made.branches, key=lambda n: len(git(
            path, "rev-list", "--first-parent", n)))
        git(path, "symbolic-ref", "HEAD", f"refs/heads/{longest}")
        git(path, "config", "user.name", "A")
        git(path, "config", "user.email", "a@example.test")
        repo = Repo(program, path, rules)
        found = ranges_by_two_ends(repo, rng, args.ranges)
        found += ranges_by_many_ends(repo, rng, args.ranges // 3)
        found += commits_one_by_one(repo, rng, 12)
        found += commits_since(repo)
        names_are_understood(repo)
        print(f"{args.commits} commits, {found} new entries in their ranges")
        sys.exit(0 if found else 1)


if __name__ == "__main__":
    main()
