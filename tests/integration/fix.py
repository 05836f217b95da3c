#!/usr/bin/env python3
"""Holds `fix` against a golden report, against `ignore` and `untrack`, and
leads its dialogue at a terminal.

usage: fix.py <git-hygiene> <samples> <golden.md> [--update]
"""
import os
import pty
import re
import subprocess
import sys
import tempfile

import readme_case
from remedy_repo import MASKED, TOKEN, Repo, session_files

SECRET = "sample-only-not-a-real-key"
HOSTILE = b"a`](x) <b>@me\n\x1b[2J|``/flask_session"


def check(what, condition, shown=b""):
    if not condition:
        sys.exit(f"{what}\n{shown.decode(errors='replace')}")


def golden(program, samples, path, folder):
    top = os.path.join(folder, "case")
    readme_case.make(samples, top)
    env = dict(os.environ, LC_ALL="C.UTF-8", HOME=folder,
               GIT_CONFIG_GLOBAL="/dev/null")
    run = subprocess.run([program, "fix", "--dry-run", "--now=2026-03-01"],
                         cwd=top, env=env, stdout=subprocess.PIPE)
    check("exit code of --dry-run", run.returncode == 1, run.stdout)
    check("a secret is shown", SECRET.encode() not in run.stdout, run.stdout)
    report = re.sub(rb"(?m)^(By git-hygiene) \S+,", rb"\1 <version>,",
                    run.stdout)
    if "--update" in sys.argv:
        with open(path, "wb") as file:
            file.write(report)
    with open(path, "rb") as file:
        check("the report is not the golden one; see fix.py --update",
              file.read() == report, report)


def repository(program, folder, name, *dirs):
    """With tracked session files in these folders."""
    repo = Repo(program, os.path.join(folder, name), folder)
    for place in dirs:
        for file, content in session_files():
            repo.write(place + b"/" + file, content)
    repo.write("keep", b"keep\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "x")
    return repo


def hostile(program, folder):
    repo = repository(program, folder, "hostile", HOSTILE)
    out = repo.hygiene("fix", "--dry-run").stdout
    check("a control byte is shown", b"\x1b" not in out, out)
    lines = [line for line in out.split(b"\n") if b"<b>" in line]
    check("the hostile path is not there", lines, out)
    for line in lines:
        if line.startswith((b"#", b"/")):
            continue  # in the fenced block of ignore entries
        outside = line.split(b"```")[0::2]
        check("a path stands outside of code", not any(
            b"<b>" in part or b"@me" in part for part in outside), line)


def same_as_parts(program, folder):
    ours = repository(program, folder, "ours", b"flask_session")
    parts = repository(program, folder, "parts", b"flask_session")
    run = ours.hygiene("fix", "--yes")
    check("--yes", run.returncode == 1, run.stdout + run.stderr)
    parts.hygiene("ignore", "--write")
    parts.hygiene("untrack", "--yes")
    check(".gitignore differs",
          ours.read(".gitignore") == parts.read(".gitignore") is not None)
    stage = ours.git("ls-files", "--stage")
    check("the index differs", stage == parts.git("ls-files", "--stage"), stage)
    check("a session is still tracked", ours.tracked() == {b"keep"}, stage)


def talk(repo, answers):
    """Exit code and output of a dialogue."""
    child, terminal = pty.fork()
    if not child:
        os.execve(repo.program, [repo.program, "-C", repo.top, "fix"],
                  dict(repo.env, TERM="dumb", COLUMNS="80"))
    out = b""
    asked = 0
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        out += part
        while out.count(b"[y/N/q] ") > asked:
            check("more questions than answers", asked < len(answers), out)
            os.write(terminal, answers[asked:asked + 1] + b"\n")
            asked += 1
    os.close(terminal)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    check("fewer questions than answers", asked == len(answers), out)
    return code, out


def dialogue(program, folder):
    repo = repository(program, folder, "talk", b"flask_session")
    tracked = repo.tracked()
    code, out = talk(repo, b"q")
    check("q", code == 1 and b"2. Untrack" not in out, out)
    code, out = talk(repo, b"nnnn")
    check("n", code == 1 and repo.read(".gitignore") is None
          and repo.tracked() == tracked, out)
    code, out = talk(repo, b"ynq")
    check("y, n, q", code == 1 and repo.read(".gitignore") is not None
          and repo.tracked() == tracked, out)
    code, out = talk(repo, b"yyy")
    check("y to the rest", code == 1 and repo.tracked() == {b"keep"}
          and repo.read(".git/hygiene-purge.json") is not None, out)


def nothing(program, folder):
    repo = repository(program, folder, "nothing")
    run = repo.hygiene("fix")
    check("nothing to do", run.returncode == 0 and b"- [ ]" not in run.stdout,
          run.stdout + run.stderr)


def section(report, number):
    """What stands below the heading of a step."""
    start = report.index(b"\n## %d. " % number)
    return report[start:report.index(b"\n## %d. " % (number + 1))]


def bare(program, folder):
    """A bare repository is planned for by HEAD, as a clone of it is."""
    repo = repository(program, folder, "full", b"a/flask_session",
                      b"b/flask_session")
    repo.write("b/.gitignore", b"flask_session/\n")
    repo.write("app.py", b"from flask import Flask\napp = Flask('x')\n"
               b"app.config['SESSION_COOKIE_SECURE'] = False\n")
    repo.git("add", "-A")
    repo.git("rm", "-q", "--cached", "-r", "b/flask_session")
    repo.git("commit", "-qm", "y")
    top = os.path.join(folder, "bare")
    repo.git("clone", "-q", "--bare", ".", top)
    repo.git("clone", "-q", ".", os.path.join(folder, "clone"))
    ours = repo.hygiene("fix", top)
    theirs = repo.hygiene("fix", os.path.join(folder, "clone"))
    check("exit code of a bare one", ours.returncode == 1,
          ours.stdout + ours.stderr)
    check("a bare one is not named as such",
          b"This repository has no work tree." in ours.stdout, ours.stdout)
    for number in range(1, 5):
        check(f"step {number} differs from that of a clone",
              section(ours.stdout, number) == section(theirs.stdout, number),
              section(ours.stdout, number) + section(theirs.stdout, number))
    run = repo.hygiene("fix", "--yes", top)
    check("--yes for a bare one", run.returncode == 1, run.stdout + run.stderr)
    empty = os.path.join(folder, "empty")
    repo.git("init", "-q", "--bare", empty)
    run = repo.hygiene("fix", empty)
    check("what was not looked at counts as done", run.returncode == 3 and
          run.stdout.count(b"- [ ]") == 3, run.stdout + run.stderr)


KEY = b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYq8Lm2VnQzz"
AWS = b"AWS_SECRET_ACCESS_KEY=" + KEY + b"\n"


def what_is_tracked_and_stays(program, folder):
    """A secret in a file that belongs into the repository: nothing to untrack,
    and nothing that is right already; in a bare repository by its HEAD."""
    repo = repository(program, folder, "edit")
    repo.write("deploy.sh", AWS)
    repo.write("once.sh", AWS)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "y")
    repo.write("once.sh", b"true\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "z")
    words = b"no tracked file has to go; 1 found file is tracked and has to " \
        b"be edited"
    top = os.path.join(folder, "edit-bare")
    repo.git("clone", "-q", "--bare", ".", top)
    for place in (".", top):
        out = repo.hygiene("fix", place).stdout
        check(f"a file to edit, {place}",
              b"- [ ] 2. **Untrack**: " + words in out
              and b"- Untrack" not in out
              and section(out, 2).endswith(b"- `deploy.sh`\n")
              and b"nothing to ignore" in out, out)
        check(f"two groups of one tracked file, {place}",
              b"**2 tracked now**" in out and b"not tracked" not in out, out)
    code, out = talk(repo, b"q")
    check("the dialogue says what to edit", code == 1 and
          b"2. Untrack: no tracked file has to go; 1 found file" in out and
          b"  deploy.sh\r\n" in out, out)
    repo.write(".env", AWS)
    repo.git("add", "-f", ".env")
    out = repo.hygiene("fix").stdout
    check("to take out, and to edit",
          b"**Untrack**: 1 tracked path to take out; 1 other is tracked and "
          b"has to be edited" in out and
          b"1 of 1 path that does not belong into the repository would be "
          b"added again" in out, out)
    run = repo.hygiene("scan", top)
    check("a bare one has no index", b"Looked at history:" in run.stdout,
          run.stdout)
    run = repo.hygiene("scan", "--index", "--history", top)
    check("what was asked for is named",
          b"Looked at index, history:" in run.stdout, run.stdout)


def names_that_are_ids(program, folder):
    """Of PHP's sess_<id> the report and the dialogue show the beginning."""
    ids = [b"ugqv1crb7papiei85jivm0pfag", b"t9g4chn82leh2bpbn5etsbkos0"]
    repo = Repo(program, os.path.join(folder, "ids"), folder)
    repo.write(b"tmp/sess_" + ids[0], b"user_id|i:42;")
    repo.write(b"sess_" + ids[1], b"\x00igbinary")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "x")
    shown = repo.hygiene("fix", "--dry-run").stdout
    check("a file is not named", b"sess_ugqv...(26 characters)" in shown,
          shown)
    code, talked = talk(repo, b"nnnn")
    check("the dialogue", code == 1, talked)
    for name in ids:
        check("a session id is shown", name not in shown + talked,
              shown + talked)


def secrets_in_names(program, folder):
    repo = repository(program, folder, "names")
    repo.write(TOKEN + b"/.bash_history", b"ls\n")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "y")
    repo.git("branch", b"b-" + TOKEN)
    out = repo.hygiene("fix", "--dry-run").stdout
    check("Markdown", TOKEN not in out and MASKED in section(out, 2), out)
    check("refs", b"refs/heads/b-" + MASKED in section(out, 5), out)
    for words in (("--plan",), ("--verify",), ("--plan", "--format=json"),
                  ("--verify", "--format=json")):
        out = repo.hygiene("purge", *words).stdout
        check("purge", TOKEN not in out and b"refs/heads/b-ghp_" in out, out)
    _, out = talk(repo, b"yyq")
    check("it is ignored", repo.ignored([TOKEN + b"/.bash_history"]), out)
    check("dialogue", TOKEN not in out and b"ghp_" in out, out)
    check("they are untracked", repo.tracked() == {b"keep"}, out)


def sessions_that_nobody_can_read(program, folder):
    """They are files of the store, as its counter is not."""
    repo = Repo(program, os.path.join(folder, "unread"), folder)
    for i in range(3):
        repo.write(f"flask_session/0123456789abcdef0123456789abcde{i}",
                   b"x%d" % i)
    repo.write("flask_session/2029240f6d1128be89ddc32729463129",
               b"\0\0\0\0\x80\x05K\x02.")
    repo.git("add", "-A")
    repo.git("commit", "-qm", "x")
    out = repo.hygiene("scan").stdout
    check("scan", b" 3 files and 1 companion file:" in out, out)
    out = repo.hygiene("fix", "--dry-run").stdout
    check("fix", b" 3 files; " in out, out)


def finds_what_only_the_reflog_has(program, folder):
    """One scan tells what refs hold from what nothing names."""
    repo = repository(program, folder, "reflog")
    for file, content in session_files():
        repo.write(b"old/flask_session/" + file, content)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "sessions")
    repo.git("reset", "-q", "--hard", "HEAD~")
    shown = repo.hygiene("fix", "--dry-run").stdout
    check("it counts as held by a ref", b"1 only in commits that no ref names"
          in shown and b"still in history" not in shown, shown)
    check("it is not to be revoked",
          b"- [ ] `old/flask_session/`" in section(shown, 4), shown)


def main():
    program, samples, path = map(os.path.abspath, sys.argv[1:4])
    with tempfile.TemporaryDirectory() as folder:
        golden(program, samples, path, folder)
        nothing(program, folder)
        bare(program, folder)
        what_is_tracked_and_stays(program, folder)
        names_that_are_ids(program, folder)
        finds_what_only_the_reflog_has(program, folder)
        sessions_that_nobody_can_read(program, folder)
        secrets_in_names(program, folder)
        hostile(program, folder)
        same_as_parts(program, folder)
        dialogue(program, folder)
    print("fix: report, remedies and dialogue are as they should be")


if __name__ == "__main__":
    main()
