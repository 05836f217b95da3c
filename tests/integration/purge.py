#!/usr/bin/env python3
"""Purges repositories that hold session files and a secret in every place that
git has, and holds the outcome against git's own view of the objects.

Planned: each place is named. Applied: nothing is left in the clone, and all of
the rest of the history is. Planted afterwards, one in a place: each is found,
named, and gone once the command that is printed for it has run.

usage: purge.py GIT_HYGIENE SAMPLES_FOLDER
"""

import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

RULES = """
version: 1
pack: test
rules:
  - id: test-token
    title: A token
    severity: high
    confidence: high
    why: A test.
    keywords: [TOKEN]
    pattern: 'TOKEN *= *"([^"]+)"'
    store: none
    references: ['https://example.test/']
    examples:
      match: [{content: 'TOKEN = "abc"'}]
      nomatch: [{content: 'TOKEN'}]
  - id: test-file
    title: A file of a test
    severity: low
    confidence: high
    why: A test.
    path: '**/odd/*'
    store: none
    remedy: {gitignore: '/{path}', untrack: true}
    references: ['https://example.test/']
    examples:
      match: [{path: odd/a}]
      nomatch: [{path: even/a}]
"""
SESSION = (b"\x00\x00\x00\x00\x80\x04}\x94\x8c\x07user_id\x94K\x01s.")
LONG = "correct-horse-battery"
SHORT = "dev"
LFS_ID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
POINTER = ("version https://git-lfs.github.com/spec/v1\n"
           f"oid sha256:{LFS_ID}\nsize 12345\n")
CLEAN, FOUND, INCOMPLETE, FATAL, USAGE = 0, 1, 3, 128, 129
SKIPPED = 77


def stored(label):
    """A path as a session store makes it."""
    return "flask_session/" + hashlib.md5(label.encode()).hexdigest()


def fail(message):
    sys.exit(f"purge.py: {message}")


class Repo:
    """A repository, and the few things that are done to one."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def git(self, *args, data=None, **options):
        run = subprocess.run(["git", *args], cwd=self.path, input=data,
                             stdout=subprocess.PIPE, check=True, **options)
        return run.stdout.decode().strip()

    def write(self, path, content):
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes)
                         else content.encode())

    def commit(self, message, **files):
        for path, content in files.items():
            self.write(path, content)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def blob(self, content):
        return self.git("hash-object", "-w", "--stdin", data=content)

    def commit_of(self, path, content, message="planted"):
        """A commit that no ref names, with one file."""
        blob = self.blob(content)
        folder, name = path.rsplit("/", 1)
        tree = self.git("mktree",
                        data=f"100644 blob {blob}\t{name}\n".encode())
        for part in reversed(folder.split("/")):
            tree = self.git("mktree",
                            data=f"040000 tree {tree}\t{part}\n".encode())
        return self.git("commit-tree", tree, "-m", message)

    def objects(self):
        return set(self.git("cat-file", "--batch-all-objects",
                            "--batch-check=%(objectname)").split())

    def contents(self):
        """All bytes of all objects, as git prints them."""
        run = subprocess.run(["git", "cat-file", "--batch-all-objects",
                              "--batch", "--unordered"], cwd=self.path,
                             stdout=subprocess.PIPE, check=True)
        return run.stdout


class Purge:
    """The program under test."""

    def __init__(self, program, folder):
        self.program = os.path.abspath(program)
        self.folder = folder
        self.rules = folder / "rules.yml"
        self.rules.write_text(RULES, encoding="utf-8")

    def run(self, repo, *args, expect, env=None):
        run = subprocess.run(
            [self.program, "purge", "--rules", self.rules, "--jobs=2", *args,
             str(repo.path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=self.folder, env=env, check=False)
        if run.returncode != expect:
            sys.stderr.write(run.stdout.decode() + run.stderr.decode())
            fail(f"{args} ends with {run.returncode}, not {expect}")
        return run.stdout.decode(), run.stderr.decode()

    def json(self, repo, *args, expect):
        out, _ = self.run(repo, *args, "--format=json", expect=expect)
        return json.loads(out)


def places(report):
    return {(place["kind"], place["name"]) for place in report["places"]}


def add_signed(repo):
    """A signed commit beside what is purged, and a signed tag on it; git does
    not look whether the signatures are any good."""
    root = repo.git("rev-list", "--max-parents=0", "main")
    who = "Ann <ann@example.com> 1700000000 +0000"
    commit = (f"tree {repo.git('rev-parse', root + '^{tree}')}\n"
              f"parent {root}\nauthor {who}\ncommitter {who}\n"
              "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n"
              " -----END PGP SIGNATURE-----\n\nsigned\n")
    oid = repo.git("hash-object", "-w", "-t", "commit", "--stdin",
                   data=commit.encode())
    repo.git("update-ref", "refs/heads/signed", oid)
    tag = (f"object {oid}\ntype commit\ntag s1\ntagger {who}\n\ns\n"
           "-----BEGIN PGP SIGNATURE-----\n\nx\n"
           "-----END PGP SIGNATURE-----\n")
    oid = repo.git("hash-object", "-w", "-t", "tag", "--stdin",
                   data=tag.encode())
    repo.git("update-ref", "refs/tags/s1", oid)


def build(folder, session):
    """A repository with a session file in each kind of place."""
    folder.mkdir()
    repo = Repo(folder)
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("first", **{"keep.txt": "kept\n", "developer.py": "x = 1\n"})
    repo.commit("sessions", **{
        stored(name): content for name, content in session.items()})
    shutil.rmtree(folder / "flask_session")
    repo.commit("removed", **{"keep.txt": "kept too\n"})
    repo.commit("settings", **{
        "cfg.py": f'TOKEN = "{LONG}"\nkeep = 1\n',
        "short.py": f'TOKEN = "{SHORT}"\n# for the developer\n',
        "data.bin": f'\0\0TOKEN = "{LONG}"\n'})
    repo.commit(f"use {LONG}")
    one = next(iter(session.values()))

    repo.git("checkout", "-q", "-b", "topic")
    repo.commit("on a branch", **{"backend/" + stored("a"): one})
    repo.git("checkout", "-q", "main")
    repo.git("tag", "-a", "-m", "a tag", "v1",
             repo.commit_of(stored("b"), one, "for a tag"))
    repo.git("update-ref", "refs/pull/7/head",
             repo.commit_of(stored("c"), one, "for a pull request"))
    repo.git("notes", "add", "-C", repo.blob(one), "HEAD")
    for name in ("x", "y"):
        repo.write(stored(name), one)
        repo.git("add", "-f", "flask_session")
        repo.git("stash", "push", "-q")
    repo.commit("only in a reflog", **{stored("z"): one})
    repo.git("reset", "-q", "--hard", "HEAD~1")
    worktree = folder.parent / (folder.name + "-linked")
    repo.git("worktree", "add", "-q", "--detach", str(worktree))
    Repo(worktree).commit("in a worktree", **{stored("w"): one})
    add_signed(repo)
    return repo


def check_plan(purge, repo):
    files = purge.folder / "files"
    plan = purge.folder / "plan.json"
    out, err = purge.run(repo, "--plan", "--files", files, "-o", plan,
                         expect=CLEAN)
    report = json.loads(plan.read_text(encoding="utf-8"))
    expected = {
        ("branch", "refs/heads/main"), ("branch", "refs/heads/topic"),
        ("tag", "refs/tags/v1"), ("note", "refs/notes/commits"),
        ("pull-request", "refs/pull/7/head"),
        ("stash", "stash@{0}"), ("stash", "stash@{1}"),
        ("reflog", "HEAD"), ("reflog", "refs/heads/main"),
        ("reflog", "refs/heads/topic"),
        ("worktree", f"worktrees/{repo.path.name}-linked/HEAD"),
    }
    if report["lfs"] != [LFS_ID]:
        fail(f"the plan names the LFS objects {report['lfs']}")
    missing = expected - places(report)
    if missing:
        fail(f"the plan does not name {missing}")
    for _, name in expected:
        if name not in out:
            fail(f"the printed plan does not name {name}")
    secrets = (files / "replacements.txt").read_text(encoding="utf-8")
    if LONG not in secrets or f'literal:TOKEN = "{SHORT}"==>' not in secrets:
        fail(f"replacements.txt is {secrets!r}")
    for text in (out, err, plan.read_text(encoding="utf-8")):
        if LONG in text:
            fail("a secret stands in what the plan prints")
    for name in ("paths.txt", "blobs.txt", "replacements.txt"):
        if (files / name).stat().st_mode & 0o077:
            fail(f"{name} can be read by others")
    if "replacements.txt" not in err:
        fail("nobody is told to delete replacements.txt")
    binary = repo.git("rev-parse", "main:data.bin")
    if binary not in (files / "blobs.txt").read_text(encoding="utf-8"):
        fail("a blob with a NUL is left to --replace-text")
    check_effects(repo, report)
    return plan


def check_effects(repo, report):
    """Which commits change, by git: those that have a flagged path or a secret
    in their history."""
    touches = report["touches"]
    first = repo.git("rev-list", "--max-count=1", "--skip=3", "main")
    by_name = {ref["name"]: ref for ref in touches["refs"]}
    if by_name["refs/heads/main"]["first_changed"] != first:
        fail(f"first changed commit {by_name['refs/heads/main']}, not {first}")
    if not by_name["refs/tags/v1"]["annotated"]:
        fail("an annotated tag is not told to be one")
    if by_name["refs/pull/7/head"]["pushable"]:
        fail("refs/pull is told to be pushable")
    everything = set(repo.git("rev-list", "--glob=*").split())
    if touches["commits"] != len(everything):
        fail(f"{touches['commits']} commits, git counts {len(everything)}")
    untouched = {repo.git("rev-list", "--max-parents=0", "main")}
    untouched |= set(repo.git("rev-list", "--glob=*", "--not", "main", "topic",
                              "v1", "refs/pull/7/head", "stash",
                              "refs/notes/commits").split())
    changed = len(everything) - len(untouched)
    lost = [touches[key] for key in
            ("signed_commits", "commits_unsigned", "signed_tags")]
    if lost != [1, 1, 1]:
        fail(f"the signatures that are lost: {lost}")
    if touches["commits_changed"] != changed:
        fail(f"{touches['commits_changed']} commits change, not {changed}")


def check_apply(purge, repo, plan, session):
    before = repo.objects()
    mirror = Repo(purge.folder / "mirror.git")
    refs = repo.git("for-each-ref")
    temporary = purge.folder / "tmp"
    temporary.mkdir()
    env = dict(os.environ, TMPDIR=str(temporary))
    purge.run(repo, "--apply", "--into", mirror.path, expect=CLEAN, env=env)
    if list(temporary.iterdir()):
        fail("--apply leaves its temporary files")
    if repo.objects() != before or repo.git("for-each-ref") != refs:
        fail("--apply touches the original")
    if "remote" in mirror.git("config", "--list", "--local"):
        fail("the clone still knows where it came from")
    blobs = {repo.git("hash-object", "--stdin", data=content)
             for content in session.values()}
    if blobs & mirror.objects():
        fail("git still finds a session file in the clone")
    if LONG.encode() in mirror.contents():
        fail("git still finds a secret in the clone")
    kept = mirror.git("show", "main:short.py", "main:keep.txt", "main:cfg.py")
    if kept.splitlines() != ['TOKEN = "***REMOVED***"', "# for the developer",
                             "kept too", 'TOKEN = "***REMOVED***"',
                             "keep = 1"]:
        fail(f"the rest of the history was changed: {kept}")
    mirror.git("fsck", "--strict", "--no-dangling")
    report = purge.json(mirror, "--verify", "--against", plan, expect=CLEAN)
    if not report["clean"] or report["places"] or report["left"]:
        fail(f"a clean certificate says {report}")
    if report["target_digest"] != json.loads(
            plan.read_text(encoding="utf-8"))["target_digest"]:
        fail("the certificate is of another search than the plan")
    purge.json(mirror, "--verify", "--against", str(repo.path), expect=CLEAN)
    left = purge.json(repo, "--verify", "--against", plan, expect=FOUND)
    planned = json.loads(plan.read_text(encoding="utf-8"))
    if places(left) != places(planned):
        fail("the original is told to be left in other places: "
             f"{places(left) ^ places(planned)}")
    own = purge.json(repo, "--verify", expect=FOUND)
    if places(own) != places(planned):
        fail("without a plan other places are named")
    return mirror


# Leftovers: each plants one and says where it has to be found.

def plant_branch(repo, session, _):
    repo.git("branch", "evil", repo.commit_of(stored("p"), session))
    return "branch", "refs/heads/evil"


def plant_remote_branch(repo, session, _):
    repo.git("update-ref", "refs/remotes/origin/evil",
             repo.commit_of(stored("p"), session))
    return "remote-branch", "refs/remotes/origin/evil"


def plant_tag(repo, session, _):
    repo.git("tag", "-a", "-m", "t", "evil",
             repo.commit_of(stored("p"), session))
    return "tag", "refs/tags/evil"


def plant_tag_on_blob(repo, session, _):
    repo.git("tag", "bare", repo.blob(session))
    return "tag", "refs/tags/bare"


def plant_tag_message(repo, _session, _):
    repo.git("tag", "-a", "-m", f'TOKEN = "{LONG}"', "said", "HEAD")
    return "tag", "refs/tags/said"


def plant_commit_message(repo, _session, _):
    tree = repo.git("rev-parse", "HEAD^{tree}")
    repo.git("update-ref", "refs/custom/said",
             repo.git("commit-tree", tree, "-m", f'TOKEN = "{LONG}"'))
    return "ref", "refs/custom/said"


def plant_secret(repo, _session, _):
    repo.git("update-ref", "refs/custom/elsewhere", repo.commit_of(
        "a/b", f'first = 1\nTOKEN = "{LONG}"\n'.encode()))
    return "ref", "refs/custom/elsewhere"


def plant_path_with_other_content(repo, _session, plan):
    paths = json.loads(plan.read_text(encoding="utf-8"))["paths"]
    path = next(p["path"] for p in paths if "/" in p["path"])
    repo.git("update-ref", "refs/custom/path",
             repo.commit_of(path, b"never seen before\n"))
    return "ref", "refs/custom/path"


def plant_note(repo, session, _):
    repo.git("notes", "--ref=evil", "add", "-C", repo.blob(session), "HEAD")
    return "note", "refs/notes/evil"


def plant_stash(repo, session, _):
    for name in ("p", "q"):
        repo.write(stored(name), session if name == "p" else b"x")
        repo.git("add", "-f", "flask_session")
        repo.git("stash", "push", "-q")
    repo.git("stash", "drop", "-q")
    return "stash", "stash@{0}"


def plant_older_stash(repo, session, _):
    for content in (session, b"harmless"):
        repo.write("some.dat", content)
        repo.git("add", "-f", "some.dat")
        repo.git("stash", "push", "-q")
    return "stash", "stash@{1}"


def plant_pull(repo, session, _):
    repo.git("update-ref", "refs/pull/8/head",
             repo.commit_of(stored("p"), session))
    return "pull-request", "refs/pull/8/head"


def plant_replace(repo, session, _):
    old = repo.git("rev-parse", "HEAD")
    repo.git("update-ref", f"refs/replace/{old}",
             repo.commit_of(stored("p"), session))
    return "replace", f"refs/replace/{old}"


def plant_original(repo, session, _):
    repo.git("update-ref", "refs/original/refs/heads/main",
             repo.commit_of(stored("p"), session))
    return "original", "refs/original/refs/heads/main"


def plant_reflog(repo, session, _):
    repo.git("update-ref", "--create-reflog", "refs/heads/logged",
             repo.commit_of(stored("p"), session))
    repo.git("update-ref", "refs/heads/logged", "HEAD")
    return "reflog", "refs/heads/logged"


def plant_index(repo, session, _):
    repo.write("some.dat", session)
    repo.git("add", "-f", "some.dat")
    return "index", ""


def plant_head(repo, session, _):
    repo.git("update-ref", "--no-deref", "HEAD",
             repo.commit_of(stored("p"), session))
    return "head", "HEAD"


def linked(repo):
    folder = repo.path.parent / (repo.path.name + "-linked")
    repo.git("worktree", "add", "-q", "--detach", str(folder))
    return Repo(folder)


def plant_worktree_head(repo, session, _):
    worktree = linked(repo)
    worktree.git("checkout", "-q", "--detach",
                 repo.commit_of(stored("p"), session))
    return "worktree", f"worktrees/{worktree.path.name}/HEAD"


def plant_worktree_index(repo, session, _):
    worktree = linked(repo)
    worktree.write("some.dat", session)
    worktree.git("add", "-f", "some.dat")
    return "index", ""


def plant_worktree_reflog(repo, session, _):
    worktree = linked(repo)
    commit = repo.commit_of(stored("p"), session)
    head = worktree.git("rev-parse", "HEAD")
    worktree.git("update-ref", "--no-deref", "HEAD", commit)
    worktree.git("update-ref", "--no-deref", "HEAD", head)
    return "reflog", "HEAD"


def plant_loose(repo, session, _):
    repo.blob(session)
    return "loose", str(repo.path.resolve() / ".git/objects")


def plant_unreachable_commit(repo, session, _):
    repo.commit_of(stored("p"), session)
    return "loose", str(repo.path.resolve() / ".git/objects")


def pack_of(repo, content):
    blob = repo.blob(content)
    base = repo.path.resolve() / ".git/objects/pack/pack"
    name = repo.git("pack-objects", "-q", str(base), data=blob.encode())
    repo.git("prune-packed")
    return f"{base}-{name}.pack"


def plant_pack(repo, session, _):
    return "pack", pack_of(repo, session)


def plant_kept_pack(repo, session, _):
    pack = pack_of(repo, session)
    pathlib.Path(pack[:-len("pack")] + "keep").touch()
    return "kept-pack", pack


def plant_alternate(repo, session, _):
    other = Repo(repo.path.parent / (repo.path.name + "-other"))
    other.path.mkdir()
    other.git("init", "-q", ".")
    other.blob(session)
    objects = other.path.resolve() / ".git/objects"
    repo.write(".git/objects/info/alternates", f"{objects}\n")
    return "alternate", str(objects)


def plant_lfs(repo, _session, _):
    path = f".git/lfs/objects/{LFS_ID[:2]}/{LFS_ID[2:4]}/{LFS_ID}"
    repo.write(path, b"large")
    return "lfs", str(repo.path.resolve() / path)


PLANTS = [function for name, function in sorted(globals().items())
          if name.startswith("plant_")]


def run_remover(repo, command):
    """Runs what was printed, as a user would, then lets git clean up: a ref or
    log that lets go of an object does not delete it."""
    subprocess.run(["sh", "-c", command], cwd=repo.path, check=True,
                   stdout=subprocess.DEVNULL)
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")


def check_plants(purge, mirror, plan, session):
    one = next(iter(session.values()))
    clone = Repo(purge.folder / "not-planted")
    subprocess.run(["git", "clone", "-q", "--no-local", str(mirror.path),
                    str(clone.path)], check=True)
    purge.json(clone, "--verify", "--against", plan, expect=CLEAN)
    for plant in PLANTS:
        repo = Repo(purge.folder / plant.__name__)
        shutil.copytree(clone.path, repo.path)
        kind, name = plant(repo, one, plan)
        report = purge.json(repo, "--verify", "--against", plan, expect=FOUND)
        found = [place for place in report["places"]
                 if (place["kind"], place["name"]) == (kind, name)]
        if len(found) != 1:
            fail(f"{plant.__name__}: {kind} {name} is not among "
                 f"{places(report)}")
        command = found[0]["command"]
        if "hygiene" in command:
            continue
        run_remover(repo, command)
        purge.json(repo, "--verify", "--against", plan, expect=CLEAN)


def check_in_place(purge, mirror, session):
    """Refused while something would be lost; then done, after a backup from
    which all comes back."""
    repo = Repo(purge.folder / "in-place")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("first", **{"keep.txt": "kept\n"})
    repo.commit("sessions", **{
        stored(name): content for name, content in session.items()})
    tip = repo.git("rev-parse", "HEAD")
    shutil.rmtree(repo.path / "flask_session")
    repo.commit("removed")
    backup = purge.folder / "backup.bundle"
    args = ["--apply", "--in-place", "--backup", backup.name]

    repo.write("keep.txt", "changed\n")
    purge.run(repo, *args, expect=FATAL)
    repo.git("checkout", "-q", "keep.txt")
    repo.git("worktree", "add", "-q", str(purge.folder / "in-place-linked"))
    purge.run(repo, *args, expect=FATAL)
    repo.git("worktree", "remove", str(purge.folder / "in-place-linked"))
    if backup.exists() or repo.git("cat-file", "-t", tip) != "commit":
        fail("a refused rewrite changed something")

    marker = purge.folder / "hook-ran"
    repo.write(".git/hooks/reference-transaction",
               f"#!/bin/sh\n: >{marker}\n")
    (repo.path / ".git/hooks/reference-transaction").chmod(0o755)
    purge.run(repo, *args, expect=CLEAN)
    if marker.exists():
        fail("a hook of the repository was run")
    os.unlink(repo.path / ".git/hooks/reference-transaction")
    if backup.stat().st_mode & 0o077:
        fail("others can read the backup")
    if tip in repo.objects():
        fail("the old commit is still there")
    restored = Repo(purge.folder / "restored")
    subprocess.run(["git", "clone", "-q", str(backup), str(restored.path)],
                   check=True)
    if restored.git("cat-file", "-t", tip) != "commit":
        fail("the backup does not have the old commit")
    out, _ = purge.run(repo, "--apply", "--into", mirror.path, expect=CLEAN)
    if mirror.path.exists() or "Nothing to search for" not in out:
        fail("there was nothing to purge, and yet something was done")


def with_program(folder, script):
    """A repository with a session file, where git runs a script, in each way
    that its own configuration knows; undone by the returned calls of git."""
    repo = Repo(folder)
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("first", **{"keep.txt": "kept\n", ".gitattributes":
                            "*.txt filter=evil diff=evil merge=evil\n"})
    repo.commit("sessions", **{stored("a"): SESSION})
    shutil.rmtree(repo.path / "flask_session")
    repo.commit("removed")
    return [(repo, *words) for words in (
        ("config", "filter.evil.clean", script),
        ("config", "filter.evil.smudge", script),
        ("config", "filter.Evil.x.process", script),
        ("config", "Diff.evil.textConv", script),
        ("config", "gc.recentObjectsHook", script),
        ("config", "remote.other.uploadpack", script),
        ("config", "hook.x.event", "reference-transaction"),
        ("config", "include.path", "evil.config"),
        ("config", "includeIf.hasconfig:remote.*.url:**.path", "evil.config"),
    )]


def check_own_programs(purge):
    """Nothing that a repository's own configuration names is run: a rewrite in
    place is refused, one of a clone never gets to see it."""
    marker = purge.folder / "own-ran"
    script = purge.folder / "own-program"
    script.write_text(f"#!/bin/sh\n: >{marker}\ncat\n", encoding="utf-8")
    script.chmod(0o755)
    settings = with_program(purge.folder / "own", script)
    repo = settings[0][0]
    before = repo.path.joinpath(".git/config").read_text(encoding="utf-8")
    (repo.path / ".git/evil.config").write_text(
        f"[filter \"evil\"]\n\tclean = {script}\n\tsmudge = {script}\n",
        encoding="utf-8")
    args = ["--apply", "--in-place", "--backup", "own.bundle"]

    def was_run(what):
        if marker.exists():
            fail(f"{what}: a program of the repository was run")

    def refused(what):
        (repo.path / "keep.txt").touch()  # git looks at it again
        _, err = purge.run(repo, *args, expect=FATAL)
        if "without --in-place" not in err:
            fail(f"{what}: no way out is named: {err}")
        was_run(what)

    for _, *words in settings:
        repo.git(*words)
        refused(words[1])
        repo.path.joinpath(".git/config").write_text(before, encoding="utf-8")
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.git("config", "--worktree", "filter.evil.smudge", str(script))
    refused("config.worktree")
    for _, *words in settings:
        repo.git(*words)
    (repo.path / "keep.txt").touch()
    purge.run(repo, "--apply", "--into", purge.folder / "own.git",
              expect=CLEAN)
    was_run("all of them")
    repo.path.joinpath(".git/config").write_text(before, encoding="utf-8")
    repo.git("config", "extensions.worktreeConfig", "true")
    (repo.path / ".git/config.worktree").unlink()
    for key in ("core.pager", "pager.bundle", "core.editor", "core.fsmonitor",
                "core.sshCommand", "credential.helper"):
        repo.git("config", key, str(script))
    repo.git("config", "hook.hygiene-pre-commit.event", "pre-commit")
    (repo.path / "keep.txt").touch()
    purge.run(repo, *args, expect=CLEAN)
    was_run("in place")


def check_partial_clone(purge):
    """git would fetch what a partial clone has not, with its own programs."""
    full = with_program(purge.folder / "whole", "false")[0][0]
    full.git("config", "uploadpack.allowFilter", "true")
    partial = Repo(purge.folder / "partial.git")
    subprocess.run(["git", "clone", "-q", "--mirror", "--filter=blob:none",
                    f"file://{full.path}", str(partial.path)], check=True)
    marker = purge.folder / "fetched"
    partial.git("config", "remote.origin.uploadpack", f": >{marker};")
    for where in (["--in-place"], ["--into", "partial-purged.git"]):
        # libgit2 1.5 leaks where it reads extensions
        _, err = purge.run(partial, "--apply", *where, expect=FATAL,
                           env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))
        if "partial clone" not in err or marker.exists():
            fail(f"a partial clone was taken: {err}")


SLOW_REWRITE = """#!/bin/sh
case $1 in
--help) exec {real} --help ;;
--version) exec {real} --version ;;
esac
: >{started}
exec sleep 100
"""


def check_interrupted(purge, repo):
    """No secret is left behind by a signal, to the program alone or to all of
    its group, and a clone that is left is told."""
    started = purge.folder / "rewrite-started"
    tools = purge.folder / "slow"
    tools.mkdir()
    (tools / "git-filter-repo").write_text(SLOW_REWRITE.format(
        real=shutil.which("git-filter-repo"), started=started),
        encoding="utf-8")
    (tools / "git-filter-repo").chmod(0o755)
    temporary = purge.folder / "tmp-interrupted"
    temporary.mkdir()
    clone = purge.folder / "interrupted.git"
    env = dict(os.environ, TMPDIR=str(temporary),
               PATH=f"{tools}:{os.environ['PATH']}")
    words = [purge.program, "purge", "--rules", purge.rules, "--apply",
             "--into", str(clone), str(repo.path)]
    for number, kill in ((signal.SIGTERM, os.kill), (signal.SIGHUP, os.kill),
                         (signal.SIGINT, os.killpg)):
        run = subprocess.Popen(words, env=env, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, start_new_session=True)
        while not started.exists() and run.poll() is None:
            time.sleep(0.01)
        if not list(temporary.glob("*/replacements.txt")):
            fail("there is nothing that an interruption could leave")
        kill(run.pid, number)
        _, err = run.communicate(timeout=60)
        if run.returncode != -number:
            fail(f"{number}: ends with {run.returncode}: {err}")
        if list(temporary.iterdir()):
            fail(f"{number}: the secrets are left in TMPDIR")
        if f"'{clone}' still holds" not in err.decode():
            fail(f"{number}: nobody is told of the clone: {err}")
        _, err = purge.run(repo, "--apply", "--into", clone, expect=FATAL)
        if "or delete it" not in err:
            fail(f"{number}: the next run does not say what to do: {err}")
        shutil.rmtree(clone)
        started.unlink()


def check_no_filter_repo(purge, repo):
    """Without git-filter-repo: a clear word, and nothing done."""
    tools = purge.folder / "bin"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git"))
    _, err = purge.run(repo, "--apply", "--into", "nowhere.git", expect=FATAL,
                       env=dict(os.environ, PATH=str(tools)))
    if "apt install git-filter-repo" not in err:
        fail(f"no word on how to get git-filter-repo: {err}")
    if (purge.folder / "nowhere.git").exists():
        fail("a clone was made for nothing")


def check_odd_paths(purge):
    """Paths that a line of --paths-from-file cannot hold as they are, and one
    that was a file and a folder in turn."""
    repo = Repo(purge.folder / "odd")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    names = ["a==>b", "#c", "regex:d", "glob:*", "literal:e", "f\ng", "h\r",
             " i ", "\u00e9", "j\\k", "l(m", "\x01", "*", "[a-z]", "turn"]
    for number, name in enumerate(names):
        # a neighbour that stays, so that folders are not taken whole
        repo.write(f"{number}/odd/{name}", f"odd {number}")
        repo.write(f"{number}/odd/sub/keep", f"{number}")
    repo.write(b"raw/odd/\xff".decode(errors="surrogateescape"), "odd raw")
    repo.commit("odd")
    turn = len(names) - 1
    os.unlink(repo.path / f"{turn}/odd/turn")
    repo.commit("turned", **{f"{turn}/odd/turn/keep": "kept\n"})
    plan = purge.folder / "odd.json"
    purge.run(repo, "--plan", "-o", plan, "--files", purge.folder / "odd-files",
              expect=CLEAN)
    listed = len(json.loads(plan.read_text(encoding="utf-8"))["paths"])
    if listed != len(names) + 1:
        fail(f"{listed} odd paths are planned, not {len(names) + 1}")
    clone = Repo(purge.folder / "odd.git")
    purge.run(repo, "--apply", "--into", clone.path, expect=CLEAN)
    purge.json(clone, "--verify", "--against", plan, expect=CLEAN)
    kept = clone.git("ls-tree", "-r", "--name-only", "main").splitlines()
    if kept != sorted([f"{n}/odd/sub/keep" for n in range(len(names))] +
                      [f"{turn}/odd/turn/keep"]):
        fail(f"what stays is {kept}")


def check_names(purge):
    """A rewrite takes a file with a secret in its name, and keeps the names of
    refs: those are told until somebody renames them."""
    secret = "spelled-out-in-names"
    name = f'TOKEN="{secret}"'
    repo = Repo(purge.folder / "names")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("first", **{"keep.txt": "kept\n", f"d/{name}.txt": "x\n"})
    repo.git("branch", name)
    plan = purge.folder / "names.json"
    out, _ = purge.run(repo, "--plan", "-o", plan, "--files",
                       purge.folder / "names-files", expect=CLEAN)
    told = json.loads(plan.read_text(encoding="utf-8"))
    hidden = [row for row in told["paths"] if "path_id" in row]
    if len(hidden) != 1 or secret in json.dumps(told["paths"]) or (
            len(hidden[0]["path_id"]) != 32):
        fail(f"paths of a plan: {told['paths']}")
    report = purge.json(repo, "--verify", "--against", plan, expect=FOUND)
    if not any(row["what"] == "path" for row in report["left"]) or (
            report["target_digest"] != told["target_digest"]):
        fail(f"a path is not known by its hash: {report['left']}")
    if "Refs with a secret in their name" not in out or (
            "Rename or delete the refs" not in out):
        fail("a plan does not tell of a ref with a secret in its name")
    report = purge.json(repo, "--verify", "--against", plan, expect=FOUND)
    if sorted(left["what"] for left in report["left"]) != ["path", "ref"]:
        fail(f"of names is left: {report['left']}")
    if secret in json.dumps(report["left"]):
        fail(f"what is left shows a secret in a name: {report['left']}")
    clone = Repo(purge.folder / "names.git")
    out, _ = purge.run(repo, "--apply", "--into", clone.path, expect=FOUND)
    if "1 name of a ref" not in out:
        fail(f"a ref that is left is not told: {out}")
    left = purge.json(clone, "--verify", "--against", plan,
                      expect=FOUND)["left"]
    if [row["what"] for row in left] != ["ref"] or not left[0]["named"]:
        fail(f"behind a rewrite is left: {left}")
    clone.git("branch", "-m", name, "renamed")
    purge.json(clone, "--verify", "--against", plan, expect=CLEAN)
    blob = clone.blob(b"nothing in it\n")
    for mode, kind, oid in (("100644", "blob", blob),
                            ("040000", "tree", clone.git("mktree", data=b""))):
        tree = clone.git("mktree",
                         data=f"{mode} {kind} {oid}\t{name}\n".encode())
        report = purge.json(clone, "--verify", "--against", plan,
                            expect=FOUND)
        left = report["left"]
        if [(row["what"], row["object"], row["named"]) for row in left] != [
                ("path", tree, False)] or secret in json.dumps(report):
            fail(f"of a tree that no commit has is left: {left}")
        clone.git("gc", "-q", "--prune=now")
        purge.json(clone, "--verify", "--against", plan, expect=CLEAN)
    # bytes that are no entry may be what is left of one
    odd = clone.git("hash-object", "-w", "-t", "tree", "--literally",
                    "--stdin", data=b"100644 unheard-of\0" + b"x" * 20 + b"y")
    report = purge.json(clone, "--verify", "--against", plan,
                        expect=INCOMPLETE)
    if [(row["reason"], row["object"]) for row in report["skipped"]] != [
            ("corrupt", odd)]:
        fail(f"a damaged tree that no commit has is not told: {report}")
    clone.git("gc", "-q", "--prune=now")
    clone.git("tag", "v-" + name, "main")
    purge.json(clone, "--verify", "--against", plan, expect=FOUND)


def check_two_paths(purge):
    """An object is counted once, whatever its paths are."""
    repo = Repo(purge.folder / "two-paths")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    content = f'TOKEN = "{LONG}"\n'
    repo.commit("first", **{"a.txt": content, "b.txt": content})
    repo.git("mv", "a.txt", "c.txt")
    repo.commit("second", **{"other.txt": f'TOKEN = "{LONG}" # other\n'})
    out, _ = purge.run(repo, "--verify", expect=FOUND)
    if "Left: 2 objects of 1 secret" not in out:
        fail(f"objects with several paths are not counted once: {out}")
    report = purge.json(repo, "--verify", expect=FOUND)
    counts = {place["kind"]: place["count"] for place in report["places"]}
    wanted = {"branch": 2, "reflog": 2, "index": 2}
    if counts != wanted:
        fail(f"places keep {counts} objects, not {wanted}")
    if len(report["left"]) != 4 or any(
            len(place["examples"]) < 3 for place in report["places"]):
        fail(f"each path of what is left is told: {report}")


def check_missing(purge):
    """A blob that is not here may hold anything."""
    repo = Repo(purge.folder / "missing")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("first", **{"a.txt": f'TOKEN = "{LONG}"\n'})
    blob = repo.git("rev-parse", "HEAD:a.txt")
    repo.git("rm", "-q", "a.txt")
    repo.commit("second", **{"b.txt": "kept\n"})
    plan = purge.folder / "missing.json"
    purge.run(repo, "--plan", "-o", plan, "--files",
              purge.folder / "missing-files", expect=CLEAN)
    os.unlink(repo.path / f".git/objects/{blob[:2]}/{blob[2:]}")
    for args in (["--plan"], ["--verify"], ["--verify", "--against", plan]):
        out, _ = purge.run(repo, *args, expect=INCOMPLETE)
        if f"missing {blob} blob" not in out:
            fail(f"{args} does not tell of a blob that is missing: {out}")
    report = purge.json(repo, "--verify", "--against", plan,
                        expect=INCOMPLETE)
    if report["clean"] or report["complete"] or (
            [row["object"] for row in report["skipped"]] != [blob]):
        fail(f"a blob that is missing leaves a certificate clean: {report}")


def check_unread_target(purge):
    """What could not be looked at where the target comes from may be what is
    still here."""
    repo = Repo(purge.folder / "unread")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("first", **{"a.txt": f'TOKEN = "{LONG}"\n'})
    blob = repo.git("rev-parse", "HEAD:a.txt")
    whole = Repo(purge.folder / "unread-whole")
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(repo.path),
                    str(whole.path)], check=True)
    file = repo.path / f".git/objects/{blob[:2]}/{blob[2:]}"
    file.chmod(0o600)
    file.write_bytes(b"garbage")
    plan = purge.folder / "unread.json"
    purge.run(repo, "--plan", "-o", plan, expect=INCOMPLETE)
    for against in (plan, repo.path):
        out, _ = purge.run(whole, "--verify", "--against", against,
                           expect=INCOMPLETE)
        if "There may be more to search for" not in out or blob not in out:
            fail(f"--against={against} does not tell what it missed: {out}")
        report = purge.json(whole, "--verify", "--against", against,
                            expect=INCOMPLETE)
        if report["clean"] or report["complete"] or (
                [row["object"] for row in report["skipped"]] != [blob]):
            fail(f"a target that may lack something is clean: {report}")
    large = Repo(purge.folder / "large")
    large.path.mkdir()
    large.git("init", "-q", "-b", "main", ".")
    large.commit("first", **{"a.txt": f'TOKEN = "{LONG}"\n' + "x" * 200000})
    report = purge.json(large, "--verify", "--max-blob-size=100k",
                        expect=INCOMPLETE)
    if report["clean"] or [row["reason"] for row in report["skipped"]] != [
            "too-large"]:
        fail(f"a scan that left something out is clean: {report}")


def check_clone(purge):
    """A clone has a remote and its branches: nothing is said of errors."""
    origin = Repo(purge.folder / "origin")
    origin.path.mkdir()
    origin.git("init", "-q", "-b", "main", ".")
    origin.commit("first", **{"a.txt": f'TOKEN = "{LONG}"\n'})
    clone = Repo(purge.folder / "clone")
    subprocess.run(["git", "clone", "-q", str(origin.path), str(clone.path)],
                   check=True)
    _, said = purge.run(clone, "--apply", expect=CLEAN)
    if "error" in said.lower() or "fatal" in said.lower():
        fail(f"a purge that works tells of errors: {said}")
    purged = Repo(purge.folder / "clone-purged.git")
    for repo, branches in ((purged, ["main"]), (clone, ["main"])):
        if repo.git("for-each-ref", "--format=%(refname:short)",
                    "refs/heads").split() != branches:
            fail(f"a purge changes which branches are in {repo.path}")
    if purged.git("remote"):
        fail("a rewritten clone has a remote, which one may push to")


def check_values(purge):
    """A value that no rule takes for a secret, where git-filter-repo replaces
    none: it is left, and a purge says what would change an author's name."""
    repo = Repo(purge.folder / "values")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("first", **{"a.txt": f'TOKEN = "{LONG}"\n',
                            "b.txt": f"is {LONG}\n", "c.bin": f"\0{LONG}"})
    repo.git("commit", "-q", "--amend", "--no-edit",
             f"--author=Ann {LONG} <ann@example.com>")
    out, _ = purge.run(repo, "--apply", expect=FOUND)
    if not out.startswith("Left: 2 objects") or "c.bin" not in out or \
            "b.txt" in out or "--mailmap" not in out or \
            "--strip-blobs-with-ids" not in out:
        fail(f"a value that is left is told as gone: {out}")


# Each has a key that signs sessions, in the form of another framework.
KEY = "kx92jd0qpw8sma7zn3bv6tyu1"
SIGNED = {
    "app.py": f"app.config['SECRET_KEY'] = '{KEY}'\n",
    "web/config.py": f'SECRET_KEY = os.environ.get("SECRET_KEY") or "a{KEY}"\n',
    "settings.py": f"SECRET_KEY = 'django-insecure-b{KEY}'\n"
                   f'SECRET_KEY_FALLBACKS = ["c{KEY}", "d{KEY}"]\n',
    "server.js": f"app.use(session({{ secret: 'e{KEY}', resave: false }}))\n"
                 f"app.use(cookieParser('f{KEY}'))\n",
    "config/secrets.yml": f"production:\n  secret_key_base: g{KEY}\n",
    ".env": f"FLASK_SECRET_KEY=h{KEY}\nAPP_KEY=base64:"
            "7b+IRl8Dre0pqxTCVufYUFZ5GjhDIMQ0lWhy1yyIa8s=\n",
    "Dockerfile": f"FROM scratch\nENV JWT_SECRET=i{KEY}\n",
    "production.ini": f"[app:main]\nsession.secret = l{KEY}\n",
    "compose.yml": "services:\n  web:\n    environment:\n"
                   f"      - SESSION_SECRET=j{KEY}\n"
                   f"      - COOKIE_SECRET=${{COOKIE_SECRET:-k{KEY}}}\n",
}


def check_signing_keys(purge):
    """What a purge writes in place of a key is no key: a second one finds
    nothing to do."""
    repo = Repo(purge.folder / "signed")
    repo.path.mkdir()
    repo.git("init", "-q", "-b", "main", ".")
    repo.commit("keys", **SIGNED)
    plan = purge.folder / "signed.json"
    purge.run(repo, "--plan", "-o", plan, "--files",
              purge.folder / "signed-files", expect=CLEAN)
    clone = Repo(purge.folder / "signed.git")
    purge.run(repo, "--apply", "--into", clone.path, expect=CLEAN)
    if KEY.encode() in clone.contents():
        fail("a key is left behind a purge")
    files = clone.git("ls-tree", "-r", "--name-only", "main").splitlines()
    if set(SIGNED) - set(files) != {".env"}:
        fail(f"of files is left: {files}")
    text = clone.git("grep", "-h", "REMOVED", "main")
    if text.count("***REMOVED***") != 11:
        fail(f"of the keys is left:\n{text}")
    purge.json(clone, "--verify", "--against", plan, expect=CLEAN)
    purge.json(clone, "--verify", expect=CLEAN)
    out, _ = purge.run(clone, "--plan", expect=CLEAN)
    if "nothing to take out" not in out:
        fail(f"behind a purge, another one has something to do: {out}")
    scan = subprocess.run([purge.program, "scan", "--all", str(clone.path)],
                          stdout=subprocess.PIPE, check=False)
    if scan.returncode != CLEAN:
        fail(f"a scan behind a purge says: {scan.stdout.decode()}")


def check_usage(purge, repo, plan):
    broken = purge.folder / "broken.json"
    report = json.loads(plan.read_text(encoding="utf-8"))
    report["paths"].pop()
    broken.write_text(json.dumps(report), encoding="utf-8")
    purge.run(repo, "--verify", "--against", broken, expect=FATAL)
    broken.write_text("{}", encoding="utf-8")
    purge.run(repo, "--verify", "--against", broken, expect=FATAL)
    purge.run(repo, "--plan", "--verify", expect=USAGE)
    purge.run(repo, "--against", plan, expect=USAGE)
    damaged = Repo(purge.folder / "damaged")
    subprocess.run(["git", "clone", "-q", "--no-local",
                    str(purge.folder / "odd.git"), str(damaged.path)],
                   check=True)
    with open(damaged.path / ".git/logs/HEAD", "ab") as log:
        log.write(b"this is no line of a reflog\n")
    report = purge.json(damaged, "--verify", "--against", plan,
                        expect=INCOMPLETE)
    if report["clean"]:
        fail("a certificate is clean though a reflog could not be read")


def set_surroundings(home):
    """The same configuration, author and clock everywhere."""
    for name in list(os.environ):
        if name.startswith("GIT_"):
            del os.environ[name]
    os.environ.update(
        HOME=str(home), GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL="/dev/null",
        GIT_AUTHOR_NAME="Ann", GIT_AUTHOR_EMAIL="ann@example.com",
        GIT_COMMITTER_NAME="Cy", GIT_COMMITTER_EMAIL="cy@example.com",
        GIT_AUTHOR_DATE="1700000000 +0000",
        GIT_COMMITTER_DATE="1700000000 +0000", LC_ALL="C.UTF-8")


def main():
    if not shutil.which("git-filter-repo"):
        print("skipped: git-filter-repo is not installed "
              "(apt install git-filter-repo)")
        sys.exit(SKIPPED)
    samples = pathlib.Path(sys.argv[2]).resolve()
    store = samples / "fs-0.5.0-cachelib-0.9.0-py311/flask_session"
    session = {file.name: file.read_bytes() for file in store.iterdir()
               if not file.name.startswith("2029")}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name).resolve()
        set_surroundings(folder)
        purge = Purge(sys.argv[1], folder)
        session_and_pointer = dict(session, pointer=POINTER.encode())
        repo = build(folder / "repo", session_and_pointer)
        plan = check_plan(purge, repo)
        mirror = check_apply(purge, repo, plan, session_and_pointer)
        check_plants(purge, mirror, plan, session)
        check_in_place(purge, Repo(folder / "again.git"), session)
        check_own_programs(purge)
        check_partial_clone(purge)
        check_interrupted(purge, repo)
        check_no_filter_repo(purge, repo)
        check_odd_paths(purge)
        check_names(purge)
        check_two_paths(purge)
        check_missing(purge)
        check_unread_target(purge)
        check_clone(purge)
        check_values(purge)
        check_signing_keys(purge)
        check_usage(purge, repo, plan)
        print(f"{len(PLANTS)} kinds of leftovers found")


if __name__ == "__main__":
    main()
