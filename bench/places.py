"""See places.sh."""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "tests", "integration"))
import places  # noqa: E402  the test that makes the repository
from scratch import Place  # noqa: E402

CONFIG = """title = "marks"
[[rules]]
id = "mark"
description = "mark"
regex = '''MARK-([a-z]+)'''
keywords = ["mark-"]
"""
PLUGIN = """import re
from detect_secrets.plugins.base import RegexBasedDetector


class Mark(RegexBasedDetector):
    secret_type = "mark"
    denylist = [re.compile("MARK-([a-z]+)")]
"""

# The first that fits a place's words, and the start of its name, is its row.
ROWS = [
    ("encoded: UTF-16, base64, archives, notebooks", None, "encoded"),
    ("names of files and folders", "path-name", ""),
    ("names of refs", "ref-name", ""),
    ("messages, authors, annotated tags", "message", ""),
    ("files of `.git`: settings, hooks, reflogs", "git-dir", ""),
    ("index: staged, three sides of a conflict", "staged", ""),
    ("index of another worktree", "other-index", "index"),
    ("files on disk, ignored ones too", "worktree", "untracked"),
    ("files on disk, ignored ones too", "worktree", "ignored"),
    ("branches, tags, other refs, merges, HEADs", "history", ""),
    ("hidden by replacements and grafts", "replaced", ""),
    ("every stash entry", "stash", ""),
    ("notes", "note", ""),
    ("commits that only reflogs name", "reflog", ""),
    ("what nothing names", "unreachable", ""),
    ("objects of alternates", "alternate", ""),
]


def row_of(what, words):
    for title, word, start in ROWS:
        if (word is None or word in words) and what.startswith(start):
            return title
    raise AssertionError(f"{what}: {words}")


def words_in(data):
    """Of a report: only what it calls a secret, not the names beside it."""
    found = set()
    for key in ("Secret", "Match", "full", "value"):
        for text in re.findall(rf'"{key}": *"((?:[^"\\]|\\.)*)"', data):
            found |= set(re.findall(r"q[a-z]{2}zz", text))
    return found


def run(place, argv, cwd):
    return subprocess.run(argv, cwd=cwd, env=place.env, text=True,
                          errors="replace", stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE).stdout


def by_hygiene(place, repo):
    ids = {places.secret_id(places.mark(n)): places.mark(n)
           for n in range(26 * 26)}
    lines = run(place, [place.program, "scan", "--all", "--format=jsonl"],
                repo.path).splitlines()
    return {ids[row["secret_id"]] for row in map(json.loads, lines)
            if row["type"] == "finding"}


def by_leaks(program, *options):
    def scan(place, repo):
        config = place.write("marks.toml", CONFIG)
        return words_in(run(place, [program, *options, "-c", config, "."],
                            repo.path))
    return scan


def by_detect_secrets(program):
    """Its reports hold hashes of secrets; the default looks at tracked files
    alone."""
    def scan(place, repo):
        plugin = place.write("mark_plugin.py", PLUGIN)
        report = json.loads(run(place, [program, "scan", "--all-files",
                                        "--no-verify", "-p", plugin, "."],
                                repo.path))
        hashes = {hashlib.sha1(places.mark(n).encode()).hexdigest():
                  places.mark(n) for n in range(26 * 26)}
        return {hashes[row["hashed_secret"]]
                for rows in report["results"].values() for row in rows
                if row["hashed_secret"] in hashes}
    return scan


def scanners():
    found = [("git-hygiene --all", by_hygiene)]
    gitleaks = shutil.which("gitleaks")
    if gitleaks:
        more = ("--no-banner", "-f", "json", "-r", "-", "--redact=0",
                "--max-archive-depth=8")
        found += [("gitleaks git", by_leaks(gitleaks, "git", *more)),
                  ("gitleaks dir", by_leaks(gitleaks, "dir", *more))]
    betterleaks = shutil.which("betterleaks")
    if betterleaks:
        more = ("--no-banner", "-o", "-", "--jsonl")
        found += [("betterleaks git", by_leaks(betterleaks, "git", *more)),
                  ("betterleaks fs", by_leaks(betterleaks, "fs", *more))]
    detect_secrets = shutil.which("detect-secrets")
    if detect_secrets:
        found.append(("detect-secrets", by_detect_secrets(detect_secrets)))
    return found


def print_table(marks, results):
    rows = {}
    for word, (what, words, _) in marks.rows.items():
        rows.setdefault(row_of(what, words), []).append(word)
    names = [name for name, _ in results]
    print("| place | secrets |", " | ".join(names), "|")
    print("|---|---|" + "---|" * len(names))
    for title in dict.fromkeys(title for title, _, _ in ROWS):
        words = rows[title]
        print(f"| {title} | {len(words)} |", " | ".join(
            str(len(set(words) & found)) for _, found in results), "|")
    print(f"| all | {len(marks.rows)} |", " | ".join(
        str(len(set(marks.rows) & found)) for _, found in results), "|")


def main():
    place = Place(sys.argv[1])
    marks = places.Marks()
    repo = places.plant(place, marks)
    # else git warns of it, and what stops at any warning sees less
    repo.git("config", "advice.graftFileDeprecated", "false")
    results = [(name, scan(place, repo)) for name, scan in scanners()]
    print_table(marks, results)
    if "--list" in sys.argv[2:]:
        for word, (what, words, _) in marks.rows.items():
            by = [name for name, found in results if word in found]
            print(f"{what} ({', '.join(words)}): {', '.join(by) or 'none'}")
    place.folder.cleanup()
    return 0 if set(marks.rows) <= results[0][1] else 1


if __name__ == "__main__":
    sys.exit(main())
