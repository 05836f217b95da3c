#!/usr/bin/env python3
"""Report files of real scans: several at once, whole or not there, the same
bytes for every number of threads; and where findings stand in their text.

usage: report_files.py <git-hygiene>
"""
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time

from scratch import expect, expect_in, expect_not_in, run_all

FORMATS = ["human", "jsonl", "json", "porcelain", "csv", "markdown", "html",
           "sarif", "github", "gitlab", "codeclimate", "junit", "rdjson",
           "gitleaks"]
SECRET = "MARK-abcdefgh"


def small_repo(place):
    repo = place.repo("repo")
    repo.commit_files({"a.txt": f"one\n  x = {SECRET}\n",
                       "store/s1": "data\n", "store/s2": "data\n"})
    repo.git("rm", "-q", "-r", "store")
    repo.commit_files({"b.txt": f"{SECRET}\n"}, "second")
    return repo


def reports_of_every_format_at_once(place):
    repo = small_repo(place)
    options = [f"--report={name}=../out.{name}" for name in FORMATS]
    done = repo.hygiene("scan", *options, "--format=porcelain")
    expect("exit code", done.returncode, 1)
    expect_in("standard output", "test-content", done.stdout)
    for name in FORMATS:
        path = os.path.join(place.path, f"out.{name}")
        expect(name, stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        expect_not_in(name, SECRET, text)
        expect_not_in(name, SECRET[5:], text)
        expect_in(name, "a.txt", text)
    left = [name for name in os.listdir(place.path)
            if name.startswith("out.")]
    expect("nothing else is left", sorted(left),
           sorted(f"out.{name}" for name in FORMATS))


def the_same_bytes_for_every_number_of_threads(place):
    repo = small_repo(place)
    for number in range(40):
        repo.write(f"dir{number}/x.txt", f"MARK-{chr(97 + number % 26) * 5}\n")
    repo.commit("many")
    for jobs in "1", "3":
        repo.hygiene("scan", f"--jobs={jobs}", "--now=2026-01-01",
                     *[f"--report={name}=../{jobs}.{name}"
                       for name in FORMATS])
    for name in FORMATS:
        pair = [open(os.path.join(place.path, f"{jobs}.{name}"), "rb").read()
                for jobs in ("1", "3")]
        expect(name, pair[0] == pair[1], True)


def what_cannot_be_written_is_told_before_the_scan(place):
    repo = small_repo(place)
    kept = place.write("kept.csv", "old\n")
    for path in "../none/x.sarif", "../repo":
        done = repo.hygiene("scan", f"--report=csv={kept}",
                            f"--report=sarif={path}")
        expect(path, done.returncode, 128)
        expect_in(path, path, done.stderr)
        expect("nothing on standard output", done.stdout, "")
    with open(kept, encoding="utf-8") as file:
        expect("the other report", file.read(), "old\n")


def a_report_that_exists_is_replaced(place):
    repo = small_repo(place)
    path = place.write("a.json", "x" * 100000, 0o644)
    repo.hygiene("scan", f"--report=gitleaks={path}")
    with open(path, encoding="utf-8") as file:
        json.load(file)
    expect("mode", stat.S_IMODE(os.stat(path).st_mode), 0o600)


def a_mistake_in_the_options_is_named(place):
    repo = small_repo(place)
    for options, words in [
            (["--report=sarif"], "--report takes <format>=<file>"),
            (["--report=sarif="], "--report takes <format>=<file>"),
            (["--report=xml=x"], "--report takes one of human, jsonl"),
            (["--format=xml"], "--format takes one of human, jsonl"),
            (["--report=csv=x", "-o", "x"], "two reports"),
            (["--report=csv=-"], "'-' is no file"),
            (["-z", "--format=sarif"], "--porcelain and -z")]:
        done = repo.hygiene("scan", *options)
        expect(str(options), done.returncode, 129)
        expect_in(str(options), words, done.stderr)


def colours_are_for_standard_output_alone(place):
    repo = small_repo(place)
    done = repo.hygiene("scan", "--color=always", "--report=human=../h.txt")
    expect_in("standard output", "\x1b[", done.stdout)
    with open(os.path.join(place.path, "h.txt"), encoding="utf-8") as file:
        expect_not_in("file", "\x1b", file.read())


def a_pipe_is_written_to(place):
    repo = small_repo(place)
    pipe = os.path.join(place.path, "pipe")
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        repo.hygiene("scan", f"--report=jsonl={pipe}")
        text = reader.stdout.read().decode()
    expect_in("report", '"type":"summary"', text)


def a_job_summary_is_appended_to(place):
    repo = small_repo(place)
    path = place.write("summary.md", "before\n")
    done = repo.hygiene("scan", "--format=github", GITHUB_STEP_SUMMARY=path)
    expect_in("annotation", "::error file=a.txt,line=2,endLine=2,title=",
              done.stdout)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    expect("what was there", text.startswith("before\n## "), True)
    place.write("summary.md", "x" * (1 << 20))
    repo.hygiene("scan", "--format=github", GITHUB_STEP_SUMMARY=path)
    expect("beyond GitHub's limit", os.path.getsize(path), 1 << 20)
    place.write("summary.md", "")
    repo.hygiene("scan", GITHUB_STEP_SUMMARY=path)
    expect("another format", os.path.getsize(path), 0)


def ctrl_c_leaves_no_file_and_says_so(place):
    repo = small_repo(place)
    for number in signal.SIGINT, signal.SIGTERM:
        with subprocess.Popen(
                [place.program, "scan", "--commits-from=-",
                 "--report=html=../out.html", "-o", "../out.txt"],
                cwd=repo.path, env=place.env, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE) as scan:
            time.sleep(0.5)
            scan.send_signal(number)
            _, talk = scan.communicate()
        expect("ended by the signal", scan.returncode, -number)
        expect_in("says so", "no report was written", talk.decode())
        left = [name for name in os.listdir(place.path)
                if name.startswith("out")]
        expect("left", left, [])


def columns_are_those_of_the_text(place):
    repo = place.repo("repo")
    line = f"\U0001f511 é€\t{SECRET} — MARK-second\n"
    text = f"first\r\n{line}MARK-last"
    repo.commit_files({"k.txt": text})
    done = repo.hygiene("scan", "--format=sarif")
    found = []
    for result in json.loads(done.stdout)["runs"][0]["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        expect("one line", region["startLine"], region["endLine"])
        units = text.split("\n")[region["startLine"] - 1].encode("utf-16-le")
        found.append(units[2 * region["startColumn"] - 2:
                           2 * region["endColumn"] - 2].decode("utf-16-le"))
    expect("text of the regions", sorted(found),
           ["abcdefgh", "last", "second"])


def worktree_findings_have_places_too(place):
    repo = place.repo("repo")
    repo.commit_files({"a": "x\n"})
    repo.write("k.txt", f"é {SECRET}\n")
    done = repo.hygiene("scan", "--worktree", "--format=sarif")
    result, = json.loads(done.stdout)["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    expect("column", region["startColumn"], 8)
    expect_in("hash", ":1",
              result["partialFingerprints"]["primaryLocationLineHash"])
    expect("line hash, not identity",
           result["partialFingerprints"]["gitHygiene/v1"].startswith(
               result["partialFingerprints"]["primaryLocationLineHash"][:8]),
           False)


def an_identity_outlives_moves_and_rebases(place):
    repo = small_repo(place)

    def identities():
        done = repo.hygiene("scan", "--format=sarif")
        return {(result["ruleId"], result["partialFingerprints"]
                 ["gitHygiene/v1"]) for result in
                json.loads(done.stdout)["runs"][0]["results"]}

    before = identities()
    repo.git("mv", "a.txt", "moved.txt")
    repo.write("moved.txt", "new\nlines\n" + repo.read("moved.txt"))
    repo.git("commit", "-qam", "move", GIT_HYGIENE="0")
    expect("after a move", identities(), before)
    repo.git("commit", "-q", "--amend", "-m", "other id", GIT_HYGIENE="0")
    expect("after a rewrite", identities(), before)


def paths_of_any_bytes_reach_scripts(place):
    repo = place.repo("repo")
    name = b"new\nline\t\xff.txt"
    with open(os.path.join(repo.path.encode(), name), "w") as file:
        file.write(SECRET)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "odd", GIT_HYGIENE="0")
    done = subprocess.run([place.program, "scan", "-z"], cwd=repo.path,
                          env=place.env, stdout=subprocess.PIPE)
    records = done.stdout.split(b"\0")
    expect("path", records[0].split(b"\t", 6)[6], name)
    quoted = repo.hygiene("scan", "--porcelain").stdout
    listed = repo.out("ls-files")
    expect("quoted as git does", quoted.rstrip("\n").split("\t")[6], listed)


def what_is_handed_on_names_no_session_id(place):
    repo = place.repo("repo")
    ident = "4f9c2e7ab01d83556e0f1a2b3c"
    repo.commit_files({f"var/sess_{ident}": 'user|s:3:"ann";cart|i:1;'})
    done = repo.hygiene("scan", "--format=porcelain")
    expect_in("found", f"var/sess_{ident}", done.stdout)
    for name in "html", "markdown":
        text = repo.hygiene("scan", f"--format={name}").stdout
        expect_in(name, "var/", text)
        expect_not_in(name, ident, text)


def a_rule_explains_itself(place):
    repo = place.repo("repo")
    done = repo.hygiene("scan", "--explain", "flask-session-file")
    expect("exit code", done.returncode, 0)
    expect_in("title", "Flask-Session session file", done.stdout)
    done = repo.hygiene("scan", "--explain", "no-such")
    expect("exit code", done.returncode, 128)


def progress_has_a_rate_and_is_one_line(place):
    repo = small_repo(place)
    done = repo.hygiene("scan", "--progress", GIT_PROGRESS_DELAY="0")
    for line in done.stderr.split("\n"):
        shown = line.split("\r")[-1]
        expect(line, bool(re.fullmatch(
            r"|(Walking commits|Scanning blobs): +\d+% \(\d+/\d+\).*", shown)),
            True)


CASES = [value for value in list(globals().values())
         if getattr(value, "__code__", None)
         and value.__code__.co_varnames[:1] == ("place",)]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
