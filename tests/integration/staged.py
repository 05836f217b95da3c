#!/usr/bin/env python3
"""Scans of what is staged and of the worktree: each kind of change, real
commits through hooks, and random indexes held against git ls-files.

usage: staged.py <git-hygiene>
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
PLAIN = b"nothing\n"
INDEXES = int(sys.argv[2]) if len(sys.argv) > 2 else 40
THOROUGH = INDEXES > 100
KEY = b"aws = '" + b"MARK-" + b"secret'\n"
BINARY = b"\0\1\2" + b"MARK-binary" + b"\xff\0"

RULES = """
version: 1
pack: test
rules:
  - id: test-content
    title: Marked content
    severity: high
    confidence: high
    why: A test.
    keywords: [MARK-]
    pattern: 'MARK-([a-z]+)'
    placeholders: true
    store: none
    references: ['https://example.test/']
    examples:
      match: [{content: 'MARK-{}abc'}]
      nomatch: [{content: 'mark'}]
  - id: test-path
    title: Any file
    severity: high
    confidence: high
    why: A test.
    path: '**/*'
    except: [never]
    store: none
    references: ['https://example.test/']
    examples:
      match: [{path: a/b}]
      nomatch: [{path: never}]
"""


def git(repo, *args, data=None, env=None, check=True):
    env = dict(os.environ, **(env or {}))
    return subprocess.run(
        ["git", "-C", repo, "-c", "user.name=A", "-c", "user.email=a@b.test",
         *args], input=data, check=check, env=env, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE).stdout


def write(repo, path, content=PLAIN):
    full = os.path.join(repo, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    if os.path.lexists(full):
        os.remove(full)
    with open(full, "wb") as file:
        file.write(content)


def scan(repo, *args, env=None):
    run = subprocess.run(
        [PROGRAM, "-C", repo, "scan", "--no-builtin-rules", "--rules",
         os.path.join(os.path.dirname(repo), "rules.yml"), "--format=jsonl",
         *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=dict(os.environ, **(env or {})))
    if run.returncode not in (0, 1, 3):
        raise AssertionError(run.stderr.decode())
    return [json.loads(line) for line in run.stdout.splitlines()]


def flagged(rows, rule="test-content"):
    return {r["path"] for r in rows
            if r["type"] == "finding" and r["rule"] == rule}


def expect(what, actual, wanted):
    if actual != wanted:
        raise AssertionError(f"{what}: {actual!r} instead of {wanted!r}")


def made(folder, name):
    """A repository with a commit, and nothing staged: a copy of the first."""
    repo = os.path.join(folder, name)
    first = os.path.join(folder, "first")
    if not os.path.exists(first):
        make(first)
    shutil.copytree(first, repo, symlinks=True)
    return repo


def make(repo):
    subprocess.run(["git", "init", "-q", "-b", "main", repo], check=True)
    for path in ("file", "dir/file", "dir/other", "dir/deep/er/file"):
        write(repo, path, PLAIN * (len(path)))
    os.symlink("file", os.path.join(repo, "link"))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "first")


def plant(repo, path, content):
    """Stages the content at the path and leaves another in the worktree."""
    write(repo, path, content)
    git(repo, "add", "-f", path)
    write(repo, path, PLAIN)


# Each kind of change stages `content` somewhere and returns where.

def added(repo, content):
    plant(repo, "dir/new", content)
    return {"dir/new"}


def added_in_a_new_folder(repo, content):
    plant(repo, "new/er/file", content)
    return {"new/er/file"}


def edited(repo, content):
    plant(repo, "dir/deep/er/file", content)
    return {"dir/deep/er/file"}


def renamed_and_edited(repo, content):
    git(repo, "mv", "dir/file", "moved")
    plant(repo, "moved", content)
    return {"moved"}


def renamed(repo, content):
    """Its content is HEAD's, at another path."""
    plant(repo, "dir/other", content)
    git(repo, "commit", "-qm", "before")
    git(repo, "mv", "dir/other", "moved")
    return {"moved"}


def emptied_and_filled_again(repo, content):
    plant(repo, "file", b"")
    git(repo, "commit", "-qm", "empty")
    plant(repo, "file", content)
    return {"file"}


def intended_and_then_added(repo, content):
    """The flag of an intent makes the index a version 3."""
    for path in ("meant", "dir/meant"):
        write(repo, path, KEY)
        git(repo, "add", "-N", path)
    plant(repo, "dir/meant", content)
    return {"dir/meant"}


def file_becomes_a_folder(repo, content):
    git(repo, "rm", "-q", "file")
    plant(repo, "file/inner", content)
    return {"file/inner"}


def folder_becomes_a_file(repo, content):
    git(repo, "rm", "-rq", "dir")
    plant(repo, "dir", content)
    return {"dir"}


def symlink_becomes_a_file(repo, content):
    plant(repo, "link", content)
    return {"link"}


def file_becomes_a_symlink(repo, content):
    blob = git(repo, "hash-object", "-w", "--stdin", data=content).strip()
    git(repo, "update-index", "--cacheinfo", f"120000,{blob.decode()},file")
    return {"file"}


def made_executable(repo, content):
    blob = git(repo, "hash-object", "-w", "--stdin", data=content).strip()
    git(repo, "update-index", "--cacheinfo", f"100755,{blob.decode()},file")
    return {"file"}


def in_conflict(repo, content):
    blob = git(repo, "hash-object", "-w", "--stdin", data=content).strip()
    head = git(repo, "rev-parse", "HEAD:file").strip()
    rows = [b"0 " + b"0" * 40 + b"\tfile", b"100644 %s 1\tfile" % head,
            b"100644 %s 2\tfile" % head, b"100644 %s 3\tfile" % blob]
    git(repo, "update-index", "--index-info", data=b"\n".join(rows) + b"\n")
    return {"file"}


def merged(repo, content):
    git(repo, "checkout", "-qb", "side")
    write(repo, "from-side", content)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "side")
    git(repo, "checkout", "-q", "main")
    write(repo, "from-main")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "main")
    git(repo, "merge", "-q", "--no-commit", "side")
    return {"from-side"}


KINDS = [added, added_in_a_new_folder, edited, renamed, renamed_and_edited,
         emptied_and_filled_again, intended_and_then_added,
         file_becomes_a_folder, folder_becomes_a_file, symlink_becomes_a_file,
         file_becomes_a_symlink, made_executable, in_conflict, merged]


def each_kind_is_found_in_the_index(folder):
    for kind in KINDS:
        for number, content in enumerate((KEY, BINARY)):
            for version in (2, 4) if THOROUGH else (2 + 2 * number,):
                repo = made(folder, f"{kind.__name__}-{number}-{version}")
                git(repo, "update-index", "--index-version", str(version))
                wanted = kind(repo, content)
                rows = scan(repo, "--staged")
                expect(kind.__name__, flagged(rows), wanted)
                expect("all staged", flagged(rows, "test-path"),
                       {p for p, _ in staged_by_git(repo)})
                for row in rows:
                    if row["type"] == "finding":
                        expect("places", row["places"], ["staged"])
                        expect("tracked", row["tracked"], True)


def what_only_the_worktree_has_is_not_staged(folder):
    repo = made(folder, "only-worktree")
    for path in ("file", "dir/deep/er/file", "new"):
        write(repo, path, KEY)
    expect("staged", flagged(scan(repo, "--staged"), "test-path"), set())
    git(repo, "add", "-N", "new")
    expect("intent", flagged(scan(repo, "--staged"), "test-path"), set())
    expect("worktree", flagged(scan(repo, "--worktree")),
           {"file", "dir/deep/er/file", "new"})


def no_kind_is_found_that_only_the_worktree_has(folder):
    """The same changes with harmless content staged, and the secret on disk
    alone."""
    for kind in KINDS:
        for number, content in enumerate((KEY, BINARY)):
            repo = made(folder, f"disk-{kind.__name__}-{number}")
            for path in kind(repo, PLAIN * 3):
                write(repo, path, content)
            expect(kind.__name__, flagged(scan(repo, "--staged")), set())


def empty_files_count_by_their_path(folder):
    repo = made(folder, "empty")
    plant(repo, "dir/empty", b"")
    expect("path", flagged(scan(repo, "--staged"), "test-path"),
           {"dir/empty"})


def before_the_first_commit_all_is_staged(folder):
    repo = os.path.join(folder, "unborn")
    subprocess.run(["git", "init", "-q", repo], check=True)
    expect("no index", flagged(scan(repo, "--staged"), "test-path"), set())
    plant(repo, "a/b", KEY)
    expect("staged", flagged(scan(repo, "--staged")), {"a/b"})


def a_hook_sees_what_is_committed(folder):
    """Also `git commit -a` and `git commit PATH`, which commit another index
    than .git/index."""
    for name, args, wanted in (
            ("plain", [], ["added"]),
            ("all", ["-a"], ["added", "dir/file", "file"]),
            ("only", ["file"], ["file"]),
            ("include", ["-i", "file"], ["added", "file"])):
        repo = made(folder, f"hook-{name}")
        plant(repo, "added", KEY)
        write(repo, "added", KEY + KEY)
        git(repo, "add", "added")
        write(repo, "file", KEY)
        write(repo, "dir/file", BINARY)
        hook = os.path.join(repo, ".git/hooks/pre-commit")
        report = os.path.join(folder, "report")
        with open(hook, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n'{PROGRAM}' scan --staged "
                       f"--no-builtin-rules --rules '{folder}/rules.yml' "
                       f"--format=jsonl >'{report}'\n")
        os.chmod(hook, 0o755)
        before = git(repo, "rev-parse", "HEAD")
        git(repo, "commit", "-qm", "x", *args, check=False)
        expect(f"{name} refused", git(repo, "rev-parse", "HEAD"), before)
        with open(report, encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        expect(name, sorted(flagged(rows)), wanted)


def in_a_linked_worktree(folder):
    repo = made(folder, "main-tree")
    linked = os.path.join(folder, "linked")
    git(repo, "worktree", "add", "-q", "--detach", linked)
    plant(linked, "dir/new", KEY)
    expect("linked", flagged(scan(linked, "--staged")), {"dir/new"})
    expect("main", flagged(scan(repo, "--staged")), set())


def siblings_are_looked_up(folder):
    repo = made(folder, "package")
    rules = os.path.join(folder, "rules.yml")
    with open(rules, encoding="utf-8") as file:
        text = file.read()
    with open(rules, "w", encoding="utf-8") as file:
        file.write(text.replace("    path: '**/*'\n", "    path: '**/*'\n"
                                "    except_siblings: [setup.py]\n"))
    write(repo, "lib/setup.py")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "package")
    plant(repo, "lib/new", PLAIN * 50)
    plant(repo, "app/new", PLAIN * 51)
    rows = scan(repo, "--staged")
    git(repo, "commit", "-qm", "more")
    ranged = scan(repo, "--range=HEAD~1..")
    with open(rules, "w", encoding="utf-8") as file:
        file.write(text)
    expect("staged", flagged(rows, "test-path"), {"app/new"})
    expect("range", flagged(ranged, "test-path"), {"app/new"})


def a_submodule_is_named(folder):
    repo = made(folder, "outer")
    head = git(repo, "rev-parse", "HEAD").decode().strip()
    git(repo, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    rows = scan(repo, "--staged")
    expect("skipped", [(r["reason"], r["path"]) for r in rows
                       if r["type"] == "skipped"], [("submodule", "sub")])


def an_index_that_cannot_be_read_is_told(folder):
    repo = made(folder, "split")
    git(repo, "update-index", "--split-index")
    plant(repo, "dir/new", KEY)
    rows = scan(repo, "--staged")
    expect("skipped", [r["reason"] for r in rows if r["type"] == "skipped"],
           ["unsupported"])


def the_worktree_is_read_as_git_sees_it(folder):
    repo = made(folder, "worktree")
    write(repo, ".gitignore", b"/ignored/\n*.log\n!keep.log\n")
    for path in ("ignored/a", "ignored/tracked", "b.log", "keep.log", "new",
                 "dir/file", "nested/file"):
        write(repo, path, KEY + path.encode())
    git(repo, "add", "-f", "ignored/tracked")
    git(repo, "init", "-q", "nested")
    os.symlink("/etc/passwd", os.path.join(repo, "way-out"))
    os.symlink("MARK-target", os.path.join(repo, "target"))
    os.symlink("dir", os.path.join(repo, "folder-link"))
    os.mkfifo(os.path.join(repo, "fifo"))
    os.remove(os.path.join(repo, "dir/other"))
    wanted = {"ignored/tracked", "keep.log", "new", "dir/file", "target"}
    rows = scan(repo, "--worktree")
    expect("worktree", flagged(rows), wanted)
    expect("skipped", [(r["reason"], r["path"]) for r in rows
                       if r["type"] == "skipped"], [("submodule", "nested")])
    files = git(repo, "ls-files", "-z", "-c", "-o", "--exclude-standard")
    paths = {p.decode() for p in files.split(b"\0") if p}
    paths -= {"dir/other", "fifo", "nested/"}
    expect("paths", flagged(rows, "test-path"), paths)
    rows = scan(repo, "--worktree", "--ignored")
    expect("ignored", flagged(rows), wanted | {"ignored/a", "b.log"})
    by_path = {r["path"]: r for r in rows if r["type"] == "finding"}
    expect("blob", by_path["new"]["blob"],
           git(repo, "hash-object", "new").decode().strip())
    expect("tracked", (by_path["new"]["tracked"],
                       by_path["dir/file"]["tracked"],
                       by_path["b.log"]["ignored"]), (False, True, True))
    some = scan(repo, "--worktree", "--", "dir")
    expect("pathspec", flagged(some), {"dir/file"})


def a_forged_index_leads_nowhere(folder):
    repo = made(folder, "forged")
    write(folder, "outside", KEY)
    blob = git(repo, "hash-object", "-w", "--stdin", data=PLAIN).strip()
    index = os.path.join(repo, ".git/index")
    for path in (b"../outside", b"./outside", b".git/outside", b"/outside",
                 b"dir/../../outside", b".GIT/outside"):
        name = b"x" * len(path)
        git(repo, "read-tree", "--empty")
        git(repo, "update-index", "--add", "--cacheinfo",
            f"100644,{blob.decode()},{name.decode()}")
        with open(index, "rb") as file:
            whole = file.read()
        with open(index, "wb") as file:
            file.write(whole.replace(name, path)[:-20] + bytes(20))
        write(repo, ".git/outside", KEY)
        expect(path, flagged(scan(repo, "--worktree")), set())
        scan(repo, "--staged")


def head_is_read_in_every_form(folder):
    def pack(repo):
        git(repo, "pack-refs", "--all", "--prune")

    def detach(repo):
        git(repo, "checkout", "-q", "--detach")

    def chain(repo):
        git(repo, "symbolic-ref", "refs/heads/alias", "refs/heads/main")
        git(repo, "symbolic-ref", "HEAD", "refs/heads/alias")

    def stale(repo):
        pack(repo)
        git(repo, "commit", "-qm", "newer", "--allow-empty")
        write(repo, "one/more")
        git(repo, "add", "-A")
        git(repo, "commit", "-qm", "newest")

    def include(repo):
        git(repo, "config", "include.path", "more")

    for form in (pack, detach, chain, stale, include):
        repo = made(folder, form.__name__)
        form(repo)
        plant(repo, "dir/new", KEY)
        expect(form.__name__, flagged(scan(repo, "--staged"), "test-path"),
               {"dir/new"})


def settings_are_read_wherever_they_stand(folder):
    def secret(repo, **env):
        rows = scan(repo, "--staged", env=dict(HOME=home, **env))
        return [r["secret_id"] for r in rows
                if r.get("rule") == "test-content"]

    setting = b"[hygiene]\n\tfingerprintKey = other\n"
    home = os.path.join(folder, "home")
    os.makedirs(home)
    repo = made(folder, "settings")
    plant(repo, "dir/new", KEY)
    without = secret(repo)
    for place in ("home/.gitconfig", "home/.config/git/config",
                  "settings/.git/config", "xdg/git/config"):
        path = os.path.join(folder, place)
        before = b""
        if os.path.exists(path):
            with open(path, "rb") as file:
                before = file.read()
        write(folder, place, before + setting)
        env = {"XDG_CONFIG_HOME": os.path.join(folder, "xdg")} \
            if place.startswith("xdg") else {}
        expect(f"{place} is read", secret(repo, **env) == without, False)
        write(folder, "more", setting)
        write(folder, place,
              before + f"[include]\n\tpath = {folder}/more\n".encode())
        expect(f"{place} includes", secret(repo, **env) == without, False)
        write(folder, place, before)
        expect(f"{place} is clean", secret(repo, **env), without)


def staged_by_git(repo):
    """(path, blob) of each entry that HEAD has not, from listings alone."""
    head = set()
    listed = git(repo, "ls-tree", "-r", "-z", "HEAD", check=False)
    for row in listed.split(b"\0"):
        if row:
            meta, path = row.split(b"\t", 1)
            head.add((path.decode(), meta.split()[2].decode()))
    meant = {p.decode() for p in git(
        repo, "diff", "--name-only", "--diff-filter=A", "-z").split(b"\0")}
    staged = set()
    for row in git(repo, "ls-files", "--stage", "-z").split(b"\0"):
        if row:
            meta, path = row.split(b"\t", 1)
            mode, blob, _ = meta.decode().split()
            if mode != "160000" and path.decode() not in meant:
                staged.add((path.decode(), blob))
    return staged - head


def random_change(rng, repo):
    folder = rng.choice(["", "a/", "a/b/", "a-b/", "a.b/", "c/d/e/", "c/"])
    path = folder + rng.choice("pqrs")
    content = rng.choice([PLAIN, KEY, BINARY, b""]) * rng.randint(1, 3)
    action = rng.random()
    if action < 0.6:
        blob = git(repo, "hash-object", "-w", "--stdin", data=content).strip()
        mode = rng.choice(["100644", "100755", "120000"])
        git(repo, "update-index", "--add", "--replace", "--cacheinfo",
            f"{mode},{blob.decode()},{path}")
    elif action < 0.75:
        git(repo, "rm", "-rq", "--cached", "--ignore-unmatch", path)
    elif action < 0.9:
        tree = git(repo, "write-tree").decode().strip()
        if rng.random() < 0.5:
            commit = git(repo, "commit-tree", "-m", "x", tree).decode()
            git(repo, "update-ref", "HEAD", commit.strip())
    else:
        git(repo, "update-index", "--force-write-index", "--index-version",
            rng.choice("234"))


def random_indexes_are_compared_as_git_does(folder):
    rng = random.Random(5)
    repo = os.path.join(folder, "random")
    subprocess.run(["git", "init", "-q", repo], check=True)
    nonempty = 0
    for number in range(INDEXES):
        random_change(rng, repo)
        wanted = staged_by_git(repo)
        rows = scan(repo, "--staged")
        actual = {(r["path"], r["blob"]) for r in rows
                  if r["type"] == "finding" and r["rule"] == "test-path"}
        expect(f"step {number}", actual, wanted)
        nonempty += bool(wanted)
    expect("enough was staged", nonempty > INDEXES // 3, True)


def main():
    cases = [case for name, case in globals().items()
             if callable(case) and getattr(case, "__code__", None) and
             case.__code__.co_varnames[:1] == ("folder",) and
             case.__code__.co_argcount == 1]
    failed = 0
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            with open(os.path.join(folder, "rules.yml"), "w",
                      encoding="utf-8") as file:
                file.write(RULES)
            try:
                case(folder)
            except (AssertionError, subprocess.CalledProcessError,
                    KeyError) as error:
                failed += 1
                print(f"FAILED {case.__name__}: {error!r}")
                if isinstance(error, subprocess.CalledProcessError):
                    print(error.stderr.decode())
    print(f"{len(cases) - failed} of {len(cases)} cases passed")
    sys.exit(1 if failed or not cases else 0)


if __name__ == "__main__":
    main()
