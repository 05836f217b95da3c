#!/usr/bin/env python3
"""Hooks, run by git itself: what is refused, what passes, and the ways out.

usage: hooks.py <git-hygiene>
"""
import os
import shutil
import subprocess
import sys

from scratch import (Repo, clone_of_server, expect, expect_in, expect_not_in,
                     run_all, try_commit)

SECRET = "a = 'MARK-abcdef'\n"
SKIP_REASON = {"GIT_HYGIENE": "0"}


def refs(repo):
    return repo.out("for-each-ref", "--format=%(refname) %(objectname)")


def loose_and_packed(repo):
    return repo.out("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")


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
    expect_in("untrack", "git rm -r -f -q --cached -- a/store", done.stderr)
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


def printed_paths_stand_for_themselves_alone(place):
    """Names that git reads as patterns, beside what they would fit."""
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n", ".gitignore": "keep\n"})
    repo.hygiene("hook", "install", ok=True)
    for name in ("*.py", "[ab]", "?", "a\\b", ":(top)x"):
        repo.write(name, SECRET)
        repo.git("add", "-A")
        done = try_commit(repo, "-m", "two")
        expect(name, done.returncode, 1)
        commands = {line.split(" --")[0].strip(): line.strip() for line
                    in done.stderr.splitlines() if line.startswith("      git")}
        for other in ("real.py", "a", "b", "ab", "x"):
            repo.write(other, SECRET)
        repo.git("add", "-A")
        place.run(repo.path, "sh", "-c", commands["git hygiene baseline"],
                  ok=False)
        rest = [path for path, _ in repo.counting("--staged")]
        expect(f"{name}: not accepted", [other for other in (
            "real.py", "a", "b", "ab", "x") if other not in rest], [])
        repo.git("reset", "-q", "--hard")
        repo.write(name, SECRET)
        repo.write("real.py", "x = 1\n")
        repo.write("a", "x = 1\n")
        place.run(repo.path, "sh", "-c", commands["git add"])
        expect(f"{name}: added", len(repo.out(
            "diff", "--cached", "--name-only").splitlines()), 1)
        repo.git("reset", "-q", "--hard")
        repo.git("clean", "-qfdx")
    repo.write("*/store/s1", "session")
    repo.write("other/store/s1", "kept")
    repo.git("add", "-A")
    repo.git("rm", "-qr", "--cached", "other")
    done = try_commit(repo, "-m", "two")
    repo.git("add", "-A", "-f")
    command = [line for line in done.stderr.splitlines() if "git rm" in line]
    place.run(repo.path, "sh", "-c", command[0])
    expect("untracked", repo.out("ls-files", "other", ":(literal)*"),
           "other/store/s1")


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


def what_could_not_be_looked_at_is_said_whole(place):
    """With the command that helps, and that works."""
    for command in (["update-index", "--split-index"],
                    ["sparse-checkout", "set", "--cone", "--sparse-index",
                     "in"]):
        repo = place.repo(command[0])
        repo.commit_files({"in/a": "x\n", "out/a": "x\n"})
        repo.hygiene("hook", "install", ok=True)
        repo.git(*command)
        repo.write("in/b", "x\n")
        repo.git("add", "in")
        done = try_commit(repo, "-qm", "x")
        expect(f"{command}", done.returncode, 1)
        expect("width", [line for line in done.stderr.splitlines()
                         if len(line) > 80], [])
        said = " ".join(done.stderr.split())
        expect(f"one text: {said}", "..." in said.split("To commit")[0], False)
        place.run(repo.path, "sh", "-c", said.split("(")[1].split(" makes")[0])
        expect("helped", try_commit(repo, "-qm", "x").returncode, 0)


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


SCISSORS = "# ------------------------ >8 ------------------------\n"


def the_change_that_an_editor_is_shown_is_no_message(place):
    """git commit -v, with and without a section of its own for what is not
    staged, and with other comment characters."""
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n", "old.py": SECRET, "gone": SECRET})
    repo.hygiene("hook", "install", "--commit-msg", ok=True)
    for number, words in enumerate((
            ["commit", "-v"], ["commit", "-v", "-v"],
            ["-c", "commit.verbose=true", "commit"],
            ["-c", "core.commentChar=;", "commit", "-v"],
            ["-c", "core.commentChar=auto", "commit", "-v"],
            ["-c", "diff.suppressBlankEmpty=true", "commit", "-v"],
            ["commit", "-v", "--cleanup=scissors"],
            ["commit", "-v", "--amend"])):
        repo.write("README", f"a\n\nb\n{SECRET}\n{number}\n")
        repo.write("old.py", f"{number}\n")
        repo.git("rm", "-q", "--cached", "--ignore-unmatch", "gone")
        repo.git("add", "README", "old.py")
        repo.write("old.py", SECRET)
        done = repo.git(*words, "-e", "-q", "-m", f"commit {number}",
                        ok=False, GIT_EDITOR="true")
        expect(f"{words} {done.stderr}", done.returncode, 0)
        expect("subject", repo.out("log", "-1", "--format=%B"),
               f"commit {number}")


def a_message_goes_on_behind_scissors(place):
    """git cuts there with -v, or with that cleanup, and never else."""
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    repo.hygiene("hook", "install", "--commit-msg", ok=True)
    change = ("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n"
              "-a\n+MARK-abcdef\n")
    for text, words in (("MARK-abcdef\n", []), (change, []),
                        ("MARK-abcdef\n", ["-e"]), (change, ["-e"])):
        repo.write("message", f"one\n{SCISSORS}{text}")
        done = try_commit(repo, "--allow-empty", *words, "-F", "message",
                          GIT_EDITOR="true")
        expect(f"{words} {text}", done.returncode, 1)
    repo.git("commit", "-q", "--no-verify", "--allow-empty", "-F", "message")
    expect_in("git kept it", "MARK-abcdef", repo.out("log", "-1"))


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


def follow(repo, text, word, before_add):
    """Runs the commands of a refused push, up to those that accept it; stops
    at the commit of the subject "bad"."""
    ran = []
    for line in text.split("If it is meant to be there")[0].splitlines():
        command = line.strip()
        if not line.startswith("      ") or \
                not command.startswith(("git ", "printf ")):
            continue
        ran.append(command.split("   #")[0])
        if command.startswith("git add --"):
            before_add()
        repo.place.run(
            repo.path, "sh", "-c", command,
            GIT_SEQUENCE_EDITOR=f"sed -i '/ bad$/s/^pick/{word}/'",
            GIT_EDITOR="sed -i s/MARK-[a-z]*/nothing/")
    return ran


def the_commands_of_a_refused_push_lead_out(place):
    """From the first commit, from one in the middle, and from the last."""
    for name, before, after, start in (
            ("root", 0, 2, "git rebase -i -r --root"),
            ("middle", 2, 2, "git rebase -i -r "),
            ("last", 2, 0, "git rm -r -f")):
        server = place.repo(f"{name}.git", "--bare")
        repo = place.repo(name)
        for number in range(before):
            repo.commit_files({f"b{number}": "x\n"})
        repo.commit_files({"a/store/s1": "session", "app.py": SECRET}, "bad")
        for number in range(after):
            repo.commit_files({f"c{number}": "x\n"})
        repo.hygiene("hook", "install", ok=True)
        done = repo.git("push", server.path, "main", ok=False)
        expect(name, done.returncode, 1)
        expect("one screen", len(done.stderr.splitlines()) <= 25, True)
        ran = follow(repo, done.stderr, "edit",
                     lambda: repo.write("app.py", "a = 1\n"))
        expect_in(name, start, ran[0])
        expect("commits", repo.out("rev-list", "--count", "HEAD"),
               str(before + 1 + after))
        done = repo.git("push", server.path, "main", ok=False)
        expect(f"{name} {done.stderr}", done.returncode, 0)
        expect("on disk", repo.read("a/store/s1"), "session")
        expect("ignored", repo.out("status", "--porcelain"), "")


def a_message_is_reworded_as_it_says(place):
    for name, after in (("middle", 2), ("last", 0)):
        server = place.repo(f"{name}.git", "--bare")
        repo = place.repo(name)
        repo.commit_files({"a": "x\n"})
        repo.commit_files({"b": "x\n"}, "MARK-abcdef bad")
        for number in range(after):
            repo.commit_files({f"c{number}": "x\n"})
        repo.hygiene("hook", "install", ok=True)
        done = repo.git("push", server.path, "main", ok=False)
        expect(name, done.returncode, 1)
        ran = follow(repo, done.stderr, "reword", None)
        expect("commands", len(ran), 1)
        done = repo.git("push", server.path, "main", ok=False)
        expect(f"{name} {done.stderr}", done.returncode, 0)


def paths_count_from_the_top(place):
    repo = place.repo("repo")
    repo.commit_files({"sub/README": "one\n"})
    repo.hygiene("hook", "install", ok=True)
    repo.write("sub/store/s1", "session")
    repo.git("add", "-A")
    done = place.run(os.path.join(repo.path, "sub"), "git", "commit", "-m",
                     "x", ok=False)
    expect_in("said", 'cd "$(git rev-parse --show-toplevel)"', done.stderr)
    expect_in("path", "-- sub/store", done.stderr)


def a_session_that_changed_since_it_was_staged_is_untracked(place):
    repo = place.repo("repo")
    repo.commit_files({"a/store/s1": "one"})
    repo.hygiene("hook", "install", ok=True)
    repo.write("a/store/s1", "two")
    repo.git("add", "-A")
    repo.write("a/store/s1", "three")
    done = try_commit(repo, "-m", "x")
    command = [line for line in done.stderr.splitlines() if "git rm" in line]
    place.run(repo.path, "sh", "-c", command[0])
    expect("out of it", repo.out("ls-files"), "")
    expect("on disk", repo.read("a/store/s1"), "three")


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
    expect("here: nothing is left to look at", repo.report()[0], 3)
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


def pkt_line(data):
    return b"%04x" % (len(data) + 4) + data


def send_pack(repo, server, commands):
    """What `git push` sends, with old values of refs that it would not."""
    tips = "".join(new + "\n" for _, new, _ in commands)
    pack = subprocess.run(
        ["git", "pack-objects", "--revs", "--stdout", "-q"],
        input=tips.encode(), stdout=subprocess.PIPE, cwd=repo.path,
        check=True).stdout
    lines = [f"{old} {new} {ref}".encode() for old, new, ref in commands]
    lines[0] += b"\0report-status"
    data = b"".join(map(pkt_line, lines)) + b"0000" + pack
    return subprocess.run(["git", "receive-pack", server.path], input=data,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=repo.place.env, check=False)


def what_a_client_says_is_there_is_not_believed(place):
    server, repo = clone_of_server(place)
    install_server(server)
    new = repo.commit_files({"app.py": SECRET})
    before = refs(server)
    done = send_pack(repo, server, [(new, new, "refs/heads/decoy"),
                                    ("0" * 40, new, "refs/heads/bad")])
    expect_in("message", b"this push is refused", done.stderr)
    expect("refs", refs(server), before)


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
        print("no git-http-backend here: a push over HTTP was not tried")
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


HELPERS = ("follow", "refs", "loose_and_packed", "install_server", "pkt_line",
           "send_pack")
CASES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and name not in HELPERS]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
