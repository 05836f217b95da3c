#!/usr/bin/env python3
"""Hooks, run by git itself: what is refused, what passes, what stands where.

usage: hooks.py <git-hygiene>
"""
import os
import shutil
import stat
import subprocess
import sys

from scratch import Repo, expect, expect_in, expect_not_in, run_all

SECRET = "a = 'MARK-abcdef'\n"
SKIP_REASON = {"GIT_HYGIENE": "0"}


def clone_of_server(place, *options):
    server = place.repo("server.git", "--bare")
    repo = place.repo("work")
    repo.git("remote", "add", "origin", server.path)
    repo.commit_files({"README": "one\n"})
    repo.git("push", "-q", "origin", "HEAD:main")
    for option in options:
        server.git("config", *option)
    return server, repo


def refs(repo):
    return repo.out("for-each-ref", "--format=%(refname) %(objectname)")


def loose_and_packed(repo):
    return repo.out("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")


def try_commit(repo, *args, **env):
    return repo.git("commit", *args, ok=False, **env)


# pre-commit

def pre_commit_refuses_what_is_staged(place):
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    repo.hygiene("hook", "install", ok=True)
    repo.write("app.py", "x = 1\n" + SECRET)
    repo.write("a/store/s1", "session")
    repo.git("add", "-A")
    done = try_commit(repo, "-m", "two")
    expect("code", done.returncode, 1)
    expect_in("line", "app.py:2", done.stderr)
    expect_in("untrack", "git rm -r -q --cached -- a/store", done.stderr)
    expect_in("ignore", ">>.gitignore && git add .gitignore", done.stderr)
    expect_in("accept", "git hygiene baseline --staged", done.stderr)
    expect_in("allow", "hygiene:allow test-content <reason>", done.stderr)
    expect("one screen", len(done.stderr.splitlines()) <= 24, True)
    expect_not_in("no secret", "MARK-abcdef", done.stderr)
    repo.git("reset", "-q")
    repo.write("ok.py", "x = 1\n")
    repo.git("add", "ok.py")
    try_commit(repo, "-qm", "clean")
    expect("clean", repo.out("log", "-1", "--format=%s"), "clean")


def the_commands_that_it_prints_lead_out(place):
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    repo.hygiene("hook", "install", ok=True)
    repo.write("a/store/s1", "session")
    repo.git("add", "-A")
    commands = [line.strip() for line in
                try_commit(repo, "-m", "two").stderr.splitlines()
                if line.startswith("      git ") or "printf" in line]
    expect("commands", len(commands), 4)
    for command in commands[:2]:
        repo.place.run(repo.path, "sh", "-c", command)
    expect("out of it", try_commit(repo, "-qm", "two").returncode, 0)
    expect("on disk", repo.read("a/store/s1"), "session")
    expect("ignored", repo.out("status", "--porcelain"), "")
    repo.git("add", "-f", "a/store/s1")
    for command in commands[2:]:
        repo.place.run(repo.path, "sh", "-c", command)
    expect("accepted", try_commit(repo, "-qm", "three").returncode, 0)


def pre_commit_sees_the_index_that_git_gives(place):
    repo = place.repo("repo")
    repo.commit_files({"app.py": "x = 1\n"})
    repo.hygiene("hook", "install", ok=True)
    repo.write("app.py", SECRET)
    expect("-a", try_commit(repo, "-am", "two").returncode, 1)
    expect("path", try_commit(repo, "-m", "two", "app.py").returncode, 1)
    expect("nothing staged", repo.out("diff", "--cached"), "")
    os.mkdir(os.path.join(repo.path, "sub"))
    done = repo.place.run(os.path.join(repo.path, "sub"), "git", "commit",
                          "-am", "two", ok=False)
    expect("below", done.returncode, 1)
    linked = os.path.join(place.path, "linked")
    repo.git("worktree", "add", "-q", linked)
    other = Repo(place, linked)
    other.write("app.py", SECRET)
    expect("linked", try_commit(other, "-am", "two").returncode, 1)


def a_secret_made_while_merging_is_seen(place):
    repo = place.repo("repo")
    repo.commit_files({"app.py": "x = 1\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit_files({"app.py": "x = 2\n"})
    repo.git("checkout", "-q", "main")
    repo.commit_files({"app.py": "x = 3\n"})
    repo.hygiene("hook", "install", ok=True)
    repo.git("merge", "-q", "side", ok=False)
    repo.write("app.py", SECRET)
    repo.git("add", "-A")
    expect("merge", try_commit(repo, "-qm", "merge").returncode, 1)


def switching_it_off_is_said(place):
    repo = place.repo("repo")
    repo.hygiene("hook", "install", ok=True)
    repo.write("app.py", SECRET)
    repo.git("add", "-A")
    done = try_commit(repo, "-qm", "one", **SKIP_REASON)
    expect("code", done.returncode, 0)
    expect_in("said", "NOT CHECKED, because GIT_HYGIENE=0", done.stderr)


# commit-msg

def commit_msg_scans_the_message(place):
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    repo.hygiene("hook", "install", "--commit-msg", ok=True)
    done = try_commit(repo, "--allow-empty", "-m", "the key is MARK-abcdef")
    expect("code", done.returncode, 1)
    expect_in("what", "this commit message is refused", done.stderr)
    expect("clean", try_commit(repo, "--allow-empty", "-qm", "ok").returncode,
           0)
    repo.write("README", SECRET)
    done = try_commit(repo, "-av", "-m", "the change is not the message",
                      GIT_EDITOR="true")
    expect("behind the scissors", done.returncode, 0)


# pre-push

def pre_push_checks_what_is_not_there_yet(place):
    _, repo = clone_of_server(place)
    bad = repo.commit_files({"app.py": SECRET})
    repo.git("push", "-q", "origin", "HEAD:main")
    repo.hygiene("hook", "install", ok=True)
    repo.commit_files({"ok.py": "x\n"})
    expect("old secret", repo.git("push", "-q", "origin", "HEAD:main",
                                  ok=False).returncode, 0)
    repo.commit_files({"b.py": SECRET})
    repo.commit_files({"c.py": "removed later\n"})
    repo.git("rm", "-q", "b.py")
    repo.commit_files({})
    done = repo.git("push", "origin", "HEAD:main", ok=False)
    expect("code", done.returncode, 1)
    expect_in("where", "b.py:1", done.stderr)
    expect_not_in("old", "app.py", done.stderr)
    done = repo.git("push", "origin", "HEAD:refs/heads/new", ok=False)
    expect("new branch", done.returncode, 1)
    repo.git("tag", "-a", "-m", "t", "v1", bad)
    expect("old tag", repo.git("push", "-q", "origin", "v1",
                               ok=False).returncode, 0)
    repo.git("tag", "-a", "-m", "t", "v2")
    expect("new tag", repo.git("push", "-q", "origin", "v2",
                               ok=False).returncode, 1)
    expect("deletion", repo.git("push", "-q", "origin", ":refs/tags/v1",
                                ok=False).returncode, 0)


def pre_push_to_a_url_and_a_first_push(place):
    server = place.repo("other.git", "--bare")
    repo = place.repo("repo")
    repo.commit_files({"app.py": SECRET})
    repo.hygiene("hook", "install", ok=True)
    done = repo.git("push", server.path, "main", ok=False)
    expect("code", done.returncode, 1)
    expect("nothing there", refs(server), "")
    repo.git("config", "hygiene.failOn", "critical")
    done = repo.git("push", "-q", server.path, "main", ok=False)
    expect("below the threshold", done.returncode, 0)


# pre-receive and update

def install_server(server, *events):
    done = server.hygiene("hook", "install", *events, ok=True)
    expect_in("installed", "guarded", done.stdout)


def pre_receive_refuses_a_push_as_a_whole(place):
    server, repo = clone_of_server(place)
    install_server(server)
    before = refs(server), loose_and_packed(server)
    repo.git("checkout", "-q", "-b", "one")
    repo.commit_files({"ok.py": "x\n"})
    repo.git("tag", "-a", "-m", "t", "v1")
    repo.git("checkout", "-q", "-b", "two")
    repo.commit_files({"a/store/s1": "session"})
    repo.git("rm", "-q", "-r", "a")
    repo.commit_files({"last": "x\n"})
    done = repo.git("push", "origin", "one", "two", "v1", ok=False)
    expect("code", done.returncode, 1)
    expect_in("message", "remote: git-hygiene: this push is refused",
              done.stderr)
    expect_in("path", "a/store/", done.stderr)
    expect("nothing remains", (refs(server), loose_and_packed(server)), before)
    done = repo.git("push", "-q", "origin", "one", "v1", ok=False)
    expect("clean", (done.returncode, done.stderr), (0, ""))
    expect("both are there", len(refs(server).splitlines()), 3)


def a_pushed_file_cannot_switch_it_off(place):
    server, repo = clone_of_server(place)
    install_server(server)
    repo.commit_files({
        ".hygiene.yml": "version: 1\nexclude: ['**']\n",
        ".gitattributes": "* -text binary -diff filter=none hygiene=off\n",
        ".gitleaksignore": "app.py:any:1\n",
        "app.py": "a='MARK-abcdef' # hygiene:allow * gitleaks:allow\n"})
    repo.hygiene("baseline", ok=True)
    repo.commit_files({})
    expect("here", repo.report()[0], 0)
    done = repo.git("push", "-q", "origin", "HEAD:main", ok=False,
                    **SKIP_REASON)
    expect("code", done.returncode, 1)
    expect_in("why", "app.py:1", done.stderr)
    expect_in("switch", "has no say in a server's hook", done.stderr)


def the_administrator_can_accept(place):
    server, repo = clone_of_server(place)
    install_server(server)
    repo.commit_files({"app.py": SECRET})
    text = repo.hygiene("baseline", "--dry-run", ok=True).stdout
    server.write("accepted", text)
    server.git("config", "hygiene.baseline", "accepted")
    expect("accepted", repo.git("push", "-q", "origin", "HEAD:main",
                                ok=False).returncode, 0)
    repo.commit_files({"other.py": SECRET})
    expect("no other", repo.git("push", "-q", "origin", "HEAD:main",
                                ok=False).returncode, 1)


def trees_and_blobs_are_no_way_around(place):
    server, repo = clone_of_server(place)
    install_server(server)
    repo.commit_files({"app.py": SECRET})
    for name in ("HEAD:app.py", "HEAD^{tree}"):
        repo.git("tag", "-f", "odd", name)
        done = repo.git("push", "-q", "-f", "origin", "refs/tags/odd",
                        ok=False)
        expect(name, done.returncode, 1)
    expect("refs", len(refs(server).splitlines()), 1)


def a_path_with_a_colon_works(place):
    server = place.repo("a:b.git", "--bare")
    repo = place.repo("work")
    repo.commit_files({"README": "one\n"})
    repo.git("push", "-q", server.path, "HEAD:main")
    install_server(server)
    repo.commit_files({"ok": "x\n"})
    expect("clean", repo.git("push", "-q", "./../a:b.git", "HEAD:main",
                             ok=False).returncode, 0)
    repo.commit_files({"app.py": SECRET})
    expect("bad", repo.git("push", "-q", "./../a:b.git", "HEAD:main",
                           ok=False).returncode, 1)


def update_judges_each_ref(place):
    server, repo = clone_of_server(place)
    install_server(server, "--update")
    repo.git("checkout", "-q", "-b", "good")
    repo.commit_files({"ok.py": "x\n"})
    repo.git("checkout", "-q", "-b", "bad")
    repo.commit_files({"app.py": SECRET})
    done = repo.git("push", "origin", "good", "bad", ok=False)
    expect("code", done.returncode, 1)
    expect("refs", [line.split()[0] for line in refs(server).splitlines()],
           ["refs/heads/good", "refs/heads/main"])
    expect("deletion", repo.git("push", "-q", "origin", ":good",
                                ok=False).returncode, 0)


def pre_receive_works_over_http(place):
    if not shutil.which("git-http-backend") and not os.path.exists(
            os.path.join(place.run("/", "git", "--exec-path").stdout.strip(),
                         "git-http-backend")):
        return
    import http.server
    import threading

    class Handler(http.server.CGIHTTPRequestHandler):
        def is_cgi(self):
            self.cgi_info = "", self.path.lstrip("/")
            return True

        def translate_path(self, path):
            return os.path.join(place.path, "backend")

        def run_cgi(self):
            path, _, query = self.path.partition("?")
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length)
            if self.headers.get("transfer-encoding") == "chunked":
                body = b""
                while True:
                    size = int(self.rfile.readline(), 16)
                    body += self.rfile.read(size)
                    self.rfile.readline()
                    if not size:
                        break
            env = dict(place.env, GIT_PROJECT_ROOT=place.path,
                       GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path,
                       QUERY_STRING=query, REQUEST_METHOD=self.command,
                       CONTENT_TYPE=self.headers.get("content-type") or "",
                       CONTENT_LENGTH=str(len(body)), REMOTE_USER="ann",
                       HTTP_CONTENT_ENCODING=self.headers.get(
                           "content-encoding") or "",
                       REMOTE_ADDR="127.0.0.1")
            done = subprocess.run(["git", "http-backend"], input=body,
                                  env=env, stdout=subprocess.PIPE)
            head, _, rest = done.stdout.partition(b"\r\n\r\n")
            self.send_response(200)
            self.wfile.write(b"".join(self._headers_buffer) + head
                             + b"\r\n\r\n" + rest)

        do_GET = do_POST = run_cgi

        def log_message(self, *args):
            pass

    server, repo = clone_of_server(place)
    install_server(server)
    daemon = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=daemon.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{daemon.server_port}/server.git"
    try:
        repo.commit_files({"ok": "x\n"})
        repo.git("push", "-q", url, "HEAD:main", no_proxy="*")
        repo.commit_files({"app.py": SECRET})
        done = repo.git("push", url, "HEAD:main", ok=False, no_proxy="*")
    finally:
        daemon.shutdown()
        daemon.server_close()
    expect("code", done.returncode, 1)
    expect_in("why", "remote:   app.py:1", done.stderr)


# install, uninstall, status

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


def a_symlinked_hook_is_kept_as_one(place):
    repo = place.repo("repo")
    script = repo.write("scripts/check", "#!/bin/sh\nexit 0\n", 0o755)
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
    expect_in("said", "is not executable", done.stdout)
    repo.hygiene("hook", "install", ok=True)
    expect("repaired", repo.hygiene("hook", "status").returncode, 0)
    repo.git("config", "core.hooksPath", "/nowhere")
    done = repo.hygiene("hook", "status")
    expect("elsewhere", done.returncode, 1)
    expect_in("said", "core.hooksPath", done.stdout)


def newer_git(place, version="2.54.0"):
    """A git that says it is newer; the rest is the real one's."""
    real = shutil.which("git", path=place.env["PATH"])
    path = place.write("newer/git",
                       "#!/bin/sh\n[ \"$1\" = version ] && "
                       f"echo git version {version} && exit\n"
                       f"exec {real} \"$@\"\n", 0o755)
    place.env["PATH"] = os.path.dirname(path) + ":" + place.env["PATH"]


def newer_git_is_told_by_configuration(place):
    newer_git(place)
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


def global_needs_a_newer_git(place):
    newer_git(place, "2.53.1")
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


HELPERS = ("clone_of_server", "refs", "loose_and_packed", "try_commit",
           "install_server", "hook_path", "note_hook", "newer_git")
CASES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and name not in HELPERS]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
