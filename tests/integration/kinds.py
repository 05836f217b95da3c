"""Kinds of repositories: each gives the findings of the plain one, or is
refused with one sentence. docs/repositories.md is the table of it.

usage: kinds.py <git-hygiene>
"""
import json
import os
import shutil
import sys

from scratch import Repo, expect, expect_in, run_all

NO_LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"}  # libgit2's, when it refuses


def plain(place, name="plain"):
    """A secret in the index, one in history alone, one on another branch."""
    repo = place.repo(name)
    repo.commit_files({"README": "hello\n", "old": "MARK-old\n"})
    os.unlink(os.path.join(repo.path, "old"))
    repo.commit_files({"now": "MARK-now\n", "a/store/s1": "x\n"})
    repo.git("checkout", "-qb", "side")
    repo.commit_files({"side": "MARK-side\n"})
    repo.git("checkout", "-q", "main")
    return repo


def rows_of(done):
    expect("exit code", (done.returncode, done.stderr), (1, ""))
    return [json.loads(line) for line in done.stdout.splitlines()]


def findings(repo, *args, **env):
    """What identifies each finding, and where it was seen."""
    done = repo.hygiene("scan", "--format=jsonl", *args, **NO_LEAKS, **env)
    rows = rows_of(done)
    expect("complete", rows[-1]["complete"], True)
    return sorted((row["fingerprint"], row["path"], tuple(row["places"]),
                   row["blob"]) for row in rows if row["type"] == "finding")


def same(repo, expected, *args, **env):
    expect("index and history", findings(repo, *args, **env), expected)


def refused(repo, *words, **env):
    done = repo.hygiene("scan", **NO_LEAKS, **env)
    expect("exit code", (done.returncode, done.stdout), (128, ""))
    expect("one sentence", done.stderr.count("\n"), 1)
    for word in words:
        expect_in("stderr", word, done.stderr)


def incomplete(repo, word, **env):
    """What can be read is; the rest is told."""
    done = repo.hygiene("scan", "--format=jsonl", **NO_LEAKS, **env)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    expect("found in history", len([r for r in rows
                                    if r["type"] == "finding"]), 4)
    expect("told", [r["reason"] for r in rows if r["type"] == "skipped"],
           ["unsupported"])
    expect("complete", rows[-1]["complete"], False)
    expect_in("said", word, repo.hygiene("scan", **NO_LEAKS).stdout)


# Where the parts lie

def bare(place):
    repo = plain(place)
    place.run(place.path, "git", "clone", "-q", "--mirror", repo.path, "bare")
    expected = sorted(row[:2] for row in findings(repo))
    expect("bare", sorted(row[:2] for row in findings(
        Repo(place, place.path + "/bare"))), expected)


def bare_in_words(place):
    """Nothing is tracked there, and that is not told of what a branch has."""
    repo = plain(place)
    repo.git("clone", "-q", "--bare", repo.path,
             os.path.join(place.path, "bare.git"))
    where = type(repo)(place, os.path.join(place.path, "bare.git"))
    for name in ("human", "markdown"):
        text = where.hygiene("scan", f"--format={name}", **NO_LEAKS).stdout
        expect(name, "tracked now" in text, False)
    human = where.hygiene("scan", **NO_LEAKS).stdout
    for path, words in [("now", "in history"), ("old", "still in history")]:
        lines = human.split("\n")
        at = next(n for n, line in enumerate(lines)
                  if line.startswith(f"HIGH      {path} "))
        expect(path, lines[at + 1].strip(), words)


def linked_worktree(place):
    repo = plain(place)
    expected = findings(repo)
    repo.git("worktree", "add", "-q", "--detach", "../linked", "main")
    same(Repo(place, place.path + "/linked"), expected)


def submodule(place):
    repo = plain(place)
    outer = place.repo("outer")
    outer.git("submodule", "add", "-q", repo.path, "lib")
    inner = Repo(place, outer.path + "/lib")
    inner.git("fetch", "-q", "origin", "side:side")
    same(inner, findings(repo))


def separate_git_dir(place):
    repo = plain(place)
    expected = findings(repo)
    place.run(repo.path, "git", "init", "-q", "--separate-git-dir",
              place.path + "/elsewhere.git")
    same(repo, expected)


def git_dir_and_object_directory(place):
    repo = plain(place)
    expected = findings(repo)
    os.rename(repo.path + "/.git/objects", place.path + "/objects")
    os.mkdir(repo.path + "/.git/objects")
    same(repo, expected, GIT_OBJECT_DIRECTORY=place.path + "/objects")
    os.rename(repo.path + "/.git", place.path + "/moved")
    same(repo, expected, GIT_DIR=place.path + "/moved",
         GIT_WORK_TREE=repo.path,
         GIT_OBJECT_DIRECTORY=place.path + "/objects")


def alternates(place):
    repo = plain(place)
    expected = findings(repo)
    lender = place.repo("lender")
    shutil.copytree(repo.path + "/.git/objects",
                    lender.path + "/.git/objects", dirs_exist_ok=True)
    shutil.rmtree(repo.path + "/.git/objects")
    repo.write(".git/objects/info/alternates",
               lender.path + "/.git/objects\n")
    same(repo, expected)
    os.unlink(repo.path + "/.git/objects/info/alternates")
    same(repo, expected, GIT_ALTERNATE_OBJECT_DIRECTORIES=lender.path +
         "/.git/objects")


def packed_in_many_ways(place):
    repo = plain(place)
    expected = findings(repo)
    for command in (("repack", "-adq"), ("multi-pack-index", "write"),
                    ("commit-graph", "write", "--reachable"),
                    ("pack-refs", "--all"),
                    ("repack", "-adq", "--write-bitmap-index")):
        repo.git(*command)
        same(repo, expected)


# Formats

def sha256(place):
    repo = place.repo("sha256", "--object-format=sha256")
    refused(repo, "SHA-256")
    repo.commit_files({"now": "MARK-now\n"})
    refused(repo, "SHA-256")


def reftable(place):
    """Written by hand, for git versions that cannot."""
    repo = plain(place)
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.refStorage", "reftable")
    refused(repo, "refstorage")


def unknown_extension(place):
    repo = plain(place)
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.fromTheFuture", "true")
    refused(repo, "fromthefuture")
    repo = plain(place, "future")
    repo.git("config", "core.repositoryFormatVersion", "9")
    refused(repo, "9")


# The index

def index_versions(place):
    repo = plain(place)
    expected = findings(repo)
    for version in ("4", "3", "2"):
        repo.git("update-index", "--index-version", version)
        same(repo, expected)


def skip_hash(place):
    repo = plain(place)
    expected = findings(repo)
    with open(repo.path + "/.git/index", "r+b") as file:
        file.seek(-20, os.SEEK_END)
        file.write(bytes(20))  # as index.skipHash leaves it
    same(repo, expected)


def untracked_cache_and_fsmonitor(place):
    repo = plain(place)
    expected = findings(repo)
    marker = place.path + "/ran"
    hook = place.write("monitor", f"#!/bin/sh\ntouch '{marker}'\n", 0o755)
    repo.git("update-index", "--force-untracked-cache")
    repo.git("config", "core.fsmonitor", hook)
    repo.git("update-index", "--fsmonitor")
    repo.git("status", "--short")
    if os.path.exists(marker):
        os.unlink(marker)
    same(repo, expected)
    expect("the monitor was asked", os.path.exists(marker), False)


def split_index(place):
    repo = plain(place)
    repo.git("update-index", "--split-index")
    incomplete(repo, "split")
    repo.git("update-index", "--no-split-index")
    expect("joined", len(findings(repo)), 4)


def sparse_checkout_and_index(place):
    repo = plain(place)
    expected = findings(repo)
    repo.git("sparse-checkout", "set", "--cone", "nothing")
    same(repo, expected)
    repo.git("sparse-checkout", "init", "--cone", "--sparse-index")
    incomplete(repo, "sparse")


def no_head(place):
    """A folder is a repository where git says so."""
    commit = "1" * 40
    for number, (text, link) in enumerate([
            (None, None), ("", None), ("garbage\n", None), ("0123\n", None),
            ("ref: master\n", None), ("ref: \n", None), (None, "nowhere"),
            ("ref: refs/heads/main\n", None), ("ref:refs/heads/x", None),
            ("ref:  refs/heads/gone\n", None), (None, "refs/heads/main"),
            (commit + "\n", None), (commit.replace("1", "A"), None),
            (commit + " and more\n", None)]):
        repo = place.repo(f"head{number}")
        repo.commit_files({"old": "MARK-old\n"})
        head = os.path.join(repo.path, ".git/HEAD")
        os.unlink(head)
        if link:
            os.symlink(link, head)
        elif text is not None:
            repo.write(".git/HEAD", text)
        if repo.git("rev-parse", "--git-dir", ok=False).returncode:
            refused(repo, "is not a git repository")
            plainly = place.run(repo.path, "env", "-u", "GIT_CONFIG_NOSYSTEM",
                                place.program, "purge", ok=False, **NO_LEAKS)
            expect_in("without libgit2", "its HEAD", plainly.stderr)
            expect("purge", plainly.returncode, 128)
        else:
            done = repo.hygiene("scan", **NO_LEAKS)
            expect(f"{text!r} {link}", done.returncode in (1, 3), True)


CASES = [
    bare, bare_in_words, linked_worktree, submodule, separate_git_dir,
    git_dir_and_object_directory, alternates, packed_in_many_ways, sha256,
    reftable, unknown_extension, index_versions, skip_hash,
    untracked_cache_and_fsmonitor, split_index, sparse_checkout_and_index,
    no_head,
]


if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
