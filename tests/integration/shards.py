#!/usr/bin/env python3
"""Scans repositories in shards and as a whole, and wants the same bytes.

The repositories are generated: a few contents at many paths, copies, renames,
merges, keys apart from the cookies that they signed, cookies apart from the
files of their sessions, accepted findings, what cannot be read. Then everything
that must not be merged is offered to merge.

usage: shards.py <git-hygiene> [--repositories N] [--seed N] [--counts N,...]
"""
import argparse
import difflib
import glob
import json
import os
import random
import shutil
import sys

from proof import SESSION, SID, flask_cookie, session_name, signed_sid
from scratch import Place

NOW = "--now=2026-11-28"
KEYS = [f"sample-key-{i}" for i in range(4)]
PATHS = [
    b"config.py", b"app/settings.py", b"app/old/settings.py", b"a.http",
    b"docs/README.md", b"tests/conftest.py", b"notes/login.http", b".env",
    b"deploy/.env", b"store/one", b"x/store/two", b"sp ace/\xff\xfe.txt",
    b"assets/film.mp4", b"empty", b"deep/er/and/deeper/key.py",
    b"flask_session/" + session_name(SID).encode(),
    b"flask_session/" + session_name("another").encode(),
    b"flask_session/2029240f6d1128be89ddc32729463129"]
LFS = (b"version https://git-lfs.github.com/spec/v1\noid sha256:"
       + b"4d7a" * 16 + b"\nsize 12345\n")


def filler(rng):
    return "".join(f"line {rng.randrange(9)} of {rng.randrange(5)}\n"
                   for _ in range(rng.randrange(12))).encode()


def content(rng):
    key = rng.choice(KEYS)
    secret = rng.choice([
        f"SECRET_KEY = '{key}'\n",
        f"SECRET_KEY = '{key}'  # hygiene:allow session-key a sample\n",
        f"SECRET_KEY_FALLBACKS = ['{key}', 'sample-old-2']\n",
        f"Cookie: session={flask_cookie(key.encode())}\n",
        f"Cookie: session={flask_cookie(b'dev')}\n",
        f"curl -b 'session={signed_sid(key.encode())}'\n",
        f"Cookie: session={SID}\n",
        f"MARK-{rng.choice('abc')}\n", "MARK-a MARK-b\n",
        "DEBUG = True\nSESSION_COOKIE_SECURE = False\n", ""])
    return rng.choice([
        filler(rng) + secret.encode() + filler(rng),
        filler(rng) + secret.encode(), SESSION, LFS, b""])


class History:
    """A git fast-import stream; `trees` are what the branches hold."""

    def __init__(self, rng, commits):
        self.rng = rng
        self.out = []
        self.trees = {b"main": {}}
        self.pool = [content(rng) for _ in range(25)]
        for number in range(commits):
            self.commit(number)
        self.out.append(b"tag v1\nfrom refs/heads/main\ntagger Cy <c@e.test> "
                        b"1700000000 +0000\ndata 6\nMARK-t\n")

    def change(self, tree):
        rng = self.rng
        path = rng.choice(PATHS)
        kind = rng.randrange(6)
        if kind == 0 and tree:
            gone = rng.choice(sorted(tree))
            del tree[gone]
            return b'D "%s"\n' % self.quoted(gone)
        if kind == 1 and tree:
            data = tree[rng.choice(sorted(tree))]
        elif kind == 2:
            data = content(rng)
        else:
            data = rng.choice(self.pool)
        tree[path] = data
        return b'M 100644 inline "%s"\ndata %d\n%s\n' % (
            self.quoted(path), len(data), data)

    @staticmethod
    def quoted(path):
        return b"".join(b"\\%03o" % c if c > 126 or c in b'"\\' else
                        bytes([c]) for c in path)

    def commit(self, number):
        rng = self.rng
        branch = rng.choice(sorted(self.trees))
        tree = self.trees[branch]
        lines = [b"commit refs/heads/" + branch, b"author A\xe4 <a@e.test> "
                 b"%d +0100" % (1700000000 + number * 3600),
                 b"committer C <c@e.test> %d +0000"
                 % (1700000000 + number * 3600)]
        message = rng.choice([b"change", b"change MARK-m", b""])
        lines.append(b"data %d\n%s" % (len(message), message))
        if number and rng.randrange(5) == 0:
            other = rng.choice(sorted(self.trees))
            if other != branch:
                lines.append(b"merge refs/heads/" + other)
        text = b"\n".join(lines) + b"\n"
        for _ in range(rng.randrange(1, 5)):
            text += self.change(tree)
        self.out.append(text)
        if rng.randrange(8) == 0 and len(self.trees) < 4:
            name = b"side%d" % len(self.trees)
            self.trees[name] = dict(tree)
            self.out.append(b"reset refs/heads/%s\nfrom refs/heads/%s\n"
                            % (name, branch))


def make(place, name, rng):
    repo = place.repo(name)
    stream = b"\n".join(History(rng, rng.randrange(20, 60)).out)
    place.run(repo.path, "git", "fast-import", "--quiet",
              data=stream.decode("utf-8", "surrogateescape"))
    repo.git("reset", "-q", "--hard", "main")
    return repo


def loosen(repo):
    """All objects loose, and a few of them gone."""
    for pack in glob.glob(os.path.join(repo.path, ".git/objects/pack/*.pack")):
        moved = shutil.move(pack, repo.path + ".pack")
        with open(moved, "rb") as data:
            repo.git("unpack-objects", "-q", data=data.read().decode(
                "utf-8", "surrogateescape"))
        os.unlink(moved)
    blobs = sorted(
        line.split()[0] for line in repo.out(
            "cat-file", "--batch-check", "--batch-all-objects").splitlines()
        if line.split()[1] == "blob")
    for oid in blobs[::9]:
        os.unlink(os.path.join(repo.path, ".git/objects", oid[:2], oid[2:]))


def scan(repo, *args):
    done = repo.hygiene("scan", NOW, *args)
    assert done.returncode in (0, 1, 3), done
    return done


def shard_files(repo, count, *args, other=None):
    """One report a shard; every second one made in `other`."""
    names = []
    for index in range(1, count + 1):
        names.append(os.path.join(repo.path + ".reports",
                                  f"{index}-of-{count}.jsonl"))
        os.makedirs(os.path.dirname(names[-1]), exist_ok=True)
        where = other if other and index % 2 else repo
        done = scan(where, f"--shard={index}/{count}", "-o", names[-1], *args)
        assert not done.stdout, done.stdout
    return names


def merge(repo, *args, **kwargs):
    return repo.hygiene("merge", *args, **kwargs)


def equal(actual, expected):
    if actual == expected:
        return
    if isinstance(expected, str):
        lines = difflib.unified_diff(expected.splitlines(),
                                     actual.splitlines(), lineterm="", n=0)
        raise AssertionError("\n".join(lines)[:6000])
    raise AssertionError(f"{actual!r}, not {expected!r}")


def check_union(repo, count, *args, other=None):
    whole = scan(repo, "--format=jsonl", *args)
    names = shard_files(repo, count, *args, other=other)
    random.Random(count).shuffle(names)
    merged = merge(repo, *names)
    equal(merged.stdout, whole.stdout)
    equal(merged.returncode, whole.returncode)
    return names, whole.stdout


def whole_reports_of_every_format(repo):
    names = shard_files(repo, 3)
    for name in ("json", "human", "porcelain", "csv", "markdown", "html",
                 "sarif", "github", "gitlab", "codeclimate", "junit",
                 "rdjson", "gitleaks"):
        whole = scan(repo, f"--format={name}")
        merged = merge(repo, f"--format={name}", *names)
        equal(merged.stdout, whole.stdout)
        equal(merged.returncode, whole.returncode)
    whole = scan(repo, "--fail-on=critical", "--expect-complete", "-z")
    merged = merge(repo, "--fail-on=critical", "--expect-complete", "-z",
                   *names)
    equal((merged.returncode, merged.stdout), (whole.returncode, whole.stdout))


def another_packing_is_the_same_scan(place, repo):
    """Machines clone for themselves: numbers of objects differ."""
    other = shutil.copytree(repo.path, repo.path + ".copy", symlinks=True)
    other = type(repo)(place, other)
    other.git("repack", "-q", "-adf", "--depth=3", "--window=7")
    check_union(repo, 3, other=other)


def refused(repo, *names, says, code=128):
    done = merge(repo, *names)
    equal((done.returncode, done.stdout), (code, ""))
    assert says in done.stderr, done.stderr


def read(name):
    with open(name, "rb") as file:
        return file.read()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)
    return name


def what_is_no_whole_is_refused(repo):
    names, whole = check_union(repo, 7)
    odd = repo.path + ".odd.jsonl"
    refused(repo, *names[1:], says="1 of 7 shards are missing: ")
    refused(repo, *(n for n in names if "/1-" in n or "/6-" in n),
            says="5 of 7 shards are missing: 2-5, 7\n")
    torn = read(names[0])
    for cut in (10, len(torn) // 2, len(torn) - 2):
        refused(repo, write(odd, torn[:cut]), *names[1:], says="torn")
    refused(repo, write(odd, b""), *names[1:], says="no report in it")
    # a task that ran twice
    equal(merge(repo, names[2], *names, names[2]).stdout, whole)
    stream = b"".join(read(name) for name in names)
    with open(write(odd, stream), encoding="utf-8",
              errors="surrogateescape") as data:
        equal(merge(repo, "-", data=data.read()).stdout, whole)
    for name in names:
        lines = read(name).split(b"\n")
        if any(b'"type":"finding"' in line for line in lines):
            break
    changed = read(name).replace(b'"versions":1', b'"versions":2', 1)
    assert changed != read(name)
    refused(repo, *names, write(odd, changed),
            says="both are of the same shard, and differ")
    less = lines[:1] + [x for x in lines[1:] if b'"type":"finding"' not in x]
    refused(repo, write(odd, b"\n".join(less)),
            *(n for n in names if n != name), says="this 'summary' is not as")
    unknown = read(name).replace(b'"links":', b'"new":1,"links":', 1)
    refused(repo, write(odd, unknown), says="this 'finding' is not as")
    older = read(name).replace(b'"version":"', b'"version":"0.0.', 1)
    refused(repo, write(odd, older), says="written by git-hygiene 0.0.")
    refused(repo, write(odd, whole.encode("utf-8", "surrogateescape")),
            says="not the report of a shard")
    refused(repo, says="name the reports", code=129)
    refused(repo, repo.path + "/nosuch", says="nosuch")


def other_scans_are_refused(repo):
    first = shard_files(repo, 2)[0]
    kept = write(repo.path + ".first.jsonl", read(first))
    for args, says in (
            (["--max-blob-size=1m"], "limits, confidence"),
            (["--decode-depth=1"], "limits, confidence"),
            (["--min-confidence=high"], "limits, confidence"),
            (["--index"], "different places"),
            (["--now=2026-11-27"], "different days"),
            (["--disable=test-path"], "other rules"),
            (["--", "app"], "did not list the same"),
            (["--range=main", "--index"], "refs, or the range")):
        second = shard_files(repo, 2, *args)[1]
        refused(repo, kept, second, says=says)
    refused(repo, kept, shard_files(repo, 3)[1], says="numbers of shards")
    second = shard_files(repo, 2)[1]
    assert merge(repo, kept, second).returncode in (0, 1, 3)
    refused(repo, kept, second, "--disable=test-path", says="other rules")
    repo.commit_files({"new.txt": "MARK-new\n"})
    refused(repo, kept, shard_files(repo, 2)[1], says="refs, or the range")


def a_shard_is_one_by_its_engine(repo):
    env = {"CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"}
    done = repo.hygiene("scan", NOW, "--shard=auto", **env)
    equal(json.loads(done.stdout.splitlines()[0])["shard"]["index"], 2)
    done = repo.hygiene("scan", "--shard=auto", JOB_COMPLETION_INDEX="1", **env)
    equal((done.returncode, done.stdout), (129, ""))
    done = repo.hygiene("scan", "--shard=1/2", "--format=sarif")
    equal((done.returncode, done.stdout), (129, ""))
    # without --now the day decides, so that tasks agree
    one = repo.hygiene("scan", "--shard=1/1").stdout
    now = json.loads(one.splitlines()[0])["shard"]["now"]
    equal(now % 86400, 0)


def links_across(names):
    """Proofs that tie a finding to one that another shard tells."""
    crossing = 0
    for name in names:
        rows = [json.loads(line) for line in open(
            name, encoding="utf-8", errors="surrogateescape")]
        paths = {row["path"] for row in rows if row["type"] == "finding"}
        crossing += sum(link["path"] not in paths for row in rows
                        if row["type"] == "finding" for link in row["links"]
                        if link["path"])
    return crossing


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--repositories", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--counts", default="1,2,3,7,64",
                        help="of shards; 64 for the first repository alone")
    args = parser.parse_args()
    place = Place(args.program)
    crossing = 0
    for number in range(args.repositories):
        rng = random.Random(args.seed * 1000 + number)
        repo = make(place, f"repo{number}", rng)
        if number % 3 == 1:
            loosen(repo)
        extra = [[], ["--messages", "--history", "--index"],
                 ["--worktree", "--index"], ["--range=main", "--libgit2"],
                 ["--min-confidence=high", "--", "app", "flask_session"]]
        for count in map(int, args.counts.split(",")):
            if count < 64 or number == 0:
                names, _ = check_union(repo, count,
                                       *extra[number % len(extra)])
                crossing += links_across(names)
    assert crossing > 10, crossing
    repo = make(place, "formats", random.Random(args.seed))
    whole_reports_of_every_format(repo)
    another_packing_is_the_same_scan(place, repo)
    what_is_no_whole_is_refused(repo)
    a_shard_is_one_by_its_engine(repo)
    other_scans_are_refused(repo)


if __name__ == "__main__":
    sys.exit(main())
