#!/usr/bin/env python3
"""Scans repositories whose trees git itself would never write.

Names out of order, twice, or with a slash; files and folders of one name;
entries that name nothing, or an object of another type; trees that end in the
middle of an entry; submodules. All of history is worked out in memory from
deltas of trees; with --libgit2 it is walked commit by commit, tree by tree. Both
must report the same bytes, whatever the trees are stored as.

Trees made to exhaust memory or time must end soon, and be told.

usage: odd_trees.py <git-hygiene> [--repositories N] [--seed N]
"""
import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zlib

import history

FILE, LINK, TREE, MODULE = b"100644", b"120000", b"40000", b"160000"
SECONDS = 120  # a sanitizer, and a busy machine, slow it down


class Store:
    """Loose objects, written without asking whether they make sense."""

    def __init__(self, folder):
        self.repo = os.path.join(folder, "repo")
        subprocess.run(["git", "init", "-q", "-b", "main", self.repo],
                       check=True)
        self.written = []
        self.when = 1500000000

    def write(self, kind, data):
        whole = kind + b" %d\0" % len(data) + data
        oid = hashlib.sha1(whole).hexdigest()
        path = os.path.join(self.repo, ".git/objects", oid[:2], oid[2:])
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(zlib.compress(whole, 1))
            self.written.append(oid)
        return oid

    def tree(self, entries, tail=b""):
        """[(mode, name, id)] as they come."""
        return self.write(b"tree", b"".join(
            mode + b" " + name + b"\0" + bytes.fromhex(oid)
            for mode, name, oid in entries) + tail)

    def commit(self, tree, parents):
        self.when += 60
        lines = [f"tree {tree}", *(f"parent {p}" for p in parents),
                 f"author A <a@example.test> {self.when} +0000",
                 f"committer A <a@example.test> {self.when} +0000", "", "x"]
        return self.write(b"commit", "\n".join(lines).encode() + b"\n")

    def ref(self, name, oid):
        path = os.path.join(self.repo, ".git/refs/heads", name)
        with open(path, "w", encoding="ascii") as file:
            file.write(oid + "\n")

    def pack(self, rng):
        """Moves all objects but some into one pack with deltas."""
        names = [oid for oid in self.written if rng.random() < 0.97]
        base = os.path.join(self.repo, ".git/objects/pack/pack")
        subprocess.run(["git", "-C", self.repo, "pack-objects", "-q",
                        "--depth=50", "--window=20", base],
                       input="\n".join(names).encode(), check=True,
                       stdout=subprocess.DEVNULL)
        for oid in names:
            os.remove(os.path.join(self.repo, ".git/objects", oid[:2],
                                   oid[2:]))


def git_order(entry):
    return entry[1] + (b"/" if entry[0] == TREE else b"")


class Odd:
    """A history whose trees change a little from commit to commit."""

    def __init__(self, store, rng, commits):
        self.store, self.rng = store, rng
        self.oddness = rng.choice([0, 0.002, 0.02, 0.2])
        self.blobs = [store.write(b"blob", b"MARK-%s %d\n" % (
            rng.choice([b"abc", b"def", b"G"]), i)) for i in range(40)]
        self.subtrees = []
        tips = []
        for _ in range(commits):
            parents = rng.sample(tips, min(len(tips),
                                           rng.choice([1, 1, 1, 1, 2, 3,
                                                       12])))
            tree = self.tree(parents and parents[0][1], 0)
            if rng.random() < 0.02:
                tree = ([], self.broken())
            oid = store.commit(tree[1], [p[0] for p in parents] *
                               rng.choice([1, 1, 1, 2, 30]))
            if parents and rng.random() < 0.9:
                tips.remove(parents[0])
            tips.append((oid, tree))
        for i, (oid, _) in enumerate(tips):
            store.ref(f"tip{i}", oid)

    def broken(self):
        return self.rng.choice([
            self.rng.choice(self.blobs), "00" * 19 + "01",
            hashlib.sha1(b"%d" % self.rng.randint(0, 9)).hexdigest(),
            "4b825dc642cb6eb9a060e54bf8d69288fbee4904"])

    def entry(self, depth):
        rng = self.rng
        odd = rng.random() < self.oddness
        kind = rng.random()
        if kind < 0.25 and depth < 3:
            name = rng.choice([b"store", b"a", b"a.b", b"deep", b"x0"])
            if odd:
                return TREE, name, self.broken(), None
            if self.subtrees and rng.random() < 0.3:
                old = rng.choice(self.subtrees)
                return TREE, name, old[1], old
            new = self.tree(None, depth + 1)
            return TREE, name, new[1], new
        name = b"%s%d" % (rng.choice([b"x", b"y", b"a.", b"Store"]),
                          rng.randint(0, 30))
        if odd:
            name = rng.choice([b"store/x1", b"a", b"store", b"x1", b"/"])
        mode = FILE if kind < 0.9 else rng.choice([LINK, MODULE])
        return mode, name, rng.choice(self.blobs), None

    def change(self, entries, depth):
        rng = self.rng
        kind = rng.random()
        at = rng.randrange(len(entries)) if entries else 0
        if kind < 0.3 and entries:
            mode, name, _, sub = entries[at]
            if sub and mode == TREE:
                sub = self.tree(sub, depth + 1)
                entries[at] = (mode, name, sub[1], sub)
            elif mode != TREE:
                entries[at] = (mode, name, rng.choice(self.blobs), None)
        elif kind < 0.5 and entries:
            del entries[at]
        else:
            entries.append(self.entry(depth))

    def tree(self, old, depth):
        """(entries, id), changed from an old one or new."""
        rng = self.rng
        entries = list(old[0]) if old else []
        for _ in range(rng.randint(1, 4) if old else rng.randint(3, 25)):
            self.change(entries, depth)
        tail = b""
        if rng.random() < self.oddness:
            rng.shuffle(entries)
            tail = rng.choice([b"", b"", b"100644 x", b"40000 \0"])
        elif rng.random() > self.oddness:
            entries.sort(key=git_order)
            entries = [e for i, e in enumerate(entries) if not i or
                       git_order(e) != git_order(entries[i - 1])]
        made = (entries, self.store.tree([e[:3] for e in entries], tail))
        if depth:
            self.subtrees = [*self.subtrees[-30:], made]
        return made


def scan(program, repo, rules, *args):
    run = subprocess.run([program, "-C", repo, "scan", "--history",
                          "--no-builtin-rules", "--rules", rules,
                          "--format=jsonl", *args], stdout=subprocess.PIPE)
    if run.returncode not in (0, 1, 3):
        sys.exit(f"{args}: scan ended with {run.returncode}")
    return run.stdout


def check_odd(program, rules, seed):
    with tempfile.TemporaryDirectory() as folder:
        rng = random.Random(seed)
        store = Store(folder)
        Odd(store, rng, 120)
        wanted = scan(program, store.repo, rules, "--jobs=1", "--libgit2")
        for form in ("loose", "packed"):
            if form == "packed":
                store.pack(rng)
            for jobs in (1, 3):
                got = scan(program, store.repo, rules, f"--jobs={jobs}")
                if got != wanted:
                    for a in set(got.splitlines()) ^ set(wanted.splitlines()):
                        print(a.decode())
                    sys.exit(f"seed {seed}, {form}, --jobs={jobs}: differs "
                             "from the walk")
        return wanted.count(b'"finding"'), wanted.count(b'"skipped"')


def deep(store):
    oid = store.write(b"blob", b"MARK-abc\n")
    tree = store.tree([(FILE, b"x", oid)])
    for _ in range(10000):
        tree = store.tree([(TREE, b"d", tree)])
    return tree


def long_names(store):
    oid = store.write(b"blob", b"MARK-abc\n")
    tree = store.tree([(FILE, b"x", oid)])
    for _ in range(30):
        tree = store.tree([(TREE, b"n" * 4000, tree)])
    return tree


def check_hostile(program, rules, make):
    """Told as cut short, and what an innocent commit holds is found."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(folder)
        oid = store.write(b"blob", b"MARK-def\n")
        good = store.commit(store.tree([(FILE, b"good", oid)]), [])
        store.ref("main", store.commit(make(store), [good]))
        start = time.monotonic()
        report = scan(program, store.repo, rules, "--jobs=2")
        took = time.monotonic() - start
        rows = [json.loads(line) for line in report.splitlines()]
        cut = [r for r in rows if r["type"] == "skipped" and
               r["reason"] == "limit"]
        found = {r["path"] for r in rows if r["type"] == "finding"}
        if not cut or "good" not in found or took > SECONDS:
            sys.exit(f"{make.__name__}: {len(cut)} told, {took:.1f} s, "
                     f"good found: {'good' in found}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--repositories", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    with tempfile.TemporaryDirectory() as folder:
        rules = os.path.join(folder, "rules.yml")
        with open(rules, "w", encoding="utf-8") as file:
            file.write(history.RULES)
        findings = skipped = 0
        for seed in range(args.seed, args.seed + args.repositories):
            more = check_odd(program, rules, seed)
            findings += more[0]
            skipped += more[1]
        if not findings or not skipped:
            sys.exit("the repositories were not odd")
        for make in (deep, long_names):
            check_hostile(program, rules, make)
    print(f"{args.repositories} repositories, {findings} findings, "
          f"{skipped} skipped: the same both ways")


if __name__ == "__main__":
    main()
