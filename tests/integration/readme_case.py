#!/usr/bin/env python3
"""Holds the reports that README.md shows against what the program prints.

Builds the repository that README.md tells about: a Flask application whose
session files were committed, deleted, ignored, and declared fixed. Each block
of README.md that follows a line `<!-- case: <arguments> -->` must be what the
program prints there with these arguments.

usage: readme_case.py <git-hygiene> <samples> <README.md> [--update]
       readme_case.py --make <samples> <folder>
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

APP = """\
import os

from flask import Flask
from flask_session import Session

app = Flask(__name__)
app.config['SECRET_KEY'] = 'sample-only-not-a-real-key'
app.config['SESSION_TYPE'] = 'filesystem'
"""

SETTINGS = """\
app.config['SESSION_FILE_DIR'] = os.path.join(os.path.dirname(__file__), 'temp_sessions')
app.config['SESSION_FILE_THRESHOLD'] = 500
app.config['PERMANENT_SESSION_LIFETIME'] = 3600
"""

IGNORED = """\
# Flask session files
flask_session/
*/flask_session/
**/flask_session/
temp_sessions/
*/temp_sessions/
**/temp_sessions/
"""


def git(repo, *args, date="2026-01-01T00:00:00Z"):
    env = dict(os.environ, GIT_AUTHOR_NAME="Ada Example",
               GIT_AUTHOR_EMAIL="ada@example.test",
               GIT_COMMITTER_NAME="Ada Example",
               GIT_COMMITTER_EMAIL="ada@example.test", GIT_AUTHOR_DATE=date,
               GIT_COMMITTER_DATE=date, GIT_CONFIG_GLOBAL="/dev/null",
               GIT_CONFIG_SYSTEM="/dev/null")
    subprocess.run(["git", "-C", repo, *args], check=True, env=env,
                   stdout=subprocess.DEVNULL)


def write(repo, path, text):
    full = os.path.join(repo, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as file:
        file.write(text)


def make(samples, repo):
    subprocess.run(["git", "init", "-q", "-b", "main", repo], check=True)
    write(repo, "backend/app_server.py", APP + "Session(app)\n")
    stores = {"flask_session": "fs-0.8.0-cachelib-0.15.4-py311/flask_session",
              "backend/flask_session":
                  "fs-0.4.0-cachelib-0.4.1-py38/temp_sessions"}
    for store, sample in stores.items():
        shutil.copytree(os.path.join(samples, sample),
                        os.path.join(repo, store))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Sign in with sessions",
        date="2026-01-02T09:00:00Z")
    git(repo, "rm", "-rq", *stores)
    write(repo, ".gitignore", IGNORED)
    write(repo, "backend/app_server.py", APP + SETTINGS + "Session(app)\n")
    shutil.copy(os.path.join(samples, "fs-0.4.0-cachelib-0.4.1-py38",
                             "docs", "curl.md"),
                os.path.join(repo, "README.md"))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Fix session security",
        date="2026-02-03T10:00:00Z")


def output(program, repo, arguments):
    env = dict(os.environ, LC_ALL="C.UTF-8", COLUMNS="80")
    run = subprocess.run([program, *arguments.split()], cwd=repo, env=env,
                         stdout=subprocess.PIPE, check=False)
    return run.stdout.decode()


def main():
    if sys.argv[1] == "--make":
        make(sys.argv[2], sys.argv[3])
        return
    program, samples, readme = map(os.path.abspath, sys.argv[1:4])
    text = open(readme, encoding="utf-8").read()
    block = re.compile(r"(<!-- case: ([^>]*?) -->\n+```\n)(.*?)(```\n)", re.S)
    with tempfile.TemporaryDirectory() as folder:
        repo = os.path.join(folder, "case")
        make(samples, repo)
        fresh = block.sub(
            lambda m: m[1] + output(program, repo, m[2]) + m[4], text)
    count = len(block.findall(text))
    if "--update" in sys.argv:
        with open(readme, "w", encoding="utf-8") as file:
            file.write(fresh)
    elif fresh != text:
        sys.exit("README.md shows another report than the program prints; "
                 "see readme_case.py --update")
    print(f"{count} reports of README.md are what the program prints")
    sys.exit(0 if count else 1)


if __name__ == "__main__":
    main()
