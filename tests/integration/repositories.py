#!/usr/bin/env python3
"""Kinds and states of repositories: what is said and which exit code is given.

usage: repositories.py <git-hygiene>
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
NAME = "flask_session/2029240f6d1128be89ddc32729463129"


def git(repo, *args, **kwargs):
    env = dict(os.environ, GIT_AUTHOR_NAME="A", GIT_AUTHOR_EMAIL="a@b.test",
               GIT_COMMITTER_NAME="A", GIT_COMMITTER_EMAIL="a@b.test",
               GIT_AUTHOR_DATE="1700000000 +0000",
               GIT_COMMITTER_DATE="1700000000 +0000",
               GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
    kwargs.setdefault("env", env)
    return subprocess.run(["git", "-C", repo, *args], check=True,
                          stdout=subprocess.PIPE, **kwargs).stdout.decode()


def scan(*args, cwd="/", env=None, words=("scan",)):
    run = subprocess.run([PROGRAM, *words, *args], cwd=cwd,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=dict(os.environ, **(env or {})))
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def rows(report, kind):
    found = [json.loads(line) for line in report.splitlines()]
    return [row for row in found if row["type"] == kind]


def write(repo, path, content=b"\x00\x00\x00\x00\x80\x05K\x02."):
    full = os.path.join(repo, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(content)


def commit(repo, message="x"):
    git(repo, "add", "-Af")
    git(repo, "commit", "-qm", message)


def made(folder, name, flagged=True):
    repo = os.path.join(folder, name)
    subprocess.run(["git", "init", "-q", "-b", "main", repo], check=True)
    write(repo, "README", b"hello\n")
    if flagged:
        write(repo, NAME)
    commit(repo)
    return repo


def expect(what, actual, expected):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def expect_in(what, needle, text):
    if needle not in text:
        raise AssertionError(f"{what}: {needle!r} not in {text!r}")


def not_a_repository(folder):
    os.makedirs(os.path.join(folder, "plain"))
    code, out, err = scan(os.path.join(folder, "plain"),
                          env={"GIT_CEILING_DIRECTORIES": folder})
    expect("code", code, 128)
    expect("stdout", out, "")
    expect_in("stderr", "is not a git repository", err)


def an_empty_repository_is_not_called_clean(folder):
    repo = os.path.join(folder, "empty")
    subprocess.run(["git", "init", "-q", repo], check=True)
    code, out, _ = scan(repo)
    expect("code", code, 3)
    expect_in("stdout", "neither a commit nor a tracked file", out)


def an_unborn_branch_has_an_index(folder):
    repo = os.path.join(folder, "unborn")
    subprocess.run(["git", "init", "-q", repo], check=True)
    write(repo, NAME)
    git(repo, "add", "-Af")
    code, out, _ = scan(repo, "--format=jsonl")
    expect("code", code, 1)
    finding = rows(out, "finding")[0]
    expect("places", finding["places"], ["index"])
    expect("first", finding["exposure"]["first_commit"], None)
    expect("tracked", finding["tracked"], True)


def a_clean_repository(folder):
    code, out, _ = scan(made(folder, "clean", flagged=False),
                        "--format=jsonl")
    expect("code", code, 0)
    expect("complete", rows(out, "summary")[0]["complete"], True)


def a_bare_clone_finds_the_same_history(folder):
    repo = made(folder, "full")
    bare = os.path.join(folder, "bare.git")
    git(folder, "clone", "-q", "--bare", repo, bare)
    code, out, _ = scan(bare, "--format=jsonl")
    expect("code", code, 1)
    finding = rows(out, "finding")[0]
    expect("path", finding["path"], NAME)
    expect("places", finding["places"], ["history"])
    expect("ignored", finding["ignored"], None)


def every_way_to_name_it(folder):
    repo = made(folder, "named")
    sub = os.path.join(repo, "flask_session")
    expect("in it", scan(cwd=repo)[0], 1)
    expect("below it", scan(cwd=sub)[0], 1)
    expect(".", scan(".", cwd=repo)[0], 1)
    expect("-C", scan(words=("-C", repo, "scan"))[0], 1)
    expect("GIT_DIR", scan(env={"GIT_DIR": repo + "/.git"})[0], 1)
    expect("--git-dir", scan(words=(f"--git-dir={repo}/.git", "scan"))[0], 1)
    expect("path", scan(repo)[0], 1)
    expect("folder of it", scan(sub)[0], 1)


def pathspecs_narrow(folder):
    repo = made(folder, "spec")
    write(repo, "other/flask_session/2029240f6d1128be89ddc32729463129")
    commit(repo)
    expect("README", scan("README", cwd=repo)[0], 0)
    code, out, _ = scan("--format=jsonl", "--", "other", cwd=repo)
    expect("code", code, 1)
    expect("paths", {r["store"] for r in rows(out, "finding")},
           {"other/flask_session"})
    code, out, _ = scan("--format=jsonl", "flask_session",
                        cwd=os.path.join(repo, "other"))
    expect("below", {r["store"] for r in rows(out, "finding")},
           {"other/flask_session"})


def a_shallow_clone_is_never_clean(folder):
    repo = made(folder, "deep", flagged=False)
    write(repo, "README", b"again\n")
    commit(repo)
    shallow = os.path.join(folder, "shallow")
    git(folder, "clone", "-q", "--depth=1", "file://" + repo, shallow)
    code, out, _ = scan(shallow, "--format=jsonl")
    expect("code", code, 3)
    expect("skipped", [r["reason"] for r in rows(out, "skipped")],
           ["shallow"])
    expect("complete", rows(out, "summary")[0]["complete"], False)


def the_edge_of_a_shallow_clone_is_not_blamed(folder):
    repo = made(folder, "deep")
    write(repo, "README", b"again\n")
    commit(repo)
    write(repo, NAME + "0")
    commit(repo)
    tip = git(repo, "rev-parse", "HEAD").strip()
    edge = git(repo, "rev-parse", "HEAD~").strip()
    shallow = os.path.join(folder, "shallow")
    git(folder, "clone", "-q", "--depth=2", "file://" + repo, shallow)

    def firsts(*args):
        code, out, _ = scan(shallow, "--format=jsonl", *args)
        expect("code", code, 1)
        return {row["path"]: [row["exposure"][key] for key in (
            "first_commit", "first_author", "first_date", "last_commit",
            "refs")] for row in rows(out, "finding")}
    for args in ((), ("--libgit2",), ("--range=HEAD",), ("--jobs=1",)):
        found = firsts(*args)
        expect(f"edge {args}", found[NAME][:4], [None] * 4)
        expect(f"above {args}", (found[NAME + "0"][0],
                                 found[NAME + "0"][3]), (tip, tip))
    expect("refs", firsts()[NAME][4],
           ["refs/heads/main", "refs/remotes/origin/main"])
    _, out, _ = scan(shallow)
    expect_in("human", "added   not known: not all older commits were read\n", out)
    expect("blamed", edge[:7] in out, False)
    # a file that was taken away again
    git(shallow, "remote", "remove", "origin")
    git(shallow, "rm", "-qrf", os.path.dirname(NAME))
    commit(shallow)
    gone = git(shallow, "rev-parse", "HEAD").strip()
    _, out, _ = scan(shallow)
    expect_in("human", f"  {gone[:7]}", out)
    merged = os.path.join(folder, "shard.jsonl")
    scan(shallow, "--shard=1/1", "--format=jsonl", "-o", merged)
    expect("merged", scan(merged, "--format=human", words=("merge",))[1], out)


WAYS = ((), ("--libgit2",), ("--range=HEAD",), ("--jobs=1",))


def firsts(repo, *args):
    """By path the first and last commit."""
    code, out, _ = scan(repo, "--format=jsonl", *args)
    expect("code", code, 1)
    return {row["path"]: [row["exposure"][key] for key in (
        "first_commit", "first_date", "last_commit")]
            for row in rows(out, "finding")}


def loose(repo, oid):
    return os.path.join(repo, ".git/objects", oid[:2], oid[2:])


def a_commit_that_is_gone_is_not_its_childs_fault(folder):
    repo = made(folder, "gone")
    write(repo, "README", b"again\n")
    commit(repo)
    lost = git(repo, "rev-parse", "HEAD").strip()
    write(repo, "README", b"and again\n")
    commit(repo)
    child = git(repo, "rev-parse", "HEAD").strip()
    write(repo, NAME + "0")
    commit(repo)
    tip = git(repo, "rev-parse", "HEAD").strip()
    os.chmod(loose(repo, lost), 0o600)
    for damage in (lambda: write(repo, loose(repo, lost), b"no object"),
                   lambda: os.remove(loose(repo, lost))):
        damage()
        for args in WAYS:
            found = firsts(repo, *args)
            expect(f"above {args}", found[NAME], [None] * 3)
            expect(f"later {args}", found[NAME + "0"][::2], [tip, tip])
    _, out, _ = scan(repo)
    expect_in("human", "added   not known: not all older commits were read\n", out)
    expect("blamed", child[:7] in out, False)


def a_merge_with_a_parent_that_is_gone(folder):
    """What it has from the other parent was brought there."""
    repo = made(folder, "merged")
    first = git(repo, "rev-parse", "HEAD").strip()
    git(repo, "checkout", "-q", "--orphan", "side")
    git(repo, "rm", "-qrf", ".")
    write(repo, NAME + "0")
    commit(repo)
    lost = git(repo, "rev-parse", "HEAD").strip()
    git(repo, "checkout", "-q", "main")
    git(repo, "merge", "-q", "--allow-unrelated-histories", "-m", "m", "side")
    git(repo, "branch", "-qD", "side")
    os.remove(loose(repo, lost))
    for args in WAYS:
        found = firsts(repo, *args)
        expect(f"from main {args}", found[NAME][::2], [first, first])
        expect(f"from side {args}", found[NAME + "0"], [None] * 3)


def objects_of(repo):
    listed = git(repo, "rev-list", "--all", "--objects").splitlines()
    return [line.split()[0] for line in listed]


def loose(repo, oid):
    return os.path.join(repo, ".git", "objects", oid[:2], oid[2:])


def every_missing_object_is_told(folder):
    repo = made(folder, "holes", flagged=False)
    write(repo, "a/b/c", b"deep\n")
    commit(repo)
    for oid in objects_of(repo):
        kept = loose(repo, oid) + ".kept"
        os.rename(loose(repo, oid), kept)
        code, out, _ = scan(repo, "--format=jsonl", "--history")
        os.rename(kept, loose(repo, oid))
        expect(f"code without {oid}", code, 3)
        reasons = {(r["reason"], r["object"]) for r in rows(out, "skipped")}
        expect(f"skipped without {oid}", ("missing", oid) in reasons, True)
    expect("whole again", scan(repo)[0], 0)


def every_damaged_object_is_told(folder):
    repo = made(folder, "damage", flagged=False)
    for oid in objects_of(repo):
        path = loose(repo, oid)
        whole = open(path, "rb").read()
        os.chmod(path, 0o644)
        for damaged in (whole[:len(whole) // 2], b"", b"junk" * 10):
            with open(path, "wb") as file:
                file.write(damaged)
            code, out, _ = scan(repo, "--format=jsonl", "--history")
            expect(f"code with {oid} damaged", code, 3)
            expect("reasons", {r["reason"] for r in rows(out, "skipped")},
                   {"corrupt"})
        with open(path, "wb") as file:
            file.write(whole)
    expect("whole again", scan(repo)[0], 0)


def findings_beside_damage_exit_with_1(folder):
    repo = made(folder, "both")
    oid = git(repo, "rev-parse", "HEAD:README").strip()
    os.remove(loose(repo, oid))
    code, out, _ = scan(repo, "--format=jsonl")
    expect("code", code, 1)
    expect("skipped", len(rows(out, "skipped")), 1)
    code, _, _ = scan(repo, "--fail-on=never")
    expect("incomplete", code, 3)


def a_broken_ref_is_told(folder):
    repo = made(folder, "broken-ref", flagged=False)
    write(repo, ".git/refs/heads/torn", b"")
    code, out, _ = scan(repo, "--format=jsonl")
    expect("code", code, 3)
    code, out, _ = scan(repo)
    expect_in("human", "refs/heads/torn", out)


def a_large_blob_is_told(folder):
    repo = made(folder, "large", flagged=False)
    write(repo, "big", b"x" * 70000)
    commit(repo)
    code, out, _ = scan(repo, "--max-blob-size=64k", "--format=jsonl")
    expect("code", code, 3)
    expect("skipped", [r["reason"] for r in rows(out, "skipped")],
           ["too-large"])


def sha256_is_refused_by_name(folder):
    repo = os.path.join(folder, "sha256")
    subprocess.run(["git", "init", "-q", "--object-format=sha256", repo],
                   check=True)
    # libgit2 1.5.1 loses match data of its own when it refuses to open
    code, _, err = scan(repo, env={"ASAN_OPTIONS": "detect_leaks=0"})
    expect("code", code, 128)
    expect_in("stderr", "SHA-256", err)


def a_split_index_is_told(folder):
    repo = made(folder, "split", flagged=False)
    git(repo, "update-index", "--split-index")
    code, out, _ = scan(repo, "--format=jsonl")
    expect("code", code, 3)
    expect("skipped", [r["reason"] for r in rows(out, "skipped")],
           ["unsupported"])


def given_away(repo):
    for base, dirs, files in os.walk(repo):
        for name in [base] + [os.path.join(base, f) for f in files]:
            os.lchown(name, 12345, 12345)


def foreign(folder):
    """A repository of another user, a bare one, a linked worktree."""
    repo = made(folder, "it's foreign")
    git(folder, "clone", "-q", "--bare", repo, "bare.git")
    git(repo, "worktree", "add", "-q", os.path.join(folder, "linked"))
    made(folder, "other")
    for name in os.listdir(folder):
        given_away(os.path.join(folder, name))
    return repo


def hint_of(err):
    start = "if you trust it: git config --global --add safe.directory "
    expect_in("stderr", start, err)
    return shlex.split(err.split(start)[1])


def safe_env(folder, *values):
    config = os.path.join(folder, "gitconfig")
    with open(config, "w") as file:
        for value in values:
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            file.write(f'[safe]\n\tdirectory = "{quoted}"\n')
    return {"GIT_CONFIG_GLOBAL": config, "HOME": folder}


def accepted(where, env):
    """Whether the program and git read the repository around a folder."""
    code = scan(cwd=where, env=env)[0]
    run = subprocess.run(["git", "rev-parse", "--git-dir"], cwd=where,
                         env=dict(os.environ, **env),
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return code != 128, run.returncode == 0


def another_owner_is_refused(folder):
    if os.geteuid() != 0:
        return
    repo = foreign(folder)
    env = safe_env(folder)
    places = {repo: repo, repo + "/flask_session": repo,
              repo + "/.git": repo + "/.git", folder + "/linked/flask_session":
              folder + "/linked", folder + "/bare.git": folder + "/bare.git",
              folder + "/bare.git/refs": folder + "/bare.git"}
    for where, top in places.items():
        code, out, err = scan(cwd=where, env=env)
        expect("code", (code, out), (128, ""))
        expect("hint", hint_of(err), [top])
        told = subprocess.run(["git", "rev-parse", "--git-dir"], cwd=where,
                              env=dict(os.environ, **env),
                              stderr=subprocess.PIPE).stderr.decode()
        expect("hint of git", shlex.split(told.splitlines()[-1])[-1], top)
        trusting = safe_env(folder, top)
        expect("trusted", accepted(where, trusting), (True, True))
        expect("other", accepted(folder + "/other", trusting),
               (False, False))
        env = safe_env(folder)
    code, _, err = scan(env=env, words=(f"--git-dir={repo}/.git", "scan"))
    expect("--git-dir", (code, hint_of(err)), (128, [repo]))


def safe_directory_is_read_as_git_does(folder):
    if os.geteuid() != 0:
        return
    repo = foreign(folder)
    for values, read in (((".",), False), (("./",), False), (("*",), True),
                         (("*", ""), False), (("*", "", repo), True),
                         ((repo + "x",), False), ((folder,), False)):
        expect(f"{values}", accepted(repo, safe_env(folder, *values)),
               (read, read))
    # since git 2.46
    env = safe_env(folder, folder + "/*")
    expect("below", accepted(repo, env)[0], True)
    env = safe_env(folder)
    counted = dict(env, GIT_CONFIG_COUNT="1", GIT_CONFIG_VALUE_0=repo,
                   GIT_CONFIG_KEY_0="safe.directory")
    expect("command line", accepted(repo, counted), (True, True))
    git(repo, "config", "safe.directory", "*",
        env=dict(os.environ, **counted))
    given_away(repo)
    expect("its own", accepted(repo, env), (False, False))
    expect("sudo", accepted(repo, dict(env, SUDO_UID="12345")), (True, True))
    expect("sudo by another", accepted(repo, dict(env, SUDO_UID="12346")),
           (False, False))


def replace_refs_and_attributes_hide_nothing(folder):
    repo = made(folder, "hidden")
    flagged = git(repo, "rev-parse", "HEAD").strip()
    write(repo, ".gitattributes", b"* -diff\n* binary\n")
    shutil.rmtree(os.path.join(repo, "flask_session"))
    commit(repo)
    empty = git(repo, "commit-tree", "-m", "e",
                git(repo, "hash-object", "-t", "tree", "-w",
                    "/dev/null").strip()).strip()
    git(repo, "replace", flagged, empty)
    code, out, _ = scan(repo, "--format=jsonl")
    expect("code", code, 1)
    expect("first", rows(out, "finding")[0]["exposure"]["first_commit"],
           flagged)


def tags_on_blobs_and_trees(folder):
    repo = made(folder, "tags", flagged=False)
    write(repo, NAME)
    git(repo, "add", "-Af")
    tree = git(repo, "write-tree").strip()
    git(repo, "tag", "-a", "-m", "t", "on-tree", tree)
    git(repo, "rm", "-rqf", "--cached", "flask_session")
    code, out, _ = scan(repo, "--format=jsonl")
    expect("code", code, 1)
    finding = rows(out, "finding")[0]
    expect("refs", finding["exposure"]["refs"], ["refs/tags/on-tree"])
    expect("tip", finding["at_tip"], True)


def submodules_are_named(folder):
    inner = made(folder, "inner", flagged=False)
    repo = made(folder, "outer", flagged=False)
    git(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q",
        inner, "lib")
    commit(repo)
    code, out, _ = scan(repo, "--format=jsonl")
    expect("code", code, 0)
    expect("skipped", {(r["reason"], r["path"])
                       for r in rows(out, "skipped")},
           {("submodule", "lib")})


def alternates_are_read(folder):
    repo = made(folder, "lender")
    borrower = os.path.join(folder, "borrower")
    git(folder, "clone", "-q", "--shared", repo, borrower)
    code, _, _ = scan(borrower)
    expect("code", code, 1)


def reports_go_to_files(folder):
    repo = made(folder, "report")
    target = os.path.join(folder, "report.jsonl")
    code, out, _ = scan(repo, "--format=jsonl", "-o", target)
    expect("code", code, 1)
    expect("stdout", out, "")
    expect("mode", os.stat(target).st_mode & 0o777, 0o600)
    expect("rows", len(rows(open(target).read(), "finding")), 1)
    left = [name for name in os.listdir(folder) if ".jsonl." in name]
    expect("left over", left, [])
    code, _, err = scan(repo, "-o", os.path.join(folder, "no", "such"))
    expect("code", code, 128)


def a_linked_worktree_has_its_own_index(folder):
    repo = made(folder, "main-tree", flagged=False)
    linked = os.path.join(folder, "linked")
    git(repo, "worktree", "add", "-q", "--detach", linked)
    write(linked, NAME)
    commit(linked)
    expect("index", scan(linked, "--index")[0], 1)
    expect("main's index", scan(repo, "--index")[0], 0)
    code, out, _ = scan(repo, "--history", "--format=jsonl")
    expect("code", code, 1)
    expect("refs", rows(out, "finding")[0]["exposure"]["refs"],
           ["worktrees/linked/HEAD"])


def main():
    cases = [case for name, case in globals().items()
             if callable(case) and getattr(case, "__code__", None) and
             case.__code__.co_varnames[:1] == ("folder",) and
             case.__code__.co_argcount == 1]
    failed = 0
    for case in cases:
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(os.path.realpath(folder))
            except (AssertionError, subprocess.CalledProcessError,
                    IndexError, ValueError) as error:
                failed += 1
                print(f"FAILED {case.__name__}: {error!r}")
    print(f"{len(cases) - failed} of {len(cases)} cases passed")
    sys.exit(1 if failed or not cases else 0)


if __name__ == "__main__":
    main()
