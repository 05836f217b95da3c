#!/usr/bin/env python3
"""Each kind of change, text and binary, in a range of commits: committed,
added and removed again, and made while merging; held against a brute force
over all trees.

usage: range_kinds.py <git-hygiene>
"""
import os
import subprocess
import sys
import tempfile

from staged import (BINARY, KEY, KINDS, RULES, expect, flagged, git, made,
                    merged, scan, write)


def tree_of(repo, commit):
    listed = git(repo, "ls-tree", "-r", "-z", commit).split(b"\0")
    entries = {}
    for row in listed:
        if row:
            meta, path = row.split(b"\t", 1)
            entries[path.decode()] = meta.split()[2].decode()
    return entries


def brought(repo, since):
    """(path, blobs) that a commit of the range has and none of its parents
    has at that path."""
    found = {}
    for commit in git(repo, "rev-list", f"{since}..HEAD").decode().split():
        parents = git(repo, "rev-parse", f"{commit}^@").decode().split()
        before = [tree_of(repo, parent) for parent in parents]
        for path, blob in tree_of(repo, commit).items():
            if all(tree.get(path) != blob for tree in before):
                found.setdefault(path, set()).add(blob)
    return found


def marked(repo, found):
    return {path for path, blobs in found.items()
            if any(b"MARK-" in git(repo, "cat-file", "blob", blob)
                   for blob in blobs)}


def compare(what, repo, since, planted):
    found = brought(repo, since)
    rows = scan(repo, f"--range={since}..HEAD")
    expect(f"{what}: paths", flagged(rows, "test-path"), set(found))
    expect(f"{what}: versions",
           {r["path"]: r["versions"] for r in rows
            if r.get("rule") == "test-path"},
           {path: len(blobs) for path, blobs in found.items()})
    expect(f"{what}: content", flagged(rows), marked(repo, found))
    if not planted <= flagged(rows):
        raise AssertionError(f"{what}: {planted} was planted")


def head(repo):
    return git(repo, "rev-parse", "HEAD").decode().strip()


def commit_index(repo, message):
    """What is staged, with the conflicts settled by what is planted."""
    if git(repo, "ls-files", "-u"):
        blob = git(repo, "rev-parse", ":3:file").decode().strip()
        git(repo, "update-index", "--cacheinfo", f"100644,{blob},file")
    git(repo, "commit", "-qm", message)


def repositories(folder, what):
    for kind in KINDS:
        for number, content in enumerate((KEY, BINARY)):
            name = f"{what}-{kind.__name__}-{number}"
            yield kind, content, name, made(folder, name)


def each_kind_is_found_in_its_commit(folder):
    for kind, content, name, repo in repositories(folder, "commit"):
        since = head(repo)
        planted = kind(repo, content)
        commit_index(repo, "planted")
        write(repo, "later")
        git(repo, "add", "later")
        git(repo, "commit", "-qm", "later")
        compare(name, repo, since, planted)


def what_is_added_and_removed_again_is_found(folder):
    for kind, content, name, repo in repositories(folder, "removed"):
        since = head(repo)
        planted = kind(repo, content)
        commit_index(repo, "planted")
        git(repo, "rm", "-rqf", "--cached", *planted)
        git(repo, "commit", "-qm", "removed")
        compare(name, repo, since, planted)
        rows = scan(repo, f"--range={head(repo)}~1..HEAD")
        expect(f"{name} before", flagged(rows), set())


def evil_merges_are_found(folder):
    """What is in no parent, made while two branches are merged."""
    for kind, content, name, repo in repositories(folder, "evil"):
        if kind is merged:
            continue  # it begins a merge of its own
        git(repo, "checkout", "-qb", "side")
        write(repo, "from-side")
        git(repo, "add", "from-side")
        git(repo, "commit", "-qm", "side")
        git(repo, "checkout", "-q", "main")
        since = head(repo)
        planted = kind(repo, content)
        if git(repo, "ls-files", "-u"):
            blob = git(repo, "rev-parse", ":3:file").decode().strip()
            git(repo, "update-index", "--cacheinfo", f"100644,{blob},file")
        tree = git(repo, "write-tree").decode().strip()
        merge = git(repo, "commit-tree", "-p", "main", "-p", "side", "-m",
                    "evil", tree).decode().strip()
        git(repo, "reset", "-q", "--soft", merge)
        compare(name, repo, since, planted)
        git(repo, "rm", "-rqf", "--cached", *planted)
        git(repo, "commit", "-qm", "removed")
        compare(f"{name}, removed", repo, since, planted)


CASES = [each_kind_is_found_in_its_commit,
         what_is_added_and_removed_again_is_found, evil_merges_are_found]


def main():
    failed = 0
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            with open(os.path.join(folder, "rules.yml"), "w",
                      encoding="utf-8") as file:
                file.write(RULES)
            try:
                case(folder)
            except (AssertionError, subprocess.CalledProcessError) as error:
                failed += 1
                print(f"FAILED {case.__name__}: {error!r}")
                if isinstance(error, subprocess.CalledProcessError):
                    print(error.stderr.decode())
    print(f"{len(CASES) - failed} of {len(CASES)} cases passed: "
          f"{len(KINDS)} kinds, text and binary")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
