#!/usr/bin/env python3
"""Scans a repository made of tests/data/samples and compares the findings
with MANIFEST.tsv.

Every sample folder is committed as a folder of one repository, then deleted
in a second commit: what is found, is found in history alone. A row asks for
one rule by name, and for no second finding of the session packs on the same
path; a row "none" asks for no finding at all.

usage: samples.py GIT_HYGIENE SAMPLES_FOLDER
"""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

# The word of the manifest -> the rule that has to flag the path.
RULES = {
    "aws-cli": "aws-cli-cache",
    "aws-credentials": "aws-credentials",
    "aws-sso": "aws-sso-cache",
    "browser-cookie-json": "cookie-jar-json",
    "cachelib-counter": "flask-session-counter",
    "cachelib-session": "flask-session-file",
    "chromium-cookies": "chromium-cookie-database",
    "chromium-localstorage": "chromium-local-storage",
    "codeigniter": "codeigniter-session-file",
    "connect-loki": "connect-loki-store",
    "django-file": "django-session-file",
    "django-session-db": "django-session-database",
    "express-sqlite": "express-session-database",
    "flask-secret-key": "session-key",
    "flask-session-signed-sid": "flask-session-signed-sid",
    "flask-session-sqlalchemy": "flask-session-database",
    "gcloud-adc": "gcloud-default-credentials",
    "gcloud-credentials": "gcloud-credentials",
    "gcloud-tokens": "gcloud-access-tokens",
    "git-credentials": "git-credentials",
    "instaloader": "instaloader-session-file",
    "itsdangerous-cookie": "flask-session-cookie",
    "jupyter-secret": "jupyter-cookie-secret",
    "jupyter-server": "jupyter-server-file",
    "laravel": "laravel-session-file",
    "netrc": "netrc",
    "netscape-cookies": "cookie-jar-netscape",
    "php-sess": "php-session-file",
    "pickled-cookies": "cookie-jar-pickle",
    "playwright": "playwright-storage-state",
    "pyrogram-string": "telegram-session-string",
    "rails": "rails-cache-session",
    "redis-rdb": "redis-session-dump",
    "scrapy-httpcache": "scrapy-http-cache",
    "securecookie": "werkzeug-securecookie",
    "session-file-store": "session-file-store-file",
    "session-file-store-enc": "session-file-store-file",
    "starlette-secret-key": "session-key",
    "telegram-session": "telegram-session-file",
    "telethon-string": "telegram-session-string",
    "tomcat": "tomcat-session-file",
    "webpy": "webpy-session-file",
}

# Where the word alone does not say which.
RULES_BY_PATH = {
    "aria2-cookies/cookies.txt": "cookie-jar-headerless",
    "rails-activesupport-filestore-session/tmp/ruby_sess.0123456789abcdef":
        "ruby-pstore-session",
}

# A companion of a store may be flagged or not.
OTHER_WORDS = {
    "companion (no finding of its own needed)",
}

SESSION_PACKS = {
    "browser-profiles",
    "cookie-jars",
    "credential-files",
    "django",
    "flask-session",
    "java",
    "messenger-sessions",
    "node",
    "php",
    "python-web",
    "ruby",
    "session-cookies",
    "session-keys",
    "session-stores",
}

# Cookies that a NOTE.txt quotes are cookies.
NOTE_RULES = {"flask-session-sid", "flask-session-signed-sid"}

# Where a store is more than its file. These do not depend on the clock.
STORES = {
    "cachelib-session": lambda path: path.rpartition("/")[0],
    "cachelib-counter": lambda path: path.rpartition("/")[0],
    "scrapy-httpcache": lambda path: "scrapy-2.8-httpcache/.scrapy",
    "netrc": lambda path: path,
}
SEVERITIES = {
    "aws-credentials": "critical",
    "cachelib-counter": "low",
    "gcloud-credentials": "critical",
    "git-credentials": "critical",
    "netrc": "critical",
    "telegram-session": "critical",
}


class Repository:
    """A repository in a folder, out of reach of the user's configuration."""

    def __init__(self, folder):
        self.folder = folder
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder.parent),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        for role in ("AUTHOR", "COMMITTER"):
            self.env[f"GIT_{role}_NAME"] = "Ada Example"
            self.env[f"GIT_{role}_EMAIL"] = "ada@example.test"
        folder.mkdir()
        self.git("init", "-q", "-b", "main")
        # Samples must arrive as they are, CRLF and all.
        self.git("config", "core.autocrlf", "false")

    def git(self, *args):
        run = subprocess.run(
            ["git", "-C", str(self.folder), *args],
            env=self.env, check=True, stdout=subprocess.PIPE, text=True)
        return run.stdout.strip()

    def commit(self, message, day):
        date = f"2024-01-{day:02d}T03:04:05+00:00"
        self.env["GIT_AUTHOR_DATE"] = date
        self.env["GIT_COMMITTER_DATE"] = date
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")


def build(folder, samples):
    """Returns the repository, the commit that adds and the one that
    deletes."""
    repository = Repository(folder)
    for sample in sorted(samples.iterdir()):
        if sample.is_dir():
            shutil.copytree(sample, folder / sample.name)
    repository.git("add", "-f", ".")
    added = repository.commit("Add samples", 2)
    repository.git("rm", "-r", "-q", ".")
    return repository, added, repository.commit("Delete samples", 3)


def scan(program, repository):
    """Returns the objects of the JSONL report."""
    run = subprocess.run(
        [program, "-C", str(repository.folder), "scan", "--history",
         "--format=jsonl"],
        env=repository.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        check=False)
    if run.returncode != 1:
        sys.exit(f"scan ended with {run.returncode}, not 1 for findings:\n"
                 + run.stderr.decode(errors="replace"))
    return [json.loads(line) for line in run.stdout.splitlines()]


def read_manifest(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [(row[0], row[1]) for row in rows if row]


def check_row(path, word, findings):
    """Yields what is wrong with the findings of one path."""
    if word == "none":
        for finding in findings:
            yield "false alarm", finding["rule"]
        return
    words = word.split(",")
    if "flask-config" in words:
        # which of its settings, is for audit.py to say
        words.remove("flask-config")
        if not any(f["pack"] == "flask-config" for f in findings):
            yield "missed", "flask-config"
        if not words:
            return
    word = ",".join(words)
    rule = RULES_BY_PATH.get(path) or RULES.get(word)
    if not rule:
        yield "unknown word", word
        return
    found = [finding for finding in findings if finding["rule"] == rule]
    if len(found) != 1:
        yield "missed" if not found else "repeated", rule
    for finding in findings:
        if finding["rule"] != rule and finding["pack"] in SESSION_PACKS:
            yield "second rule", finding["rule"]
    for finding in found:
        if word in STORES and finding["store"] != STORES[word](path):
            yield "wrong store", str(finding["store"])
        if finding["severity"] != SEVERITIES.get(word, finding["severity"]):
            yield "wrong severity", f"{rule}: {finding['severity']}"


def check_history(finding, added, deleted):
    """Yields what is wrong with where and since when."""
    exposure = finding["exposure"]
    facts = (
        ("places", finding["places"], ["history"]),
        ("tracked", finding["tracked"], False),
        ("at_tip", finding["at_tip"], False),
        ("first_commit", exposure["first_commit"], added),
        ("removed_commit", exposure["removed_commit"], deleted),
    )
    for name, is_value, should in facts:
        if is_value != should:
            yield f"wrong {name}", f"{finding['rule']}: {is_value}"


def check(objects, rows, added, deleted):
    """Returns the mistakes as (path, kind, what)."""
    findings = [o for o in objects if o["type"] == "finding"]
    mistakes = []
    for item in objects:
        if item["type"] == "skipped":
            mistakes.append((item["path"] or "", "skipped", item["reason"]))
    for finding in findings:
        for kind, what in check_history(finding, added, deleted):
            mistakes.append((finding["path"], kind, what))
    for path, word in rows:
        if word in OTHER_WORDS:
            continue
        here = [finding for finding in findings if finding["path"] == path]
        for kind, what in check_row(path, word, here):
            mistakes.append((path, kind, what))
    notes = [f for f in findings if f["path"].endswith("/NOTE.txt")
             and f["rule"] not in NOTE_RULES]
    for finding in notes:
        mistakes.append((finding["path"], "false alarm", finding["rule"]))
    return mistakes


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    samples = pathlib.Path(sys.argv[2])
    rows = read_manifest(samples / "MANIFEST.tsv")
    with tempfile.TemporaryDirectory() as temp:
        repository, added, deleted = build(
            pathlib.Path(temp) / "samples", samples)
        mistakes = check(scan(program, repository), rows, added, deleted)
    for path, kind, what in mistakes:
        print(f"{kind:18} {what:32} {path}")
    checked = sum(word not in OTHER_WORDS for _, word in rows)
    print(f"{checked} paths, {len(mistakes)} mistakes")
    sys.exit(1 if mistakes else 0)


if __name__ == "__main__":
    main()
