"""Repositories to try things in, with real git and nobody's configuration."""
import json
import os
import subprocess
import tempfile

# Content that is a finding wherever it stands, and a path that is.
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
    title: File in a store
    severity: high
    confidence: high
    why: A test.
    path: '**/store/*'
    store: directory
    remedy: {untrack: true}
    references: ['https://example.test/']
    examples:
      match: [{path: a/store/b}]
      nomatch: [{path: store}]
"""


class Place:
    """A temporary folder with a home, the rules, and git-hygiene on PATH."""

    def __init__(self, program):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.realpath(self.folder.name)
        self.program = os.path.abspath(program)
        self.rules = self.write("rules.yml", RULES)
        home = os.path.join(self.path, "home")
        os.mkdir(home)
        kept = {k: v for k, v in os.environ.items()
                if not k.startswith(("GIT_", "PRE_COMMIT"))}
        self.env = dict(
            kept, HOME=home, XDG_CONFIG_HOME=home, LC_ALL="C.UTF-8",
            PATH=os.path.dirname(self.program) + ":" + os.environ["PATH"],
            GIT_CONFIG_NOSYSTEM="1", GIT_TERMINAL_PROMPT="0",
            GIT_AUTHOR_NAME="Ann", GIT_AUTHOR_EMAIL="ann@example.com",
            GIT_COMMITTER_NAME="Cy", GIT_COMMITTER_EMAIL="cy@example.com")
        self.write("home/.gitconfig",
                   f"[hygiene]\n\trules = {self.rules}\n"
                   "[protocol \"file\"]\n\tallow = always\n"
                   "[init]\n\tdefaultBranch = main\n")

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def repo(self, name, *options):
        self.run(self.path, "git", "init", "-q", *options, name)
        return Repo(self, os.path.join(self.path, name))

    def run(self, cwd, *argv, ok=True, data=None, **env):
        done = subprocess.run(
            argv, cwd=cwd, env=dict(self.env, **env), input=data, text=True,
            errors="surrogateescape",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if ok and done.returncode:
            raise AssertionError(f"{argv}: {done.returncode}\n"
                                 f"{done.stdout}{done.stderr}")
        return done


class Repo:
    """A repository; methods fail unless told that they may."""

    def __init__(self, place, path):
        self.place = place
        self.path = path

    def git(self, *args, **kwargs):
        return self.place.run(self.path, "git", *args, **kwargs)

    def hygiene(self, *args, ok=False, **kwargs):
        return self.place.run(self.path, self.place.program, *args, ok=ok,
                              **kwargs)

    def out(self, *args):
        return self.git(*args).stdout.strip()

    def objects(self, ids):
        """{id: bytes} of those that are here, with one start of git."""
        ids = sorted(ids)
        out = subprocess.run(
            ["git", "cat-file", "--batch"], cwd=self.path, check=True,
            env=dict(self.place.env, GIT_NO_REPLACE_OBJECTS="1"),
            input="".join(oid + "\n" for oid in ids).encode(),
            stdout=subprocess.PIPE).stdout
        found = {}
        for oid in ids:
            head, out = out.split(b"\n", 1)
            if not head.endswith(b" missing"):
                size = int(head.split()[2])
                found[oid], out = out[:size], out[size + 1:]
        return found

    def write(self, name, text, mode=0o644):
        return self.place.write(os.path.join(self.path, name), text, mode)

    def read(self, name):
        with open(os.path.join(self.path, name), encoding="utf-8") as file:
            return file.read()

    def commit(self, message="change", **files):
        return self.commit_files(files, message)

    def commit_files(self, files, message="change", **env):
        for name, text in files.items():
            self.write(name, text)
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", message,
                 GIT_HYGIENE="0", **env)
        return self.out("rev-parse", "HEAD")

    def report(self, *args, **kwargs):
        """Exit code, and the rows of each type."""
        done = self.hygiene("scan", "--format=jsonl", *args, **kwargs)
        if done.returncode not in (0, 1, 3):
            raise AssertionError(done.stderr)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return done.returncode, rows

    def counting(self, *args, **kwargs):
        """Paths and rules of the findings that count."""
        _, rows = self.report(*args, **kwargs)
        return sorted(
            (row["path"], row["secret_id"]) for row in rows
            if row["type"] == "finding" and
            ("suppressed" not in row or row["suppressed"]["expired"]))


def clone_of_server(place):
    """A bare repository, and one that has pushed a commit to it."""
    server = place.repo("server.git", "--bare")
    repo = place.repo("work")
    repo.git("remote", "add", "origin", server.path)
    repo.commit_files({"README": "one\n"})
    repo.git("push", "-q", "origin", "HEAD:main")
    return server, repo


def try_commit(repo, *args, **env):
    return repo.git("commit", *args, ok=False, **env)


def expect(what, actual, expected):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def expect_in(what, needle, text):
    if needle not in text:
        raise AssertionError(f"{what}: {needle!r} not in {text!r}")


def expect_not_in(what, needle, text):
    if needle in text:
        raise AssertionError(f"{what}: {needle!r} in {text!r}")


def run_all(cases, program):
    """Runs each case in a place of its own; names those that fail."""
    failed = 0
    for case in cases:
        place = Place(program)
        try:
            case(place)
        except AssertionError as error:
            failed += 1
            print(f"FAILED {case.__name__}: {error}")
        finally:
            place.folder.cleanup()
    print(f"{len(cases) - failed} of {len(cases)} passed")
    return 1 if failed else 0
