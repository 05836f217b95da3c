"""Runs `ignore --write` on generated repositories, with nested .gitignore files,
negations, odd names, CRLF, byte order marks, missing final newlines, and source
packages that bear the name of a store. Then git check-ignore must ignore every
finding and no other tracked path that it did not before; a second run changes
nothing; --undo restores every file byte for byte.

usage: ignore_write.py GIT-HYGIENE [--repositories N] [--seed N]
"""
import argparse
import os
import random
import sys
import tempfile

from remedy_repo import Repo, session_files

FOLDERS = [b"", b"backend/", b"a b/", b"#x/", b"!y/", b"app [1]/", b"x/y/z/",
           b"\xc3\xa9t\xc3\xa9/", b"tail /", b"back\\slash/", b"st*r/", b"q?/",
           b"\xff\xfe/"]
STORES = [b"flask_session", b"flask_session", b"temp_sessions", b"my sessions",
          b"sessions ", b"#sessions", b"!session", b"session[s]", b"s*session"]
LINES = [b"*.pyc", b"!*.pyc", b"# comment", b"", b"node_modules/", b"!flask_session/",
         b"!flask_session", b"!temp_sessions/", b"!*session*", b"!*", b"*.log  ",
         b"build/  ", b"\\#x", b"!/backend/", b"flask_session/*.tmp", b"/dist",
         b"**/cache/", b"!**/*session*/", b"trailing\\ "]


def random_gitignore(rng):
    end = rng.choice([b"\n", b"\n", b"\r\n"])
    lines = [rng.choice(LINES) for _ in range(rng.randint(0, 7))]
    text = end.join(lines)
    return rng.choice([b"", b"", b"\xef\xbb\xbf"]) + text + \
        (end if lines and rng.random() < 0.6 else b"")


def fill(repo, rng):
    stores = set()
    for _ in range(rng.randint(1, 4)):
        stores.add(rng.choice(FOLDERS) + rng.choice(STORES))
    for store in sorted(stores):
        for name, content in session_files():
            repo.write(store + b"/" + name, content)
        if rng.random() < 0.2:
            repo.write(store + b"/.gitkeep", b"")
        if rng.random() < 0.1:
            repo.write(store + b"/" + rng.choice([b"README.md", b"sub/a.py"]),
                       b"x")
    for _ in range(rng.randint(0, 3)):
        package = rng.choice(FOLDERS) + b"src/" + rng.choice(STORES)
        repo.write(package + b"/__init__.py", b"")
    repo.write(b"main.py", b"")
    if rng.random() < 0.8:
        repo.write(b".gitignore", random_gitignore(rng))
    for _ in range(rng.randint(0, 3)):
        folder = rng.choice(FOLDERS)
        if folder:
            repo.write(folder + b".gitignore", random_gitignore(rng))
    if rng.random() < 0.2:
        store = rng.choice(sorted(stores))
        repo.write(store + b"/.gitignore", rng.choice([b"*\n!.gitignore\n",
                                                       b"!*\n"]))
    repo.git("add", "-A", "-f")
    return {store + b"/" + name for store in stores
            for name, _ in session_files()}


def all_gitignores(repo):
    found = {}
    for folder, _, files in os.walk(repo.top):
        if b".gitignore" in files:
            path = os.path.join(folder, b".gitignore")
            with open(path, "rb") as file:
                found[path] = file.read()
    return found


def check(repo, rng):
    """What is wrong, or None."""
    findings = fill(repo, rng)
    others = repo.tracked() - findings
    ignored_before = repo.ignored(sorted(others))
    files_before = all_gitignores(repo)
    options = rng.choice([[], [], ["--nested"]])
    run = repo.hygiene("ignore", "--write", *options)
    if run.returncode != 0:
        return f"exit {run.returncode}: {run.stdout} {run.stderr}"
    missed = findings - repo.ignored(sorted(findings))
    if missed:
        return f"not ignored: {missed}"
    newly = repo.ignored(sorted(others)) - ignored_before
    if newly:
        return f"newly ignored: {newly}"
    if repo.hygiene("ignore", "--check").returncode != 0:
        return "--check disagrees with --write"
    files_after = all_gitignores(repo)
    run = repo.hygiene("ignore", "--write", *options)
    if all_gitignores(repo) != files_after or run.returncode:
        return f"a second run changes something: {run.stdout} {files_after}"
    repo.hygiene("ignore", "--undo")
    if all_gitignores(repo) != files_before:
        return f"--undo leaves {all_gitignores(repo)} of {files_before}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--repositories", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    wrong = 0
    for number in range(args.repositories):
        with tempfile.TemporaryDirectory() as folder:
            repo = Repo(args.program, os.path.join(folder, "r"), folder)
            fault = check(repo, random.Random(args.seed * 100003 + number))
            if fault:
                wrong += 1
                print(f"repository {number}: {fault}", file=sys.stderr)
    print(f"{args.repositories} repositories, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
