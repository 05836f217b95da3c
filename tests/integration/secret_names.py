"""A folder on disk, tracked or not, whose name is a token: `ignore` and `fix`
cover what is in it by lines that git obeys, and neither what they print nor
what they write holds the token. `audit` shows no such folder either.

usage: secret_names.py GIT-HYGIENE
"""
import json
import os
import sys
import tempfile

from remedy_repo import MASKED, TOKEN, Repo, session_files

STORE = TOKEN + b"/flask_session"
WILD = b"?" * len(TOKEN)


def check(what, holds, seen=b""):
    if not holds:
        sys.exit(f"{what}: {seen!r}")


def run(repo, *args, code=1):
    done = repo.hygiene(*args)
    check(f"{args}: exit code", done.returncode == code, done)
    check(f"{args}: the token is shown",
          TOKEN not in done.stdout + done.stderr, done)
    return done.stdout


def repository(program, folder, name, store, tracked):
    repo = Repo(program, os.path.join(folder, name), folder)
    repo.write("main.py", b"")
    for file, content in session_files():
        repo.write(store + b"/" + file, content)
    repo.git("add", "-A" if tracked else "main.py")
    return repo


def files(store):
    return {store + b"/" + name for name, _ in session_files()}


def covers(repo, paths, *options):
    """--write ignores all of the paths and no other tracked one, proves it, and
    has nothing to add the second time."""
    others = repo.tracked() - paths
    run(repo, "ignore", "--check", code=1)
    run(repo, "ignore", *options)
    run(repo, "fix", "--dry-run")
    shown = run(repo, "ignore", "--write", "--dry-run", *options, code=0)
    check("the difference", b"\n+++ " in shown, shown)
    shown = run(repo, "ignore", "--write", *options, code=0)
    check("the proof", b", and 0 of " in shown, shown)
    check("git ignores them", repo.ignored(sorted(paths)) == paths, shown)
    check("git ignores others", not repo.ignored(sorted(others)), shown)
    before = repo.read(".gitignore")
    run(repo, "ignore", "--check", code=0)
    run(repo, "ignore", "--write", *options, code=0)
    check("a second run", repo.read(".gitignore") == before, before)
    return shown


def whole_stores(program, folder):
    for tracked in (False, True):
        repo = repository(program, folder, f"store{tracked}", STORE, tracked)
        shown = covers(repo, files(STORE))
        check("where", MASKED + b"/flask_session/" in shown, shown)
        check("the line", b"\n/" + WILD + b"/flask_session/\n" in
              repo.read(".gitignore"), repo.read(".gitignore"))
    repo = repository(program, folder, "named", b"x", False)
    run(repo, "ignore", "--write", "--also", os.fsdecode(TOKEN) + "/q", code=0)
    check("--also", repo.ignored([TOKEN + b"/q/x"]), repo.read(".gitignore"))


def what_stays_has_the_secret(program, folder):
    """It is named by a negation, which is as wild."""
    repo = repository(program, folder, "stays", b"flask_session", False)
    repo.write(b"flask_session/" + TOKEN + b".md", b"x")
    repo.git("add", "-f", b"flask_session/" + TOKEN + b".md")
    shown = covers(repo, files(b"flask_session"))
    check("the line", b"\n!/flask_session/" + WILD + b".md\n" in shown, shown)


def a_file_of_the_store_stays(program, folder):
    repo = repository(program, folder, "readme", STORE, True)
    repo.write(STORE + b"/README.md", b"x")
    repo.git("add", "-A")
    covers(repo, files(STORE))


def single_files(program, folder):
    """No pattern for the whole store fits: a name like the token is to stay."""
    repo = repository(program, folder, "single", STORE, True)
    like = b"x" * len(TOKEN)
    repo.write(like + b"/flask_session/README.md", b"x")
    repo.git("add", "-A")
    covers(repo, files(STORE))


def lines_of_the_user(program, folder):
    """Written by hand, or by an earlier version into its block."""
    repo = repository(program, folder, "lines", b"flask_session", False)
    line = b"/" + TOKEN + b"/\n"
    block = b"# BEGIN git-hygiene (git hygiene ignore --write updates this " \
        b"block)\n/" + STORE + b"/\n# END git-hygiene\n"
    repo.write(".gitignore", line + line + b"!" + line + b"!/flask_session/\n" +
               block)
    run(repo, "ignore")
    run(repo, "ignore", "--nested")
    shown = run(repo, "ignore", "--write", "--dry-run", code=0)
    check("the difference", b"\n !/" + MASKED + b"/\n" in shown, shown)
    run(repo, "ignore", "--write", code=0)
    check("lines of the user", repo.read(".gitignore").startswith(line + line))


def beside_what_is_special_in_a_pattern(program, folder):
    store = b"a[1]*" + TOKEN + b"\\" + TOKEN + b" /!\xff?/flask_session"
    repo = repository(program, folder, "special", store, True)
    covers(repo, files(store))
    check("the line", b"\n/a\\[1]\\*" + WILD + b"\\\\" + WILD + b" /!?\\?/" in
          repo.read(".gitignore"), repo.read(".gitignore"))


def in_a_nested_file(program, folder):
    repo = repository(program, folder, "nested", STORE, False)
    repo.write(TOKEN + b"/.gitignore", b"x\n")
    shown = run(repo, "ignore", "--write", "--nested", code=0)
    check("the files", b"# written: " + MASKED + b"/.gitignore\n" in shown,
          shown)
    check("the line", b"\n/flask_session/\n" in
          repo.read(TOKEN + b"/.gitignore"), shown)
    check("git", repo.ignored(sorted(files(STORE))) == files(STORE), shown)


APP = b"""from flask import Flask
from flask_session import Session
app = Flask(__name__)
app.config['SESSION_TYPE'] = 'filesystem'
app.config['SESSION_FILE_DIR'] = '%s/sessions'
"""


def settings(program, folder):
    """Paths and values that `audit` shows, and files that it corrects."""
    repo = repository(program, folder, "settings", b"x", False)
    repo.write(TOKEN + b"/app.py", APP % TOKEN)
    for args in ["audit"], ["audit", "--format=json"], ["fix", "--dry-run"]:
        shown = run(repo, *args)
        check(f"{args}: the store", MASKED + b"/sessions" in shown, shown)
    shown = run(repo, "audit", "--fix")
    check("a patch that cannot be applied", b"\n# this cannot be applied" in
          shown and b'\n--- "a/ghp_\\342\\200\\246(40 bytes)/app.py"\n' in shown,
          shown)
    run(repo, "audit", "--fix", "--write")
    check("it is corrected", b"/var/lib/" in repo.read(TOKEN + b"/app.py"))


def hides_nothing(program, folder):
    """What a name holds explains no file: that it lies where sessions do
    counts beside it."""
    repo = Repo(program, os.path.join(folder, "hides"), folder)
    repo.write(STORE + b"/562d833241979302817c76579abdee4e", b"not known")
    repo.git("add", "-A")
    rows = map(json.loads, run(repo, "scan", "--format=jsonl").splitlines())
    rules = {row["rule"] for row in rows if row["type"] == "finding"}
    check("rules", rules == {"github-personal-token",
                             "session-directory"}, rules)


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        whole_stores(program, folder)
        what_stays_has_the_secret(program, folder)
        a_file_of_the_store_stays(program, folder)
        single_files(program, folder)
        lines_of_the_user(program, folder)
        beside_what_is_special_in_a_pattern(program, folder)
        in_a_nested_file(program, folder)
        settings(program, folder)
        hides_nothing(program, folder)
    print("no line and no report names the secret")


if __name__ == "__main__":
    main()
