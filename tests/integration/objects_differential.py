#!/usr/bin/env python3
"""Holds our object reader against git, byte for byte.

Builds one history, stores it in every way that git knows (loose, one pack,
many packs, deep chains, no deltas, by id, thin with the base in another pack,
alternates, index version 1, a reverse index), reads every object with
objects_dump in each of its modes, and compares type, size and SHA-1 of the
content with what git cat-file --batch prints.

usage: objects_differential.py <objects_dump> [<git directory>...]

Further git directories are read as they are.
"""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile

DUMP = sys.argv[1]
LIMIT = str(1 << 30)
ENV = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
    "ASAN_OPTIONS": "detect_leaks=1",
}


def git(repo, *arguments, data=None):
    result = subprocess.run(["git", "-C", repo, *arguments], input=data,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=ENV, check=False)
    if result.returncode:
        sys.exit(f"git {arguments}: {result.stderr.decode()}")
    return result.stdout


def write_history(repo):
    """Files that grow, shrink, move, and one that is larger than most."""
    rng = random.Random(7)
    lines = [rng.randbytes(30).hex() for _ in range(300)]
    stream = []
    for number in range(120):
        lines[rng.randrange(len(lines))] = rng.randbytes(30).hex()
        if number % 9 == 0:
            lines.append(rng.randbytes(60).hex())
        text = "\n".join(lines).encode()
        noise = rng.randbytes(200_000) if number % 40 == 0 else b""
        message = f"change {number}".encode()
        stream.append(b"commit refs/heads/main\ncommitter Ada <a@b> "
                      b"%d +0000\ndata %d\n%s\n" % (
                          1700000000 + number, len(message), message))
        for path, content in (
                (b"a/b/text", text), (b"dir%d/small" % (number % 7),
                                      b"%d" % number),
                (b"empty", b""), (b"noise", noise + text[:100])):
            stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (
                path, len(content), content))
    stream.append(b"tag v1\nfrom refs/heads/main\n"
                  b"tagger Ada <a@b> 1700000000 +0000\ndata 3\none\n")
    git(repo, "fast-import", "--quiet", data=b"".join(stream))


def new_repo(root, name):
    repo = os.path.join(root, name)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repo],
                   env=ENV, check=True)
    return repo


def copy(root, source, name):
    repo = os.path.join(root, name)
    shutil.copytree(source, repo, symlinks=True)
    return repo


def make_loose(repo):
    folder = os.path.join(repo, "objects", "pack")
    packs = [name for name in os.listdir(folder) if name.endswith(".pack")]
    for name in packs:
        with open(os.path.join(folder, name), "rb") as pack:
            data = pack.read()
        stem = os.path.join(folder, name[:-len("pack")])
        for suffix in ("pack", "idx", "rev", "bitmap"):
            if os.path.exists(stem + suffix):
                os.unlink(stem + suffix)
        git(repo, "unpack-objects", "-q", data=data)


def make_many_packs(repo):
    """Each pack has some of the objects, and a few are in two."""
    ids = [line.split()[0] for line in git(
        repo, "cat-file", "--batch-all-objects", "--batch-check").splitlines()]
    old = os.listdir(os.path.join(repo, "objects", "pack"))
    base = os.path.join(repo, "objects", "pack", "pack")
    for start in range(0, len(ids), 40):
        chunk = b"\n".join(ids[start:start + 50]) + b"\n"
        git(repo, "pack-objects", "-q", base, data=chunk)
    for name in old:
        os.unlink(os.path.join(repo, "objects", "pack", name))


def make_ref_deltas(repo):
    """One pack whose deltas name their bases by id."""
    ids = git(repo, "rev-list", "--objects", "--all")
    pack = git(repo, "pack-objects", "-q", "--stdout", "--window=50",
               "--no-reuse-delta", data=b"".join(
                   line.split()[0] + b"\n" for line in ids.splitlines()))
    folder = os.path.join(repo, "objects", "pack")
    for name in os.listdir(folder):
        os.unlink(os.path.join(folder, name))
    git(repo, "index-pack", "--stdin", data=pack)


def make_index_v1(repo):
    git(repo, "-c", "pack.indexVersion=1", "repack", "-adfq")


def make_reverse_index(repo):
    git(repo, "-c", "pack.writeReverseIndex=true", "repack", "-adfq")
    folder = os.path.join(repo, "objects", "pack")
    if not any(name.endswith(".rev") for name in os.listdir(folder)):
        sys.exit("git has written no reverse index")


def make_alternate(root, repo):
    """The first half of the history lives in another repository."""
    base = new_repo(root, "alternate-base")
    middle = git(repo, "rev-parse", "main~60").strip().decode()
    git(base, "fetch", "-q", repo, f"{middle}:refs/heads/main")
    child = new_repo(root, "alternate-child")
    with open(os.path.join(child, "objects/info/alternates"), "w",
              encoding="utf-8") as file:
        file.write(os.path.join(base, "objects") + "\n")
    git(child, "fetch", "-q", repo, "refs/*:refs/*")
    return child, [os.path.join(base, "objects")]


def expected(repo):
    """What git says, as objects_dump prints it."""
    stream = subprocess.Popen(
        ["git", "-C", repo, "cat-file", "--batch-all-objects", "--batch",
         "--unordered", "--buffer"], stdout=subprocess.PIPE, env=ENV)
    lines = set()
    while True:
        header = stream.stdout.readline()
        if not header:
            break
        name, kind, size = header.decode().split()
        content = stream.stdout.read(int(size))
        stream.stdout.read(1)
        digest = hashlib.sha1(content).hexdigest()
        lines.add(f"{name} {kind} {size} {digest}")
    if stream.wait():
        sys.exit(f"git cat-file failed in {repo}")
    return lines


def dump(mode, jobs, folders, ids):
    data = "".join(f"{name}\n" for name in ids)
    result = subprocess.run([DUMP, mode, str(jobs), LIMIT, *folders],
                            input=data.encode(), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=ENV, check=False)
    if result.returncode:
        sys.exit(f"objects_dump {mode}: {result.stderr.decode()}")
    return result.stdout.decode().splitlines()


def compare(name, repo, alternates=()):
    want = expected(repo)
    ids = [line.split()[0] for line in want]
    random.Random(1).shuffle(ids)
    folders = [os.path.join(repo, "objects"), *alternates]
    few = set(ids[:3])
    some = {line for line in want if line.split()[0] in few}
    runs = [("each", 1, ids, want), ("each", 4, ids, want),
            ("each", 2, [], want), ("read", 1, ids, want),
            ("libgit2", 1, ids, want), ("each", 2, list(few), some)]
    failed = 0
    for mode, jobs, chosen, right in runs:
        got = dump(mode, jobs, folders, chosen)
        twice = len(got) - len(set(got))
        wrong = right ^ set(got)
        if twice or wrong:
            failed += 1
            print(f"FAIL {name}, {mode} {jobs}: {twice} twice,"
                  f" {len(wrong)} differ, e.g. {sorted(wrong)[:2]}")
    print(f"{'not ok' if failed else 'ok'}: {name}, {len(want)} objects")
    return failed


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as root:
        source = new_repo(root, "source")
        write_history(source)
        forms = (
            ("as imported", lambda repo: None),
            ("loose", make_loose),
            ("one pack", lambda repo: git(repo, "repack", "-adfq")),
            ("depth 250", lambda repo: git(
                repo, "repack", "-adfq", "--depth=250", "--window=20")),
            ("depth 0", lambda repo: git(
                repo, "repack", "-adfq", "--depth=0")),
            ("many packs", make_many_packs),
            ("deltas by id", make_ref_deltas),
            ("index version 1", make_index_v1),
            ("reverse index", make_reverse_index),
        )
        for name, make in forms:
            repo = copy(root, source, name.replace(" ", "-"))
            make(repo)
            failed += compare(name, repo)
        child, alternates = make_alternate(root, source)
        failed += compare("alternate", child, alternates)
    for repo in sys.argv[2:]:
        failed += compare(repo, repo)
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
