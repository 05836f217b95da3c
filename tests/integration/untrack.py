"""Holds `untrack` against `git rm -r --cached`: the same bytes of the index, for
index versions 2, 3 and 4 and random paths, except for extensions that git keeps
to be faster. Then what must be refused.

usage: untrack.py GIT-HYGIENE [--rounds N] [--seed N]
"""
import argparse
import json
import os
import random
import struct
import sys
import tempfile

from remedy_repo import MASKED, TOKEN, Repo, session_files

NAMES = [b"a", b"b", b"ab", b"a.b", b"a b", b"\xc3\xa9", b"x" * 200, b"-", b"z"]


def random_path(rng):
    return b"/".join(rng.choice(NAMES) for _ in range(rng.choice([1, 2, 3, 4]))) \
        + b"/f" + b"%d" % rng.randint(0, 99)


def extensions(repo):
    """{signature: bytes} of the index; git ls-files knows where they start."""
    index = repo.read(".git/index")
    found = {}
    out = repo.git("-c", "core.quotePath=false", "ls-files", "-z")
    at = 12
    version, count = struct.unpack(">II", index[4:12])
    for _ in range(count):
        start = at
        flags = struct.unpack(">H", index[at + 60:at + 62])[0]
        at += 64 if flags & 0x4000 else 62
        if version == 4:
            while index[at] & 128:
                at += 1
            at += 1
        at = index.index(b"\0", at) + 1
        if version != 4:
            at = start + ((at - 1 - start + 8) & ~7)
    while at < len(index) - 20:
        size = struct.unpack(">I", index[at + 4:at + 8])[0]
        found[index[at:at + 4]] = index[at + 8:at + 8 + size]
        at += 8 + size
    assert at == len(index) - 20 and out is not None
    return found


def same_as_git(repo, rng, version):
    repo.git("read-tree", "--empty")
    paths = list({random_path(rng) for _ in range(rng.randint(1, 40))})
    for path in paths:
        repo.write(path, path)
    repo.git("add", "-A")
    repo.git("commit", "-q", "--allow-empty", "-m", "x")
    repo.git("update-index", f"--index-version={version}")
    if version == 3 or rng.random() < 0.3:
        repo.git("update-index", "--skip-worktree", "keep")
    repo.git("write-tree")
    if rng.random() < 0.3:
        repo.git("update-index", "--untracked-cache")
        repo.git("status")
    before = repo.read(".git/index")
    mtime = os.stat(repo.path(".git/index")).st_mtime_ns
    gone = rng.sample(paths, rng.randint(1, len(paths)))
    repo.git("--literal-pathspecs", "rm", "-q", "--cached", "--", *gone)
    theirs = repo.read(".git/index")
    ours_stage = repo.git("ls-files", "--stage", "-z")
    had = extensions(repo)
    repo.write(".git/index", before)
    os.utime(repo.path(".git/index"), ns=(mtime, mtime))
    run = repo.hygiene("untrack", "--yes", "--", *gone)
    if run.returncode:
        return f"exit {run.returncode}: {run.stderr}"
    if repo.git("ls-files", "--stage", "-z") != ours_stage:
        return "ls-files --stage differs"
    ours = repo.read(".git/index")
    if b"UNTR" not in had and ours != theirs:
        return f"bytes differ from git's: {len(ours)} and {len(theirs)}"
    if extensions(repo).get(b"TREE") != had.get(b"TREE"):
        return "the cache tree differs"
    if os.stat(repo.path(".git/index")).st_mtime_ns != mtime:
        return "the time of the index changed"
    if any(repo.read(path) != path for path in paths):
        return "a file on disk changed"
    if os.path.exists(repo.path(".git/index.lock")):
        return "the lock is still there"
    repo.git("fsck", "--strict")
    repo.git("diff-files", "--quiet")
    wanted = repo.git("write-tree")
    repo.write(".git/index", theirs)
    if repo.git("write-tree") != wanted:
        return "another tree than git's"
    return None


def refusals(repo, rng):
    """What is wrong, or None."""
    def refused(word, *args):
        before = repo.read(".git/index")
        run = repo.hygiene("untrack", "--yes", *(args or ("--", "keep")))
        if run.returncode != 128 or word not in run.stderr:
            return f"{word}: exit {run.returncode}, {run.stderr}"
        if repo.read(".git/index") != before:
            return f"{word}: the index changed"
        if word != b"index.lock exists" and \
                os.path.exists(repo.path(".git/index.lock")):
            return f"{word}: the lock is still there"
        return None

    repo.git("reset", "-q", "--hard")
    repo.git("update-index", "--no-skip-worktree", "keep")
    whole = repo.read(".git/index")
    repo.git("update-index", "--split-index")
    fault = refused(b"a split index")
    repo.git("update-index", "--no-split-index")
    repo.write(".git/index.lock", b"")
    fault = fault or refused(b"index.lock exists")
    os.unlink(repo.path(".git/index.lock"))
    repo.git("update-index", "--skip-worktree", "keep")
    fault = fault or refused(b"sparse checkout")
    repo.git("update-index", "--no-skip-worktree", "keep")
    repo.write("keep", b"staged")
    repo.git("add", "keep")
    repo.write("keep", b"other")
    fault = fault or refused(b"neither in HEAD nor on disk")
    if repo.hygiene("untrack", "--yes", "--force", "--", "keep").returncode:
        fault = fault or "--force does not help"
    repo.git("reset", "-q", "--hard")
    for at in rng.sample(range(len(whole)), 60):
        damaged = bytearray(whole)
        damaged[at] ^= 1 << rng.randint(0, 7)
        repo.write(".git/index", bytes(damaged))
        run = repo.hygiene("untrack", "--yes", "--", "keep")
        if run.returncode not in (0, 128) or b"runtime error" in run.stderr:
            fault = fault or f"a flipped bit at {at}: {run.stderr}"
    repo.write(".git/index", whole)
    blob = repo.git("hash-object", "-w", "keep").decode().strip()
    repo.git("update-index", "--index-info", data=b"".join(
        b"100644 %s %d\tclash\n" % (blob.encode(), stage)
        for stage in (1, 2, 3)))
    return fault or refused(b"unmerged paths")


def findings(repo):
    repo.git("read-tree", "--empty")
    for name, content in session_files():
        repo.write(b"app/flask_session/" + name, content)
    repo.write("app/keep.py", b"x = 1\n")
    repo.git("add", "app")
    run = repo.hygiene("untrack", "--dry-run")
    if run.returncode != 1 or run.stdout.count(b"\n") != 3:
        return f"--dry-run: {run}"
    if len(repo.tracked()) != 4:
        return "--dry-run changes the index"
    run = repo.hygiene("untrack")
    if run.returncode != 129 or len(repo.tracked()) != 4:
        return f"without a terminal: {run}"
    run = repo.hygiene("untrack", "--yes")
    if run.returncode or repo.tracked() != {b"app/keep.py"}:
        return f"--yes: {run}"
    run = repo.hygiene("untrack", "--yes")
    if run.returncode or run.stdout or run.stderr:
        return f"nothing to do: {run}"
    return None


def what_was_not_looked_at_is_told(repo):
    """An exit code of 3 alone would not say why."""
    repo.write("a", b"x")
    repo.git("add", ".")
    repo.git("commit", "-qm", "one")
    repo.git("commit", "-qm", "two", "--allow-empty")
    repo.write(".git/shallow", repo.git("rev-parse", "HEAD"))
    for words in (("untrack", "--yes"), ("ignore",)):
        run = repo.hygiene(*words)
        if run.returncode != 3 or \
                b"not everything could be looked at" not in run.stderr or \
                b"shallow" not in run.stderr:
            return f"{words}: {run}"
    return None


def secrets_in_names(repo):
    """They are masked wherever a path is told, and the paths themselves go."""
    for name, content in session_files():
        repo.write(TOKEN + b"/flask_session/" + name, content)
    repo.write(TOKEN + b".txt", b"x")
    repo.write("keep", b"x")
    repo.git("add", ".")
    run = repo.hygiene("untrack", "--dry-run")
    if TOKEN in run.stdout or run.stdout.count(
            MASKED + b"/flask_session/") != len(list(session_files())):
        return f"--dry-run: {run}"
    run = repo.hygiene("untrack", "--dry-run", "--force", "--", "keep",
                       TOKEN + b"*")
    if TOKEN in run.stdout or MASKED + b".txt" not in run.stdout:
        return f"--dry-run of a pathspec: {run}"
    repo.write(TOKEN + b".txt", b"y")
    run = repo.hygiene("untrack", "--yes", "--", TOKEN + b".txt")
    if run.returncode != 128 or TOKEN in run.stderr or \
            MASKED + b".txt: what is staged" not in run.stderr:
        return f"what would be lost: {run}"
    run = repo.hygiene("untrack", "--yes")
    if repo.tracked() != {b"keep", TOKEN + b".txt"}:
        return f"--yes: {run}"
    run = repo.hygiene("untrack", "--yes", "--force", "--", TOKEN + b".txt")
    if repo.tracked() != {b"keep"}:
        return f"--yes of a pathspec: {run}"
    return None


AWS = "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYq8Lm2VnQzz\n"
LARAVEL = "APP_KEY=base64:7b+IRl8Dre0pqxTCVufYUFZ5GjhDIMQ0lWhy1yyIa8s=\n"


def files_of_secrets(repo):
    """A file whose name says that it holds secrets belongs outside of the
    repository, whatever rule knows what is in it."""
    moved = {".env": AWS, "a/.env": LARAVEL, "b/.env": "DB_PASSWORD=Sup3rS3c9\n",
             "c/.flaskenv": "SECRET_KEY=kx92jd0qpw8sma7zn3bv6tyu1\n",
             "s/sess_" + "0a1b2c3d4e5f" * 2 + "6g": AWS}
    stays = {"a/.env.example": LARAVEL, "deploy.sh": AWS, "d/.env": "A=1\n"}
    for path, content in {**moved, **stays}.items():
        repo.write(path, content.encode())
    repo.git("add", "-f", "-A")
    run = repo.hygiene("scan", "--index", "--format=jsonl")
    for line in run.stdout.splitlines():
        row = json.loads(line)
        if row["type"] != "finding":
            continue
        remedy = row["remedy"]
        # that a setting is risky is no secret
        wanted = row["path"] in moved and row["secret_id"] is not None
        if remedy["untrack"] != wanted or bool(remedy["gitignore"]) != wanted:
            return f"{row['rule']} at {row['path']}: {remedy}"
        rule = "php-session-name" if "sess_" in row["path"] else \
            "env-file-secret"
        if not wanted or rule == row["rule"]:
            rule = None
        if remedy.get("rule") != rule:
            return f"{row['rule']} at {row['path']}: {remedy}"
    run = repo.hygiene("scan", "--index")
    if b"ignore --write" not in run.stdout or b"untrack" not in run.stdout:
        return f"steps: {run.stdout.decode()}"
    run = repo.hygiene("untrack", "--dry-run")
    if run.stdout.decode().split() != sorted(moved):
        return f"--dry-run: {run}"
    run = repo.hygiene("ignore")
    lines = [line for line in run.stdout.splitlines()
             if not line.startswith(b"#")]
    # d/.env is no finding, and must not become ignored
    if lines != [b".flaskenv", b"/.env", b"/a/.env", b"/b/.env", b"sess_*"]:
        return f"ignore: {run}"
    repo.git("rm", "-q", "--cached", "d/.env")
    run = repo.hygiene("ignore", "--write")
    lines = [line for line in run.stdout.splitlines()
             if not line.startswith(b"#")]
    if lines != [b".env", b".flaskenv", b"sess_*"]:
        return f"ignore --write: {run}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        repo = Repo(args.program, os.path.join(folder, "r"), folder)
        repo.git("config", "index.threads", "1")
        repo.write("keep", b"k")
        repo.write(".git/info/exclude", b"")
        for number in range(args.rounds):
            fault = same_as_git(repo, rng, 2 + number % 3)
            if fault:
                faults.append(f"round {number}: {fault}")
        faults.append(refusals(repo, rng))
    with tempfile.TemporaryDirectory() as folder:
        faults.append(findings(Repo(args.program, os.path.join(folder, "r"),
                                    folder)))
        faults.append(what_was_not_looked_at_is_told(
            Repo(args.program, os.path.join(folder, "shallow"), folder)))
        faults.append(secrets_in_names(
            Repo(args.program, os.path.join(folder, "names"), folder)))
        faults.append(files_of_secrets(
            Repo(args.program, os.path.join(folder, "s"), folder)))
    faults = [fault for fault in faults if fault]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{args.rounds} rounds, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
