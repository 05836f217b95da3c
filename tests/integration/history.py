#!/usr/bin/env python3
"""Scans a generated history and holds the findings against git's own answers.

The repository has branches, renames, edits, deletions, files that become
symlinks or folders, merges with and without content of their own, octopus
merges, and several roots. What each commit holds is asked of `git ls-tree` and
`git log -m --name-status`, never of the code under test.

usage: history.py <git-hygiene> [--commits N] [--seed N] [--keep DIR]
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile

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
    title: File in a store
    severity: high
    confidence: high
    why: A test.
    path: '**/store/*'
    store: directory
    references: ['https://example.test/']
    examples:
      match: [{path: a/store/b}]
      nomatch: [{path: store}]
"""


def git(repo, *args, data=None):
    return subprocess.run(["git", "-C", repo, *args], input=data, check=True,
                          stdout=subprocess.PIPE).stdout


class Generator:
    """Writes a git fast-import stream; `trees` are what it believes."""

    def __init__(self, rng, commits):
        self.rng = rng
        self.out = []
        self.mark = 0
        self.trees = {}    # mark -> {path: (mode, content)}
        self.branches = {}  # name -> mark
        self.run(commits)

    def path(self):
        folder = self.rng.choice(["", "src/", "a/b/", "store/", "a/store/",
                                  "a/store-x/", "deep/er/and/store/", "a.b/"])
        return folder + self.rng.choice("pqrstuvwxyz") + \
            self.rng.choice(["", ".txt", "-1", " x", "\u00e9"])

    def content(self):
        words = [self.rng.choice(["foo", "bar", "MARK-", "x" * 30, "\0bin"])
                 for _ in range(self.rng.randint(0, 4))]
        if self.rng.random() < 0.12:
            words.append("MARK-" + self.rng.choice(["abc", "def", "ghi"]))
        return "\n".join(words) + "\n"

    def put(self, tree, path, entry):
        """A file takes the place of a folder and the other way round."""
        for other in list(tree):
            if other.startswith(path + "/") or path.startswith(other + "/"):
                del tree[other]
        tree[path] = entry

    def change(self, tree):
        action = self.rng.random()
        paths = sorted(tree)
        if action < 0.45 or not paths:
            self.put(tree, self.path(), ("100644", self.content()))
        elif action < 0.60:
            path = self.rng.choice(paths)
            tree[path] = (tree[path][0], self.content())
        elif action < 0.72:
            old = self.rng.choice(paths)
            entry = tree.pop(old)
            self.put(tree, self.path(), entry)
        elif action < 0.90:
            del tree[self.rng.choice(paths)]
        elif action < 0.95:
            path = self.rng.choice(paths)
            tree[path] = ("120000", self.content().replace("\0", "0"))
        else:
            self.put(tree, self.rng.choice(paths) + "/inner",
                     ("100755", self.content()))

    def commit(self, branch, parents, tree):
        self.mark += 1
        self.trees[self.mark] = tree
        self.branches[branch] = self.mark
        when = 1500000000 + self.mark * 97
        lines = [f"commit refs/heads/{branch}", f"mark :{self.mark}",
                 f"author A {self.mark} <a@example.test> {when} +0130",
                 f"committer C <c@example.test> {when} +0000",
                 "data 1", "x"]
        for i, parent in enumerate(parents):
            lines.append(("from" if i == 0 else "merge") + f" :{parent}")
        lines.append("deleteall")
        self.out.append("\n".join(lines).encode() + b"\n")
        for path, (mode, content) in sorted(tree.items()):
            data = content.encode()
            self.out.append(f'M {mode} inline "{path}"\n'.encode() +
                            f"data {len(data)}\n".encode() + data + b"\n")

    def merge(self):
        names = sorted(self.branches)
        sides = self.rng.sample(names, min(len(names),
                                           self.rng.choice([2, 2, 2, 3])))
        marks = list(dict.fromkeys(self.branches[s] for s in sides))
        if len(marks) < 2:
            return
        tree = {}
        for mark in self.rng.sample(marks, len(marks)):
            for path, entry in self.trees[mark].items():
                if self.rng.random() < 0.8:
                    self.put(tree, path, entry)
        if self.rng.random() < 0.4:  # content that stands in no parent
            self.change(tree)
        self.commit(sides[0], marks, tree)

    def run(self, commits):
        while self.mark < commits:
            action = self.rng.random()
            names = sorted(self.branches)
            if not names or (action < 0.01 and len(names) < 12):
                tree = {}
                for _ in range(5):
                    self.change(tree)
                self.commit(f"root{self.mark}", [], tree)
            elif action < 0.06 and len(names) < 12:
                source = self.branches[self.rng.choice(names)]
                tree = dict(self.trees[source])
                self.change(tree)
                self.commit(f"side{self.mark}", [source], tree)
            elif action < 0.20:
                self.merge()
            else:
                name = self.rng.choice(names)
                tree = dict(self.trees[self.branches[name]])
                for _ in range(self.rng.randint(0, 3)):
                    self.change(tree)
                self.commit(name, [self.branches[name]], tree)


def read_commits(repo):
    """[(oid, parents, date, {path: blob})] in order of date."""
    commits = []
    log = git(repo, "rev-list", "--all", "--parents", "--timestamp")
    for line in log.decode().splitlines():
        date, oid, *parents = line.split()
        commits.append((int(date), oid, parents))
    commits.sort()
    result = []
    for date, oid, parents in commits:
        tree = {}
        for row in git(repo, "ls-tree", "-r", "-z", oid).split(b"\0"):
            if row:
                meta, path = row.split(b"\t", 1)
                tree[path.decode()] = meta.split()[2].decode()
        result.append((oid, parents, date, tree))
    return result


def read_blobs(repo, oids):
    blobs = {}
    out = git(repo, "cat-file", "--batch",
              data="".join(o + "\n" for o in oids).encode())
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        oid, _, size = out[at:end].split()
        at = end + 1 + int(size) + 1
        blobs[oid.decode()] = out[end + 1:at - 1]
    return blobs


def words_of(content):
    """The secrets of test-content in a blob."""
    return {m.decode() for m in re.findall(rb"MARK-([a-z]+)", content)}


def in_store(path):
    return path.split("/")[-2:-1] == ["store"]


def expected_findings(repo):
    """{(rule, path, secret): facts} from git's answers alone."""
    commits = read_commits(repo)
    blobs = read_blobs(repo, sorted({b for c in commits
                                     for b in c[3].values()}))
    words = {oid: words_of(content) for oid, content in blobs.items()}
    trees = {c[0]: c[3] for c in commits}
    bearers = {}  # finding -> blobs that bear it
    for _, _, _, tree in commits:
        for path, blob in tree.items():
            if in_store(path):
                bearers.setdefault(("test-path", path, ""), set()).add(blob)
            for word in words[blob]:
                bearers.setdefault(("test-content", path, word),
                                   set()).add(blob)
    reach = {}
    refs = git(repo, "for-each-ref", "--format=%(objectname) %(refname)")
    refs = [line.split() for line in refs.decode().splitlines()]
    for tip, name in refs:
        reach[name] = set(git(repo, "rev-list", tip).decode().split())
    findings = {}
    for key, bearing in bearers.items():
        path = key[1]
        origins, last, removed = [], None, None
        for oid, parents, _, tree in commits:
            now = tree.get(path)
            before = [trees[p].get(path) for p in parents]
            had = [b in bearing for b in before]
            if now in bearing:
                if now not in before:
                    last = oid
                if not any(had):
                    origins.append(oid)
            elif parents and all(had):
                removed = oid
        at_tip = any(trees[tip].get(path) in bearing for tip, _ in refs)
        order = {commit[0]: i for i, commit in enumerate(commits)}
        if not at_tip and (not removed or order[removed] < order[last]):
            removed = removing_merge(commits, trees, path, bearing)
        holding = sorted(n for n in reach if reach[n] & set(origins))
        findings[key] = {
            "versions": len(bearing), "first": origins[0], "last": last,
            "removed": None if at_tip else removed, "at_tip": at_tip,
            "refs": holding}
    return findings


def removing_merge(commits, trees, path, bearing):
    """The last merge that dropped what only one of its parents had, and that
    no other one had taken away before."""
    had, dropped, taken = set(), None, None
    for oid, parents, _, tree in commits:
        before = [trees[p].get(path) in bearing for p in parents]
        gone = any(p in had and not b for p, b in zip(parents, before))
        if tree.get(path) in bearing or any(p in had for p in parents):
            had.add(oid)
        if tree.get(path) not in bearing and any(before) and len(parents) > 1:
            if gone:
                taken = oid
            else:
                dropped = oid
    return dropped or taken


def paths_by_log(repo):
    """Flagged paths by the two commands that the manual of git offers."""
    log = git(repo, "log", "--all", "-m", "--root", "--no-renames",
              "--name-status", "-z", "--format=")
    words = [w for w in log.decode().split("\0") if w.strip()]
    paths = set()
    for status, path in zip(words[::2], words[1::2]):
        if status.strip() != "D":
            paths.add(path)
    listed = git(repo, "-c", "core.quotePath=false", "rev-list", "--all",
                 "--objects").decode().splitlines()
    named = {line.split(" ", 1)[1] for line in listed if " " in line}
    missing = {p for p in named if in_store(p)} - paths
    assert not missing, f"git disagrees with itself: {missing}"
    return {p for p in paths if in_store(p)}


def scan(program, repo, rules, *args):
    run = subprocess.run([program, "-C", repo, "scan", "--history",
                          "--no-builtin-rules", "--rules", rules,
                          "--format=jsonl", *args], stdout=subprocess.PIPE)
    if run.returncode not in (0, 1):
        sys.exit(f"scan ended with {run.returncode}")
    return run.stdout


def actual_findings(report):
    findings = {}
    for line in report.decode().splitlines():
        row = json.loads(line)
        if row["type"] == "skipped":
            sys.exit(f"skipped: {row}")
        if row["type"] != "finding":
            continue
        exposure = row["exposure"]
        findings.setdefault((row["rule"], row["path"]), []).append({
            "versions": row["versions"], "first": exposure["first_commit"],
            "last": exposure["last_commit"],
            "removed": exposure["removed_commit"], "at_tip": row["at_tip"],
            "refs": exposure["refs"]})
    return findings


def check_removals(expected, actual, commits):
    """What is at no tip has been removed by a commit that lacks it."""
    trees = {c[0]: c[3] for c in commits}
    parents = {c[0]: c[1] for c in commits}
    merges = 0
    for (rule, path), rows in actual.items():
        for row in rows:
            if row["at_tip"]:
                assert row["removed"] is None, (path, row)
                continue
            oid = row["removed"]
            assert oid, f"{path}: nobody removed it"
            blob = trees[oid].get(path)
            assert any(trees[p].get(path) not in (None, blob)
                       for p in parents[oid]), (rule, path, row)
            merges += len(parents[oid]) > 1
    assert merges, "no merge removed anything"
    assert set(actual) == {key[:2] for key in expected}


def compare(expected, actual):
    """Secrets are named by hashes, so those of one path are held against each
    other as a set."""
    wanted = {}
    for (rule, path, _), facts in expected.items():
        wanted.setdefault((rule, path), []).append(facts)

    def order(facts):
        return json.dumps(facts, sort_keys=True)
    wrong = 0
    for key in sorted(wanted.keys() | actual.keys()):
        a = sorted(wanted.get(key, []), key=order)
        b = sorted(actual.get(key, []), key=order)
        if a != b:
            wrong += 1
            if wrong <= 5:
                print(f"{key}:\n  git:  {a}\n  scan: {b}")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--commits", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    with tempfile.TemporaryDirectory() as folder:
        repo = args.keep or os.path.join(folder, "repo")
        subprocess.run(["git", "init", "-q", repo], check=True)
        made = Generator(random.Random(args.seed), args.commits)
        git(repo, "fast-import", "--quiet", data=b"".join(made.out))
        rules = os.path.join(folder, "rules.yml")
        with open(rules, "w", encoding="utf-8") as file:
            file.write(RULES)
        report = scan(program, repo, rules, "--jobs=1")
        for variant in (["--jobs=2"], ["--jobs=7"],
                        ["--jobs=2", "--libgit2"]):
            if scan(program, repo, rules, *variant) != report:
                sys.exit(f"{variant} gives another report than --jobs=1")
        actual = actual_findings(report)
        expected = expected_findings(repo)
        by_log = paths_by_log(repo)
        flagged = {path for rule, path in actual if rule == "test-path"}
        if flagged != by_log:
            sys.exit(f"paths differ from git log -m: {flagged ^ by_log}")
        wrong = compare(expected, actual)
        check_removals(expected, actual, read_commits(repo))
        print(f"{args.commits} commits, {len(expected)} findings expected, "
              f"{wrong} paths wrong")
        git(repo, "repack", "-qadf", "--depth=50")
        if scan(program, repo, rules, "--jobs=2") != report:
            sys.exit("repacking changes the report")
        sys.exit(1 if wrong or not expected else 0)


if __name__ == "__main__":
    main()
