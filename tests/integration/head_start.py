#!/usr/bin/env python3
"""What is read before its paths are known is told as with one thread, which
knows them first: what a rule accepts by path and decoder, by path and keyword,
the same in UTF-16, and settings.

usage: head_start.py <git-hygiene>

The repository has few blobs and many paths, so that all blobs are read by the
time that the rules were asked about the paths.
"""
import os
import random
import string
import subprocess
import sys
import tempfile

PATHS = 30000
FILLERS = 300
TOLD = 40  # files of each kind
ENV = {key: value for key, value in os.environ.items()
       if not key.startswith("GIT_")}
ENV.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")


def word(chance, length):
    letters = string.ascii_letters + string.digits
    return "".join(chance.choices(letters, k=length)).encode()


def session(chance):
    """One of Laravel, as PHP serializes it."""
    return word(chance, 40), (
        b'a:2:{s:6:"_token";s:40:"%s";s:6:"_flash";'
        b'a:2:{s:3:"old";a:0:{}s:3:"new";a:0:{}}}' % word(chance, 40))


def setting(chance):
    return b"deploy_token=%s7x2\n" % word(chance, 20)


def told_files(chance):
    for number in range(TOLD):
        name, content = session(chance)
        yield b"sessions/%s" % name, content
        yield b"conf/a%d.properties" % number, setting(chance)
        yield b"wide/u%d.properties" % number, (
            b"\xff\xfe" + setting(chance).decode().encode("utf-16-le"))
        yield b"web/s%d/settings.py" % number, (
            b"from flask import Flask\napp = Flask(__name__)\n"
            b"app.config['SESSION_TYPE'] = 'filesystem'\n"
            b"app.config['SESSION_FILE_DIR'] = 'd%d'\n" % number)
        # the same, where no rule wants it
        yield b"src/t%d.c" % number, setting(chance)


def make_repository(repo):
    chance = random.Random(1)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repo],
                   check=True, env=ENV)
    stream = []
    for number in range(FILLERS):
        text = b"int f%d(void);\n" % number
        stream.append(b"blob\nmark :%d\ndata %d\n%s\n"
                      % (number + 1, len(text), text))
    stream.append(b"commit refs/heads/main\ncommitter Ada <ada@example.com> "
                  b"1700000000 +0000\ndata 1\nx\n")
    for path, content in told_files(chance):
        stream.append(b"M 100644 inline %s\ndata %d\n%s\n"
                      % (path, len(content), content))
    for number in range(PATHS):
        stream.append(b"M 100644 :%d lib/d%d/f%d.c\n"
                      % (number % FILLERS + 1, number // 100, number))
    subprocess.run(["git", "-C", repo, "-c", "fastimport.unpackLimit=0",
                    "fast-import", "--quiet"], input=b"".join(stream),
                   check=True, env=ENV)


def scan(program, repo, jobs):
    run = subprocess.run(
        [program, "-c", "hygiene.fingerprintKey=k", f"--git-dir={repo}",
         "scan", "--history", "--format=jsonl", "--no-repo-config",
         "--no-cache", "--no-progress", "--now=2026-01-01", f"--jobs={jobs}"],
        stdout=subprocess.PIPE, env=ENV, check=False)
    if run.returncode != 1:
        raise AssertionError(f"{jobs} jobs: exit {run.returncode}")
    return run.stdout.splitlines()


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        repo = os.path.join(folder, "repo")
        make_repository(repo)
        expected = scan(program, repo, 1)
        for part in (b"sessions/", b"conf/a", b"wide/u", b"web/s"):
            files = sum(b'"path":"' + part in line for line in expected)
            assert files >= TOLD, f"{files} findings in {part}"
        for jobs in (2, 3):
            lines = scan(program, repo, jobs)
            missing = set(expected) - set(lines)
            assert lines == expected, (
                f"{jobs} jobs: {len(missing)} lines are missing, "
                f"as {sorted(missing)[:1]}")
    print(f"{len(expected)} lines, whatever is known first")


if __name__ == "__main__":
    main()
