#!/usr/bin/env python3
"""One repository with a marked secret in each place where one can hide: every
one is found, once, with the words that docs/places.md has for its place. And
random repositories, held against git rev-list, fsck and ls-files.

usage: places.py <git-hygiene> [<number of random repositories>]
"""
import base64
import bz2
import gzip
import hashlib
import hmac
import io
import json
import lzma
import os
import random
import re
import sys
import tarfile
import urllib.parse
import zipfile

from scratch import Repo, expect, expect_in, expect_not_in, run_all

SEEDS = int(sys.argv[2]) if len(sys.argv) > 2 else 8
NAMES = "abcdefghijklmnopqrstuvwxyz"


def mark(number):
    """Words of letters alone, none of which begins another."""
    return "q" + NAMES[number // 26] + NAMES[number % 26] + "zz"


def secret_id(word):
    """As scanner/fingerprint.h describes it."""
    return hmac.new(b"git-hygiene fingerprint 1", word.encode(),
                    hashlib.sha256).hexdigest()[:32]


class Marks:
    """Hands out a marked secret for each place, and keeps what to expect: the
    words of its places, and what reaches it; None where that is all refs."""

    def __init__(self):
        self.rows = {}
        self.names = []  # those that stand in the name of a file or ref

    def name(self, place, words, by=()):
        """A part of a name."""
        text = self.at(place, words, by).split()[1]
        self.names.append(text[len("MARK-"):])
        return text

    def at(self, place, words, by=()):
        word = mark(len(self.rows))
        self.rows[word] = (place, sorted(words), by)
        return f"key MARK-{word}\n"


def blob(repo, text):
    return repo.git("hash-object", "-w", "--stdin", data=text).stdout.strip()


def tree(repo, files):
    lines = "".join(f"100644 blob {blob(repo, text)}\t{name}\n"
                    for name, text in files.items())
    return repo.git("mktree", data=lines).stdout.strip()


def commit(repo, files, message="m", parents=("HEAD",), **env):
    args = [arg for parent in parents for arg in ("-p", parent)]
    return repo.git("commit-tree", *args, "-m", message, tree(repo, files),
                    **env).stdout.strip()


def plant_refs(repo, marks):
    for place, ref, kind in [
            ("branch", "refs/heads/other", "branch"),
            ("remote", "refs/remotes/origin/main", "remote-branch"),
            ("tag", "refs/tags/light", "tag"),
            ("pull", "refs/pull/7/head", "pull-request"),
            ("changes", "refs/changes/01/1/1", "pull-request"),
            ("merge-request", "refs/merge-requests/2/head", "pull-request"),
            ("original", "refs/original/refs/heads/main", "original"),
            ("other ref", "refs/custom/deep/er", "ref")]:
        text = marks.at(place, ["history"], [kind])
        repo.git("update-ref", ref, commit(repo, {f"{place}.txt": text}))
    repo.git("tag", "-a", "-m", marks.at("tag message", ["message"]), "ann",
             commit(repo, {"ann.txt": marks.at("annotated tag", ["history"],
                                               ["tag"])}))
    repo.git("tag", "-a", "-m", marks.at("nested tag", ["message"]), "nest",
             "ann")
    repo.git("tag", "on-blob",
             blob(repo, marks.at("tag on a blob", ["history"], ["tag"])))
    repo.git("tag", "on-tree", tree(repo, {
        "in-tag.txt": marks.at("tag on a tree", ["history"], ["tag"])}))
    repo.git("tag", "-a", "-m", "m", "ann-blob", blob(repo, marks.at(
        "annotated tag on a blob", ["history"], ["tag"])))
    repo.git("notes", "add", "-m", marks.at("note", ["note"], ["note"]))


def plant_history(repo, marks):
    deleted = marks.at("deleted file", ["history"], None)
    repo.commit_files({"deleted.txt": deleted, "kept.txt": "one\n"})
    os.unlink(os.path.join(repo.path, "deleted.txt"))
    repo.commit_files({}, marks.at("commit message", ["message"]))
    repo.git("commit", "-q", "--allow-empty", "-m", "m",
             GIT_AUTHOR_NAME=marks.at("author", ["message"]).strip())
    repo.git("commit", "-q", "--allow-empty", "-m", "m",
             GIT_COMMITTER_EMAIL=marks.at("committer", ["message"]).strip())
    tracked = ["index", "other-index", "worktree", "history"]
    os.symlink(marks.at("symlink", tracked, None).strip(),
               os.path.join(repo.path, "link"))
    repo.commit_files({
        ".gitmodules": marks.at("submodule URL", tracked, None),
        ".gitattributes": "*.bin -diff\n",
        "hidden.bin": "\0" + marks.at("behind -diff", tracked, None)})
    merge = commit(repo, {"evil.txt": marks.at(
        "evil merge", ["history"], ["branch"])}, parents=("HEAD", "HEAD~2"))
    repo.git("branch", "evil", merge)


def encoded(text):
    """{what: (name of the file, bytes)}"""
    data = text.encode() * 40  # so that it is not stored as it is
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a/.env", data)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as out:
        info = tarfile.TarInfo("b/c")
        info.size = len(data)
        out.addfile(info, io.BytesIO(data))
    return {
        "UTF-16": ("a.txt", b"\xff\xfe" + text.encode("utf-16-le")),
        "UTF-16, big": ("b.txt", b"\xfe\xff" + text.encode("utf-16-be")),
        "UTF-8 with mark": ("c.txt", b"\xef\xbb\xbf" + data),
        "base64": ("d.txt", base64.b64encode(data)),
        "hex": ("e.txt", data.hex().encode()),
        "percent": ("f.txt", urllib.parse.quote(
            "/?=" + text, safe="").encode()),
        "gzip": ("g.gz", gzip.compress(data)),
        "bzip2": ("h.bz2", bz2.compress(data)),
        "xz": ("i.xz", lzma.compress(data)),
        "zip": ("j.zip", archive.getvalue()),
        "tar": ("k.tgz", tar.getvalue()),
        "notebook": ("l.ipynb", json.dumps(
            {"cells": [{"source": ["a\n", text]}]}).encode()),
        "HTTP archive": ("m.har", json.dumps({"log": {"entries": [
            {"response": {"content": {"text": text}}}]}}).encode()),
    }


def plant_encoded(repo, marks):
    """In a branch of its own, so that the bytes of files are kept as they
    are."""
    words = {what: marks.at(f"encoded: {what}", ["history"], ["branch"])
             for what in encoded("")}
    lines = ""
    for what, text in words.items():
        name, data = encoded(text)[what]
        path = os.path.join(repo.place.path, "encoded")
        with open(path, "wb") as file:
            file.write(data)
        oid = repo.out("hash-object", "-w", "--no-filters", path)
        lines += f"100644 blob {oid}\t{name}\n"
    made = repo.git("mktree", data=lines).stdout.strip()
    repo.git("branch", "encoded", repo.out("commit-tree", "-m", "m", made))


def plant_names(repo, marks):
    name = marks.name
    for what, path in [
            ("name of a file", "{}.txt"), ("name of a folder", "{}/file"),
            ("name in hex", None)]:
        text = name(what, ["history", "path-name"], ["branch"])
        path = (path or "f " + f"a key {text} of the user".encode().hex()).format(text)
        folder, _, last = path.rpartition("/")
        made = tree(repo, {last: f"{what}\n"})
        if folder:
            made = repo.git("mktree", data=f"040000 tree {made}\t{folder}\n"
                            ).stdout.strip()
        repo.git("branch", "named-" + what.split()[-1], repo.out(
            "commit-tree", "-m", "m", made))
    tree(repo, {name("name that nothing has", [
        "path-name", "unreachable"]): "lone\n"})
    repo.write(name("name of an untracked file", ["path-name", "worktree"]),
               "on disk\n")
    repo.write(".git/hooks/" + name("name of a hook", [
        "git-dir", "path-name"]), "hook\n")
    for what, ref in [
            ("branch", "refs/heads/"), ("tag", "refs/tags/"),
            ("remote", "refs/remotes/origin/"), ("notes", "refs/notes/"),
            ("other ref", "refs/custom/")]:
        repo.git("update-ref", ref + name(f"name of {what}", ["ref-name"]),
                 "HEAD", GIT_CONFIG_COUNT="1",
                 GIT_CONFIG_KEY_0="core.logAllRefUpdates",
                 GIT_CONFIG_VALUE_0="false")


def plant_hidden(repo, marks):
    hidden = commit(repo, {"replaced.txt": marks.at(
        "replaced commit", ["replaced"], ["branch"])})
    repo.git("branch", "replaced", hidden)
    repo.git("replace", hidden, commit(repo, {"instead.txt": marks.at(
        "replacement", ["history"], ["replace"])}))
    grafted = commit(repo, {"grafted.txt": marks.at(
        "behind a graft", ["replaced"], ["branch"])})
    top = commit(repo, {"top.txt": "one\n"}, parents=(grafted,))
    repo.git("branch", "grafted", top)
    repo.write(".git/info/grafts", f"{top}\n")


def plant_stashes(repo, marks):
    for entry in ("oldest", "older", "newest"):
        repo.write("kept.txt", marks.at(f"{entry} stash, index", ["stash"],
                                        ["stash"]))
        repo.git("add", "kept.txt")
        repo.write("kept.txt", marks.at(f"{entry} stash, worktree", ["stash"],
                                        ["stash"]))
        repo.write("new.txt", marks.at(f"{entry} stash, untracked", ["stash"],
                                       ["stash"]))
        repo.git("stash", "push", "-q", "-u", "-m", marks.at(
            f"{entry} stash, message", ["message", "stash"], ["stash"]))


def plant_logs(repo, marks):
    repo.git("update-ref", "--create-reflog", "refs/heads/log", commit(
        repo, {"log.txt": marks.at("reflog of a branch", ["reflog"],
                                   ["reflog"])},
        marks.at("message in a reflog", ["message", "reflog"], ["reflog"])))
    repo.git("update-ref", "refs/heads/log", "HEAD")
    repo.git("checkout", "-q", "--detach")
    repo.commit_files({"head.txt": marks.at("reflog of HEAD", ["reflog"],
                                            ["reflog"])})
    repo.git("checkout", "-q", "main")
    # an update that is lost with its ref
    blob(repo, marks.at("blob that nothing names", ["unreachable"]))
    tree(repo, {"lone.txt": marks.at("tree that nothing names",
                                     ["unreachable"])})
    commit(repo, {"lost.txt": marks.at("commit that nothing names",
                                       ["unreachable"])},
           marks.at("its message", ["message", "unreachable"]))
    repo.git("tag", "-a", "-m", marks.at("tag that nothing names", [
        "message", "unreachable"]), "gone")
    repo.git("tag", "-d", "gone")


def plant_worktrees(repo, marks):
    path = os.path.join(repo.place.path, "linked")
    repo.git("worktree", "add", "-q", "--detach", path)
    linked = Repo(repo.place, path)
    linked.commit_files({"logged.txt": marks.at(
        "reflog of another worktree", ["reflog"], ["reflog"])})
    linked.git("checkout", "-q", "HEAD~")
    linked.commit_files({"detached.txt": marks.at(
        "HEAD of another worktree", ["history", "other-index"],
        ["worktree", "index", "reflog"])})
    linked.write("staged.txt", marks.at("index of another worktree",
                                        ["other-index"], ["index"]))
    linked.git("add", "staged.txt")


def plant_borrowed(repo, marks):
    lender = repo.place.repo("lender")
    lender.commit_files({"lent.txt": marks.at("object of an alternate",
                                              ["alternate"])})
    repo.write(".git/objects/info/alternates",
               os.path.join(lender.path, ".git", "objects") + "\n")


def plant_index(repo, marks):
    repo.write("staged.txt", marks.at("staged", ["index", "staged",
                                                 "worktree"], ["index"]))
    repo.git("add", "staged.txt")
    lines = ""
    for stage, side in enumerate(("base", "ours", "theirs"), 1):
        oid = blob(repo, marks.at(f"conflict, {side}", [
            "index", "staged", "conflict"], ["index"]))
        lines += f"100644 {oid} {stage}\tconflict.txt\n"
    repo.git("update-index", "--index-info", data=lines)
    repo.write("disk.txt", marks.at("untracked file", ["worktree"]))
    repo.write(".gitignore", "ignored.txt\n")
    repo.write("ignored.txt", marks.at("ignored file", ["worktree"]))


def plant_git_dir(repo, marks):
    """Files that git keeps as text; git itself writes some of them later."""
    for what, path in [
            ("setting", "config.worktree"), ("hook", "hooks/pre-push"),
            ("exclude", "info/exclude"), ("attributes", "info/attributes"),
            ("message of a merge", "MERGE_MSG"),
            ("message of a squash", "SQUASH_MSG"),
            ("message of a tag", "TAG_EDITMSG"),
            ("description", "description"), ("fetched", "FETCH_HEAD"),
            ("credentials", ".git-credentials"),
            ("setting of a submodule", "modules/sub/config"),
            ("setting of a worktree", "worktrees/linked/config.worktree"),
            ("resolved conflict", "rr-cache/ab/preimage"),
            ("what a tool left", "odd/refs/objects")]:
        repo.write(f".git/{path}", marks.at(what, ["git-dir"]))
    repo.git("config", "remote.other.url",
             marks.at("URL of a remote", ["git-dir"]).strip())
    repo.write(".git/modules/sub/HEAD", "ref: refs/heads/main\n")
    repo.git("reflog", "delete", "refs/heads/log@{1}")
    repo.git("update-ref", "-m", marks.at("message of a reflog", ["git-dir"]),
             "HEAD", repo.out("commit-tree", "-p", "HEAD", "-m", "m",
                              "HEAD^{tree}"))


def plant(place, marks):
    repo = place.repo("repo")
    plant_history(repo, marks)
    plant_stashes(repo, marks)
    plant_refs(repo, marks)
    plant_hidden(repo, marks)
    plant_logs(repo, marks)
    plant_worktrees(repo, marks)
    plant_borrowed(repo, marks)
    plant_index(repo, marks)
    plant_git_dir(repo, marks)
    plant_encoded(repo, marks)
    plant_names(repo, marks)
    return repo


def content(repo, row, objects):
    """Of the object as it is stored, or of the file on disk."""
    if row["blob"] in objects:
        return objects[row["blob"]]
    with open(os.path.join(repo.path, row["path"]), "rb") as file:
        return file.read()


def is_of_git_dir(row):
    return row["places"] == ["git-dir"]


def found(repo, *args):
    code, rows = repo.report("--no-cache", *args)
    expect("exit code", code, 1)
    expect("complete", rows[-1]["complete"], True)
    ids = {secret_id(mark(n)): mark(n) for n in range(26 * 26)}
    words = {}
    rows = [row for row in rows if row["type"] == "finding"]
    objects = repo.objects({row["blob"] for row in rows if row["blob"]})
    for row in rows:
        word = ids[row["secret_id"]]
        region = row["region"]
        if region and "encoding" not in row["evidence"]:
            expect("region", content(repo, row, objects)[region["start_byte"]:
                                                region["end_byte"]].decode(),
                   word)
        if word not in words:
            words[word] = row
            continue
        # the .git folder repeats messages
        if not is_of_git_dir(words[word]) and not is_of_git_dir(row):
            raise AssertionError(f"{word} is told twice: {row['path']}")
        if is_of_git_dir(words[word]):
            words[word] = row
    return words


def expect_reached(place, row, by):
    reachable = row["exposure"]["reachable_by"]
    if by is None:
        expect(f"a branch reaches {place}", "branch" in reachable, True)
        return
    # logs reach what branches had, too; here it is of what nothing else has
    if "reflog" not in by:
        reachable = [kind for kind in reachable if kind != "reflog"]
    expect(f"what reaches {place}", sorted(reachable), sorted(by))


def every_place_is_found_with_its_word(place, repo, marks):
    words = found(repo, "--all")
    expect("number of places", len(marks.rows) >= 90, True)
    expect("nothing else", set(words) - set(marks.rows), set())
    for word, (what, places, by) in marks.rows.items():
        if word not in words:
            raise AssertionError(f"{what}: not found")
        expect(f"places of {what}", sorted(words[word]["places"]), places)
        if places != ["message"]:
            expect_reached(what, words[word], by)


def each_place_is_asked_for_by_itself(place, repo, marks):
    history = {"history", "replaced", "stash", "note", "ref-name"}
    for option, own in [
            ("--stash", {"stash"}), ("--notes", {"note"}),
            ("--reflog", {"reflog"}),
            ("--unreachable", {"unreachable", "alternate"}),
            ("--other-index", {"other-index"}), ("--index", {"index"}),
            ("--git-dir-files", {"git-dir"}),
            ("--history", history)]:
        words = found(repo, option)
        for word, (what, places, _) in marks.rows.items():
            asked = "message" not in places and bool(set(places) & own)
            if option != "--git-dir-files" or asked:
                expect(f"{option}: {what}", word in words, asked)
    words = found(repo)
    for word, (what, places, _) in marks.rows.items():
        asked = "message" not in places and \
            bool(set(places) & (history | {"index"}))
        expect(f"by default: {what}", word in words, asked)


def marks_in_git_dir(repo):
    """(path, word) of all files of .git, but for what other sources read."""
    found = set()
    top = os.path.join(repo.path, ".git")
    for folder, folders, files in os.walk(top):
        inside = os.path.relpath(folder, top)
        if inside in (".", "modules/sub"):
            folders[:] = [f for f in folders if f not in ("objects", "refs")]
            files = [f for f in files if f != "index"]
        for name in files:
            with open(os.path.join(folder, name), "rb") as file:
                path = os.path.normpath(os.path.join(".git", inside, name))
                found |= {(path, word.decode())
                          for word in re.findall(rb"MARK-([a-z]+)",
                                                 file.read())}
    return found


def git_dir_is_read_file_by_file(place):
    marks = Marks()
    repo = plant(place, marks)
    repo.write(".git/modules/sub/objects/ab/c", marks.at("an object", ()))
    repo.write(".git/modules/sub/refs/heads/main", marks.at("a ref", ()))
    for path in ("lfs/objects/aa/bb/c", "hygiene/kept", "sharedindex.1"):
        repo.write(f".git/{path}", marks.at(path, ()))
    linked = Repo(place, os.path.join(place.path, "linked"))
    wanted = {row for row in marks_in_git_dir(repo)
              if not row[0].startswith((".git/lfs/", ".git/hygiene/",
                                        ".git/sharedindex."))}
    expect("enough", len(wanted) > 20, True)
    for where, args in [(repo, ()), (linked, ()), (linked, ("--jobs=3",))]:
        _, rows = where.report("--git-dir-files", *args)
        rows = [row for row in rows if row["type"] == "finding" and
                "path-name" not in row["places"]]
        expect("files", {row["path"] for row in rows},
               {path for path, _ in wanted})
        expect("findings", len(rows), len(wanted))
        for row in rows:
            expect("of no tree", (row["tracked"], row["ignored"],
                                  row["remedy"]["gitignore"]),
                   (False, None, None))
    code, rows = repo.report("--git-dir-files", "--",
                             ".git/hooks/pre-push")
    expect("pathspec", [row["path"] for row in rows
                        if row["type"] == "finding"], [".git/hooks/pre-push"])
    human = repo.hygiene("scan", "--git-dir-files", "--",
                         ".git/hooks/pre-push").stdout
    expect_in("human", "only in the .git folder", human)


def git_dir_is_not_left(place):
    """No symlink is followed, no FIFO opened; a deep folder is told."""
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    place.write("outside/secret", "key MARK-outside\n")
    git_dir = os.path.join(repo.path, ".git")
    os.symlink(os.path.join(place.path, "outside"),
               os.path.join(git_dir, "folder"))
    os.symlink(os.path.join(place.path, "outside/secret"),
               os.path.join(git_dir, "hooks/pre-commit"))
    os.symlink("MARK-target", os.path.join(git_dir, "odd"))
    os.mkfifo(os.path.join(git_dir, "MERGE_MSG"))
    code, rows = repo.report("--git-dir-files")
    expect("found", [row["path"] for row in rows
                     if row["type"] == "finding"], [".git/odd"])
    expect("code", code, 1)
    os.unlink(os.path.join(git_dir, "odd"))
    os.makedirs(os.path.join(git_dir, *["d"] * 70))
    code, rows = repo.report("--git-dir-files")
    expect("too deep", [(row["reason"], row["path"][:10]) for row in rows
                        if row["type"] == "skipped"], [("limit", ".git/d/d/d")])
    expect("code", code, 3)
    repo.write(".git/large", "MARK-large" + " " * 100)
    code, rows = repo.report("--git-dir-files", "--max-blob-size=50", "--",
                             ".git/large")
    expect("too large", [row["path"] for row in rows
                         if row.get("reason") == "too-large"], [".git/large"])


def names_are_masked_everywhere(place):
    """In paths, refs, logs, skipped lines, links of every report; also where
    the name is that of another finding."""
    marks = Marks()
    repo = plant(place, marks)
    word = marks.name("both", ())
    long = "MARK-" + "abcdefghij" * 3
    repo.commit_files({f"{word}/store/x": "stored\n",
                       f"{word}.txt": f"key MARK-other\n{word}\n"})
    with zipfile.ZipFile(os.path.join(repo.path, f"{long}.zip"),
                         "w") as archive:
        archive.writestr(f"{word}/in", "MARK-inner")
    repo.commit_files({})
    repo.git("update-index", "--add", "--cacheinfo",
             f"160000,{'1' * 40},{word}-module")
    formats = ["human", "jsonl", "json", "porcelain", "csv", "markdown", "html",
               "sarif", "github", "gitlab", "codeclimate", "junit", "rdjson",
               "gitleaks"]
    for name in formats:
        text = repo.hygiene("scan", "--all", f"--format={name}", "-v").stdout
        expect(f"{name} has paths", "name" in text or "txt" in text, True)
        for secret in marks.names + [long[len("MARK-"):]]:
            expect_not_in(name, f"MARK-{secret}", text)
            expect_not_in(name, f"MARK-{secret}".encode().hex(), text)
    _, rows = repo.report("--all")
    paths = {row["path"] for row in rows if row["type"] == "finding"}
    for path in ("MARK-\u2026(5 bytes)/store/x", "MARK-\u2026(5 bytes).txt",
                 "MARK-abc\u2026(30 bytes).zip",
                 "refs/heads/MARK-\u2026(5 bytes)"):
        expect(path, path in paths, True)
    expect("skipped", [row["path"] for row in rows
                       if row.get("reason") == "submodule"],
           ["MARK-\u2026(5 bytes)-module"])
    both = [row for row in rows if row["type"] == "finding" and
            row["secret_id"] == secret_id(word[len("MARK-"):]) and
            row["path"].endswith(".txt")]
    expect("one finding, with its line", [
        (row["places"][-1], row["region"]["start_line"]) for row in both],
        [("path-name", 2)])


def shards_tell_the_same(place, repo, marks):
    parts = []
    for number in (1, 2, 3):
        part = os.path.join(place.path, f"part{number}")
        repo.hygiene("scan", "--all", f"--shard={number}/3", "-o", part)
        parts.append(part)
    for name in ("jsonl", "human", "sarif"):
        whole = repo.hygiene("scan", "--all", f"--format={name}",
                             "--now=" + repo.out("log", "-1", "--format=%cs"))
        merged = repo.hygiene("merge", f"--format={name}", *parts)
        expect(name, merged.stdout, whole.stdout)


def names_are_acted_on(place):
    """What acts on files finds them by their names; the cache keeps none."""
    repo = place.repo("repo")
    name = "MARK-" + "abcdefghij" * 3
    repo.commit_files({f"{name}/store/x": "one\n", "kept.txt": "two\n",
                       f"{name}.txt": "three\n"})
    cache = os.path.join(place.path, "cache")
    for _ in range(2):
        done = repo.hygiene("scan", f"--cache={cache}")
        expect("code", done.returncode, 1)
        expect_not_in("human", name, done.stdout)
    for folder, _, files in os.walk(cache):
        for file in files:
            with open(os.path.join(folder, file), "rb") as kept:
                if "result" in file:
                    expect("kept", name.encode() in kept.read(), False)
    repo.hygiene("untrack", "--yes", ok=True)
    expect("tracked", repo.out("ls-files"), f"{name}.txt\nkept.txt")
    done = repo.hygiene("purge", "--apply", "--into=" + os.path.join(
        place.path, "purged.git"))
    if "git-filter-repo" in done.stderr and done.returncode == 128:
        return
    expect("purged", (done.returncode, repo.out(
        "--git-dir=" + os.path.join(place.path, "purged.git"), "ls-tree",
        "-r", "--name-only", "main")), (0, "kept.txt"))


def packs_make_no_difference(place, repo, marks):
    before = {word: row["places"]
              for word, row in found(repo, "--all").items()}
    everything = repo.out("cat-file", "--batch-all-objects",
                          "--batch-check=%(objectname)")
    repo.git("pack-objects", "-q", ".git/objects/pack/pack", data=everything)
    repo.git("prune-packed", "-q")
    after = {word: row["places"]
             for word, row in found(repo, "--all", "--jobs=3").items()}
    # the pack has a copy of what the other repository lends
    lent = [word for word, row in marks.rows.items()
            if row[1] == ["alternate"]]
    for word in lent:
        before[word] = ["unreachable"]
    expect("packed", after, before)
    done = repo.hygiene("scan", "--all", "--libgit2")
    expect("libgit2 lists no packs", done.returncode, 129)


def grow_at_random(repo, rng, marks, steps):
    """Objects in every state: named by refs, logs, stashes, notes, nothing."""
    repo.commit_files({"f0": marks.at("", ())})
    for step in range(steps):
        name = f"f{rng.randrange(4)}"
        action = rng.randrange(10)
        if action < 3:
            repo.commit_files({name: marks.at("", ())})
        elif action == 3:
            repo.git("branch", f"b{step}", commit(
                repo, {name: marks.at("", ())}))
        elif action == 4:
            repo.git("reset", "-q", "--hard", "HEAD~1", ok=False)
        elif action == 5:
            repo.write(name, marks.at("", ()))
            repo.write(f"u{step}", marks.at("", ()))
            repo.git("stash", "push", "-q", "-u")
            if rng.randrange(3) == 0:
                repo.git("stash", "drop", "-q")
        elif action == 6:
            repo.git("notes", "add", "-f", "-m", marks.at("", ()))
        elif action == 7:
            blob(repo, marks.at("", ()))
            tree(repo, {name: marks.at("", ()), "g": marks.at("", ())})
        elif action == 8:
            commit(repo, {name: marks.at("", ())})
        else:
            repo.git("replace", "-f", "HEAD", commit(
                repo, {name: marks.at("", ())}, parents=("HEAD~1",)
                if repo.git("rev-parse", "-q", "--verify", "HEAD~1",
                            ok=False).returncode == 0 else ()))
        repo.git("reset", "-q", "--hard", ok=False)


def blobs_of(repo, *args):
    """Of git rev-list --objects, replacements set aside."""
    lines = repo.git("rev-list", "--objects", *args,
                     GIT_NO_REPLACE_OBJECTS="1").stdout.split("\n")
    return {line.split()[0] for line in lines if line}


def places_by_git(repo):
    """{place: ids}, each id in the first place alone that has it."""
    stashes = repo.git("log", "-g", "--format=%H", "refs/stash",
                       ok=False).stdout.split()
    lost = repo.git("fsck", "--unreachable", "--no-reflogs", "--no-progress",
                    GIT_NO_REPLACE_OBJECTS="1").stdout.split("\n")
    index = {line.split()[1]
             for line in repo.out("ls-files", "-s").split("\n") if line}
    found = {
        "index": index,
        "history": blobs_of(repo, "--exclude=refs/stash",
                            "--exclude=refs/notes/*", "--all"),
        "stash": blobs_of(repo, *stashes) if stashes else set(),
        "note": blobs_of(repo, "--glob=refs/notes/*"),
        "reflog": blobs_of(repo, "--reflog"),
        "unreachable": {line.split()[2] for line in lost if line},
    }
    left = {}
    known = set()
    for place, ids in found.items():
        left[place] = ids if place == "index" else ids - known
        if place != "index":
            known |= ids
    left["unreachable"] -= index
    return left


def random_states_are_what_git_says(place):
    for seed in range(SEEDS):
        repo = place.repo(f"random{seed}")
        rng = random.Random(seed)
        grow_at_random(repo, rng, Marks(), 25)
        if seed % 2:
            repo.git("repack", "-adkq")
        by_git = places_by_git(repo)
        _, rows = repo.report("--all", "--no-cache")
        first = {}
        for row in rows:
            if row["type"] == "finding" and "message" not in row["places"]:
                first.setdefault(row["blob"], set()).update(row["places"])
        order = [("history", {"history", "replaced"}), ("stash", {"stash"}),
                 ("note", {"note"}), ("reflog", {"reflog"}),
                 ("unreachable", {"unreachable"})]
        for oid, places in first.items():
            expect(f"{seed}: index of {oid}", "index" in places,
                   oid in by_git["index"])
            told = next((name for name, words in order if places & words),
                        None)
            wanted = next((name for name, _ in order
                           if oid in by_git[name]), None)
            expect(f"{seed}: place of {oid}", told, wanted)
        types = repo.out("cat-file", "--batch-all-objects",
                         "--batch-check=%(objecttype) %(objectname)")
        blobs = {line.split()[1] for line in types.split("\n")
                 if line.startswith("blob")}
        expect(f"{seed}: all blobs", set(first),
               blobs - without_marks(repo, blobs))


def without_marks(repo, blobs):
    """Ids of those that hold none."""
    return {oid for oid, data in repo.objects(blobs).items()
            if b"MARK-" not in data}


def what_is_planted_is_told(place):
    """Several questions of one repository, which the last one packs."""
    marks = Marks()
    repo = plant(place, marks)
    for ask in (every_place_is_found_with_its_word,
                each_place_is_asked_for_by_itself, shards_tell_the_same,
                packs_make_no_difference):
        ask(place, repo, marks)


def main():
    return run_all([
        what_is_planted_is_told,
        git_dir_is_read_file_by_file,
        git_dir_is_not_left,
        names_are_masked_everywhere,
        names_are_acted_on,
        random_states_are_what_git_says,
    ], sys.argv[1])


if __name__ == "__main__":
    sys.exit(main())
