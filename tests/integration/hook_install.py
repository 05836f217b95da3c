#!/usr/bin/env python3
"""Installing hooks beside others: what runs, what stands where, what is given
back.

usage: hook_install.py <git-hygiene>
"""
import os
import shutil
import sys

from scratch import clone_of_server, expect, expect_in, run_all, try_commit

SECRET = "a = 'MARK-abcdef'\n"


def git_that_says(place, version):
    """A stand-in that tells another version; the rest is the real git's. What
    is written for a newer git can be tested with it, not that it works; see
    configured_hooks_run()."""
    real = shutil.which("git", path=place.env["PATH"])
    path = place.write("another/git",
                       "#!/bin/sh\n[ \"$1\" = version ] && "
                       f"echo git version {version} && exit\n"
                       f"exec {real} \"$@\"\n", 0o755)
    place.env["PATH"] = os.path.dirname(path) + ":" + place.env["PATH"]


def hook_path(repo, name):
    return os.path.join(repo.path, ".git/hooks", name)


def note_hook(repo, name, note, code=0):
    """A hook that writes its arguments and standard input to a file."""
    return repo.write(
        f".git/hooks/{name}",
        f"#!/bin/sh\necho \"$@\" >>{note}\ncat >>{note}\nexit {code}\n",
        0o755)


def an_existing_hook_is_kept_and_runs(place):
    _, repo = clone_of_server(place)
    note = os.path.join(place.path, "note")
    path = note_hook(repo, "pre-push", note)
    os.chmod(path, 0o750)
    before = open(path).read(), os.stat(path).st_mode, os.stat(path).st_mtime
    done = repo.hygiene("hook", "install", ok=True)
    expect_in("said", "after the hook that was there", done.stdout)
    repo.hygiene("hook", "install", ok=True)
    repo.commit_files({"ok": "x\n"})
    repo.git("push", "-q", "origin", "HEAD:main")
    said = open(note).read().splitlines()
    expect("arguments", said[0].split()[0], "origin")
    expect("stdin", said[1].split()[2], "refs/heads/main")
    repo.commit_files({"app.py": SECRET})
    done = repo.git("push", "origin", "HEAD:main", ok=False)
    expect("ours", done.returncode, 1)
    expect("both", len(open(note).read().splitlines()), 4)
    repo.hygiene("hook", "uninstall", ok=True)
    expect("back", (open(path).read(), os.stat(path).st_mode,
                    os.stat(path).st_mtime), before)
    expect("nothing left", sorted(
        name for name in os.listdir(os.path.dirname(path))
        if not name.endswith(".sample")), ["pre-push"])


def an_existing_hook_that_refuses_still_does(place):
    repo = place.repo("repo")
    note_hook(repo, "pre-commit", "/dev/null", code=7)
    repo.hygiene("hook", "install", ok=True)
    repo.write("ok", "x\n")
    repo.git("add", "-A")
    expect("code", try_commit(repo, "-qm", "one").returncode, 1)


def a_failed_install_leaves_the_hook_as_it_was(place):
    """Where nothing can be written, and where that ends the program."""
    repo = place.repo("repo")
    path = note_hook(repo, "pre-commit", "/dev/null")
    before = os.stat(path).st_ino, os.stat(path).st_mode
    both = ["pre-commit", "pre-commit.before-hygiene"]

    def hooks():
        return [name for name in both if os.path.exists(hook_path(repo, name))]

    for trap, left in (("trap '' XFSZ;", both[:1]), ("", both)):
        done = place.run(repo.path, "sh", "-c",
                         f"{trap} ulimit -f 0; exec git-hygiene hook install",
                         ok=False)
        expect("failed", done.returncode != 0, True)
        expect("still there", (os.stat(path).st_ino, os.stat(path).st_mode),
               before)
        expect("beside it", hooks(), left)
    repo.hygiene("hook", "uninstall", ok=True)
    expect("taken away", hooks(), ["pre-commit"])
    os.link(path, path + ".before-hygiene")
    repo.hygiene("hook", "install", ok=True)
    expect("installed", hooks(), both)
    repo.hygiene("hook", "uninstall", ok=True)
    expect("given back", (hooks(), os.stat(path).st_ino, os.stat(path).st_mode),
           (["pre-commit"], *before))


def a_symlinked_hook_is_kept_as_one(place):
    repo = place.repo("repo")
    script = repo.write("scripts/check", "#!/bin/sh\nexit 0\n", 0o755)
    os.makedirs(os.path.join(repo.path, ".git/hooks"), exist_ok=True)
    os.symlink("../../scripts/check", hook_path(repo, "pre-commit"))
    repo.hygiene("hook", "install", ok=True)
    expect("script", open(script).read(), "#!/bin/sh\nexit 0\n")
    repo.write("app.py", SECRET)
    repo.git("add", "-A")
    expect("ours", try_commit(repo, "-qm", "one").returncode, 1)
    repo.hygiene("hook", "uninstall", ok=True)
    expect("back", os.readlink(hook_path(repo, "pre-commit")),
           "../../scripts/check")


def a_symlinked_folder_of_hooks_is_left_alone(place):
    repo = place.repo("repo")
    shared = os.path.join(place.path, "shared")
    os.makedirs(os.path.join(repo.path, ".git/hooks"), exist_ok=True)
    shutil.move(os.path.join(repo.path, ".git/hooks"), shared)
    os.symlink(shared, os.path.join(repo.path, ".git/hooks"))
    before = sorted(os.listdir(shared))
    done = repo.hygiene("hook", "install")
    expect("code", done.returncode, 128)
    expect("untouched", sorted(os.listdir(shared)), before)


def managers_get_lines_to_add(place):
    for name, text in ((".husky/pre-commit", "npm test\n"),
                       ("lefthook.yml", "pre-commit:\n"),
                       (".pre-commit-config.yaml", "repos: []\n")):
        repo = place.repo("repo-" + name.strip(".").split("/")[0])
        repo.write(name, text)
        done = repo.hygiene("hook", "install")
        expect(name, done.returncode, 1)
        expect_in(name, "git-hygiene hook run pre-commit", done.stdout)
        expect_in(name, "git-hygiene hook run pre-push", done.stdout)
        expect(name, repo.read(name), text)
        expect("no hook", os.path.exists(hook_path(repo, "pre-commit")),
               False)
        expect("status", repo.hygiene("hook", "status").returncode, 1)
        repo.write(name, text + "# git-hygiene hook run pre-commit\n")
        done = repo.hygiene("hook", "status")
        expect("named, but nothing runs it", done.returncode, 1)
        expect_in("said", "not set up in this clone",
                  " ".join(done.stdout.split()))
        done = repo.hygiene("hook", "install", "--pre-commit", ok=True)
        expect_in("install", "not set up in this clone",
                  " ".join(done.stdout.split()))
        repo.write(".git/hooks/pre-commit", "#!/bin/sh\n", 0o755)
        expect("wired", repo.hygiene("hook", "status").returncode, 0)


def core_hooks_path_gets_lines_to_add(place):
    repo = place.repo("repo")
    folder = os.path.join(place.path, "team-hooks")
    os.mkdir(folder)
    repo.git("config", "core.hooksPath", folder)
    done = repo.hygiene("hook", "install")
    expect("code", done.returncode, 1)
    expect_in("lines", folder + "/pre-commit:", done.stdout)
    expect("untouched", os.listdir(folder), [])
    place.write("team-hooks/pre-commit",
                "#!/bin/sh\ngit-hygiene hook run pre-commit \"$@\" || exit\n",
                0o755)
    repo.write("app.py", SECRET)
    repo.git("add", "-A")
    expect("the lines work", try_commit(repo, "-qm", "x").returncode, 1)
    expect("status", repo.hygiene("hook", "status").returncode, 0)
    os.chmod(os.path.join(folder, "pre-commit"), 0o644)
    done = repo.hygiene("hook", "status")
    expect("git passes over it", done.returncode, 1)
    expect_in("said", "is not executable", " ".join(done.stdout.split()))


def what_configuration_says_is_shown_escaped_and_wrapped(place):
    repo = place.repo("repo")
    repo.git("config", "core.hooksPath", "\033]0;pwn\007x" + " y" * 60)
    for verb in ("install", "status"):
        done = repo.hygiene("hook", verb, COLUMNS="80")
        expect(verb, done.returncode, 1)
        expect_in(verb, "\\033]0;pwn\\ax", done.stdout)
        expect(verb, [c for c in done.stdout if c < " " and c != "\n"], [])
        expect(f"{verb}: {done.stdout}", [
            line for line in done.stdout.splitlines()
            if len(line) > 80 and "/pre-" not in line], [])
    long = "/" + "a" * 100
    repo.git("config", "core.hooksPath", long)
    expect_in("whole", long, repo.hygiene("hook", "status").stdout)


def status_tells_of_a_folder_that_is_not_there(place):
    """git looks there alone, whatever stands in .git/hooks."""
    repo = place.repo("repo")
    note_hook(repo, "pre-commit", "/dev/null")
    for folder in ("/nowhere", "nowhere", "~/nowhere"):
        repo.git("config", "core.hooksPath", folder)
        said = " ".join(repo.hygiene("hook", "status").stdout.split())
        expect_in(folder, f"in {folder}, where there is no folder", said)
        expect(folder, "somebody else" in said, False)
    os.mkdir(os.path.join(repo.path, "nowhere"))
    place.write("home/nowhere/pre-commit", "git-hygiene\n", 0o755)
    said = repo.hygiene("hook", "status")
    expect("wired", said.returncode, 0)
    repo.git("config", "core.hooksPath", "nowhere")
    said = " ".join(repo.hygiene("hook", "status").stdout.split())
    expect("there", "where there is no folder" in said, False)
    expect("not by it", "somebody else" in said, False)


def husky_lines_work(place):
    repo = place.repo("repo")
    repo.git("config", "core.hooksPath", ".husky")
    repo.write(".husky/pre-commit",
               "#!/bin/sh\ngit-hygiene hook run pre-commit \"$@\"\n", 0o755)
    expect("status", repo.hygiene("hook", "status").returncode, 0)
    repo.write("app.py", SECRET)
    repo.git("add", "-A")
    expect("refused", try_commit(repo, "-qm", "x").returncode, 1)


def status_sees_what_keeps_a_hook_from_running(place):
    repo = place.repo("repo")
    expect("nothing", repo.hygiene("hook", "status").returncode, 1)
    repo.hygiene("hook", "install", ok=True)
    expect("guarded", repo.hygiene("hook", "status").returncode, 0)
    for name in ("pre-commit", "pre-push"):
        os.chmod(hook_path(repo, name), 0o644)
    done = repo.hygiene("hook", "status")
    expect("not executable", done.returncode, 1)
    expect_in("said", "is not executable", " ".join(done.stdout.split()))
    repo.hygiene("hook", "install", ok=True)
    expect("repaired", repo.hygiene("hook", "status").returncode, 0)
    repo.git("config", "core.hooksPath", "/nowhere")
    done = repo.hygiene("hook", "status")
    expect("elsewhere", done.returncode, 1)
    expect_in("said", "core.hooksPath", done.stdout)


def newer_git_is_told_by_configuration(place):
    git_that_says(place, "2.54.0")
    repo = place.repo("repo")
    note_hook(repo, "pre-commit", "/dev/null")
    config = repo.read(".git/config")
    repo.hygiene("hook", "install", ok=True)
    expect("command", repo.out("config", "hook.hygiene-pre-push.command"),
           "git-hygiene hook run pre-push")
    expect("event", repo.out("config", "hook.hygiene-pre-push.event"),
           "pre-push")
    expect("no file", os.path.exists(hook_path(repo, "pre-push")), False)
    expect("status", repo.hygiene("hook", "status").returncode, 0)
    repo.hygiene("hook", "uninstall", ok=True)
    expect("back", repo.out("config", "-f", ".git/config", "--list"),
           "\n".join(line for line in
                     repo.out("config", "-f", ".git/config", "--list")
                     .splitlines() if "hygiene" not in line))
    expect("as it was", repo.read(".git/config").split(), config.split())
    repo.hygiene("hook", "install", "--global", ok=True)
    expect_in("global", "hook.hygiene-pre-commit.command",
              repo.out("config", "--global", "--list"))
    expect("status", repo.hygiene("hook", "status").returncode, 0)
    repo.hygiene("hook", "uninstall", "--global", ok=True)
    expect("status", repo.hygiene("hook", "status").returncode, 1)


def configured_hooks_run(place):
    """With a real git of 2.54 or later, where that is the one on PATH."""
    words = place.run("/", "git", "version").stdout.split()[2].split(".")
    if (int(words[0]), int(words[1])) < (2, 54):
        print("git before 2.54: configured hooks were written, not run")
        return
    server, repo = clone_of_server(place)
    os.makedirs(os.path.join(repo.path, ".git/hooks"), exist_ok=True)
    note = os.path.join(place.path, "note")
    note_hook(repo, "pre-commit", note)
    for scope, guarded in ((("--global",), ("pre-commit", "pre-push")),
                           ((), ("pre-commit", "pre-push", "commit-msg"))):
        repo.hygiene("hook", "install", *scope, *(
            () if scope else [f"--{event}" for event in guarded]), ok=True)
        expect("status", repo.hygiene("hook", "status").returncode, 0)
        repo.write("app.py", SECRET)
        repo.git("add", "-A")
        done = try_commit(repo, "-qm", "x")
        expect("commit", done.returncode, 1)
        expect_in("why", "app.py:1", done.stderr)
        if "commit-msg" in guarded:
            repo.git("reset", "-q", "--hard")
            done = try_commit(repo, "--allow-empty", "-m", "MARK-abcdef")
            expect("message", done.returncode, 1)
            repo.write("app.py", SECRET)
        repo.commit_files({})
        expect("the file's hook runs, too", os.path.exists(note), True)
        done = repo.git("push", "origin", "HEAD:main", ok=False)
        expect("push", done.returncode, 1)
        expect_in("why", "app.py:1", done.stderr)
        repo.hygiene("hook", "uninstall", *scope, ok=True)
        repo.git("reset", "-q", "--hard", "HEAD~1")
    server.hygiene("hook", "install", ok=True)
    expect("no file", os.path.exists(os.path.join(
        server.path, "hooks/pre-receive")), False)
    repo.commit_files({"app.py": SECRET})
    done = repo.git("push", "origin", "HEAD:main", ok=False)
    expect("server", done.returncode, 1)
    expect_in("why", "remote:   app.py:1", done.stderr)


def global_needs_a_newer_git(place):
    git_that_says(place, "2.53.1")
    repo = place.repo("repo")
    done = repo.hygiene("hook", "install", "--global")
    expect("code", done.returncode, 128)
    expect_in("why", "needs git 2.54", done.stderr)


# The pre-commit framework

def framework_runs_both_hooks(place):
    if not shutil.which("pre-commit"):
        print("no pre-commit here: the framework was not tried")
        return
    source = os.path.join(os.path.dirname(__file__), "../..")
    hooks = place.repo("hooks-repo")
    with open(os.path.join(source, ".pre-commit-hooks.yaml"),
              encoding="utf-8") as file:
        revision = hooks.commit_files({".pre-commit-hooks.yaml": file.read()})
    _, repo = clone_of_server(place)
    repo.commit_files({".pre-commit-config.yaml": f"""
repos:
- repo: {hooks.path}
  rev: {revision}
  hooks:
  - id: git-hygiene
  - id: git-hygiene-push
"""})
    place.run(repo.path, "pre-commit", "install", "-t", "pre-commit", "-t",
              "pre-push")
    expect("status", repo.hygiene("hook", "status").returncode, 0)
    repo.write("ok.py", "x\n")
    repo.git("add", "-A")
    done = try_commit(repo, "-m", "clean")
    expect(done.stderr + done.stdout, done.returncode, 0)
    expect("clean push", repo.git("push", "-q", "origin", "HEAD:main",
                                  ok=False).returncode, 0)
    repo.write("app.py", SECRET)
    repo.git("add", "-A")
    done = try_commit(repo, "-m", "bad")
    expect("commit", done.returncode, 1)
    expect_in("why", "app.py:1", done.stdout + done.stderr)
    repo.git("commit", "-qnm", "bad")
    done = repo.git("push", "origin", "HEAD:main", ok=False)
    expect("push", done.returncode, 1)
    expect_in("why", "app.py:1", done.stdout + done.stderr)
    done = repo.git("push", "origin", "HEAD:new", ok=False)
    expect("new branch", done.returncode, 1)


def framework_over_our_hook_keeps_it(place):
    if not shutil.which("pre-commit"):
        return
    repo = place.repo("repo")
    note = os.path.join(place.path, "note")
    note_hook(repo, "pre-commit", note)
    repo.hygiene("hook", "install", ok=True)
    repo.commit_files({".pre-commit-config.yaml": "repos: []\n"})
    place.run(repo.path, "pre-commit", "install")
    done = repo.hygiene("hook", "status")
    expect_in("status", "pre-commit.legacy", done.stdout)
    os.remove(note)
    repo.write("app.py", SECRET)
    repo.git("add", "-A")
    expect("ours", try_commit(repo, "-qm", "x").returncode, 1)
    expect("the first", os.path.exists(note), True)
    repo.hygiene("hook", "uninstall", ok=True)
    expect_in("the first is back", "echo", repo.read(
        ".git/hooks/pre-commit.legacy"))
    expect("clean", try_commit(repo, "-qm", "x").returncode, 0)


def with_files(case):
    """Where git is new, the same as for an older one."""
    def run(place):
        git_that_says(place, "2.39.5")
        case(place)
    run.__name__ = case.__name__
    return run


HELPERS = ("git_that_says", "hook_path", "note_hook", "with_files")
CONFIGURED = ("newer_git_is_told_by_configuration", "configured_hooks_run",
              "global_needs_a_newer_git")
CASES = [value if name in CONFIGURED else with_files(value)
         for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and name not in HELPERS]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
