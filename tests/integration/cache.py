"""What a scan takes from the cache is what a scan without one says, whatever has
happened in between, and whoever has put what into the folder.

usage: cache.py <git-hygiene> <samples> [<repositories> [<damages of a file>]]
"""
import base64
import hashlib
import hmac
import os
import random
import shutil
import subprocess
import sys
import zipfile

from scratch import RULES, expect, expect_in, expect_not_in, run_all

SAMPLES = sys.argv[2]
REPOSITORIES = int(sys.argv[3]) if len(sys.argv) > 3 else 4
DAMAGES = int(sys.argv[4]) if len(sys.argv) > 4 else 12
STEPS = 14
HEAD = 16 + 32 + 32  # mark, code, id
SESSION = os.path.join(SAMPLES, "fs-0.8.0-cachelib-0.15.4-py311")
NEW_RULE = """
version: 1
pack: more
rules:
  - id: more-%s
    title: More of it
    severity: %s
    confidence: high
    why: A test.
    keywords: [MORE-]
    pattern: 'MORE-([a-z]+)'
    placeholders: true
    store: none
    references: ['https://example.test/']
    examples:
      match: [{content: 'MORE-{}abc'}]
      nomatch: [{content: 'more'}]
"""
# Of these the path of a file in an archive is asked, not that of the archive.
PATH_RULES = """
version: 1
pack: inside
rules:
  - id: inside-content
    title: Marked content at a path
    severity: high
    confidence: high
    why: A test.
    path: '**/*.inside'
    keywords: [MORE-]
    pattern: 'MORE-([a-z]+)'
    placeholders: true
    store: none
    references: ['https://example.test/']
    examples:
      match: [{path: a.inside, content: 'MORE-{}abc'}]
      nomatch: [{path: a.inside, content: 'more'}]
  - id: inside-path
    title: A path
    severity: %s
    confidence: high
    why: A test.
    path: '**/*.inside'
    store: none
    references: ['https://example.test/']
    examples:
      match: [{path: a.inside}]
      nomatch: [{path: a}]
"""
KNOWN = "cache: nothing has changed since the last scan"


def scan(repo, *args, **env):
    done = repo.hygiene("scan", "--format=jsonl", *args, **env)
    if done.returncode not in (0, 1, 3):
        raise AssertionError(done.stderr)
    return done.returncode, done.stdout, done.stderr


def cached(repo, *args, folder="cache", **env):
    return scan(repo, "-v", "--cache",
                os.path.join(repo.place.path, folder), *args, **env)


def read_of(stderr, what="blobs"):
    """How many were read, by what the scan says of its cache."""
    for line in stderr.splitlines():
        if line.startswith("cache: ") and line.endswith(" were read") and \
                f" {what} were known" in line:
            return int(line.split()[-3])
    return None


def compare(what, repo, *args, jobs=1):
    """With and without, and once more when everything is known."""
    bare = scan(repo, "--no-cache", *args)[:2]
    with_cache = cached(repo, f"--jobs={jobs}", *args)
    again = cached(repo, f"--jobs={3 - jobs}", *args)
    expect(what, with_cache[:2], bare)
    expect(f"{what}, once more", again[:2], bare)
    expect_in(what, KNOWN, again[2])
    return read_of(with_cache[2])


class History:
    """A repository in which things happen."""

    def __init__(self, place, seed):
        self.rng = random.Random(seed)
        self.place = place
        self.repo = place.repo(f"repo{seed}")
        self.rules = []
        self.count = 0
        self.write_files()
        self.commit()

    def text(self):
        lines = [self.rng.choice([
            "plain text", f"MARK-{self.word()}", f"MORE-{self.word()}",
            f"x = 'MARK-{self.word()}'  # hygiene:allow test-content {self.word()}",
            f"SECRET_KEY = '{self.word()}{self.word()}{self.word()}'",
            "SESSION_COOKIE_SECURE = False", "DEBUG = True"])
            for _ in range(self.rng.randint(1, 30))]
        return "\n".join(lines) + "\n"

    def word(self):
        return "".join(self.rng.choice("bcdfghkmnpqrst") for _ in range(9))

    def write_files(self):
        for _ in range(self.rng.randint(1, 12)):
            name = self.rng.choice([
                "README", "src/a.py", "src/settings.py", "config/app.yml",
                "store/x", "deep/er/store/y", ".env",
                f"file{self.rng.randint(0, 40)}.txt"])
            self.repo.write(name, self.text())
        if self.rng.random() < 0.4:
            target = os.path.join(self.repo.path, f"s{self.count}")
            shutil.copytree(SESSION, target, dirs_exist_ok=True)

    def commit(self):
        self.count += 1
        self.repo.git("add", "-A", "-f")
        self.repo.git("commit", "-q", "--allow-empty", "-m",
                      f"{self.count} MARK-{self.word()}")

    def change(self):
        self.write_files()
        self.commit()

    def branch(self):
        self.repo.git("checkout", "-q", "-b", f"b{self.count}")
        self.change()

    def drop_branch(self):
        self.repo.git("checkout", "-q", "-B", "main")
        for name in self.repo.out("for-each-ref", "--format=%(refname)",
                                  "refs/heads/b*").split():
            self.repo.git("update-ref", "-d", name)

    def repack(self):
        self.repo.git("repack", "-adq")

    def pack_some(self):
        self.repo.git("repack", "-dq")

    def collect(self):
        self.repo.git("reflog", "expire", "--expire=now", "--all")
        self.repo.git("gc", "-q", "--prune=now")

    def stage(self):
        self.repo.write("staged", self.text())
        self.repo.git("add", "staged")

    def ignore(self):
        self.repo.write(".gitignore", "s*/\nstore/\n")

    def tag(self):
        self.repo.git("tag", "-a", f"t{self.count}", "-m",
                      f"MARK-{self.word()}")
        self.count += 1

    def remove(self):
        self.repo.git("rm", "-rqf", "--ignore-unmatch", "src", "store")
        self.commit()

    def add_rule(self):
        severity = self.rng.choice(["low", "critical"])
        path = self.place.write("more.yml", NEW_RULE % ("abc", severity))
        self.rules = ["--rules", path]

    def drop_rule(self):
        self.rules = []

    ACTIONS = [change, change, change, branch, drop_branch, repack, pack_some,
               collect, stage, ignore, tag, remove, add_rule, add_rule,
               drop_rule]


def as_without(place):
    for seed in range(REPOSITORIES):
        history = History(place, seed)
        messages = ["--index", "--history", "--messages"] if seed % 2 else []
        for step in range(STEPS):
            action = history.rng.choice(History.ACTIONS)
            action(history)
            compare(f"seed {seed} step {step} {action.__name__}",
                    history.repo, *messages, *history.rules,
                    jobs=1 + step % 2)


def big(place):
    """A repository in which what is read, and what is not, can be counted."""
    repo = place.repo("big")
    for i in range(3):
        repo.commit_files({f"{i}/{j}": f"{i} {j} MARK-ab{chr(97 + i)} MORE-x\n"
                           for j in range(40)})
    return repo


def reads_only_what_is_new(place):
    repo = big(place)
    expect("cold", compare("cold", repo), 120)
    repo.commit_files({"new": "MARK-new\n", "new2": "nothing\n"})
    expect("after a commit", compare("after a commit", repo), 2)
    repo.git("repack", "-adq")
    expect("after a repack", compare("after a repack", repo), 0)
    narrow = cached(repo, "--", "1")[2]
    expect("paths are no part of it", read_of(narrow), 0)
    expect("nor of trees", read_of(narrow, "trees and commits"), 0)
    repo.commit_files({"0/more": "one folder, one top, one commit\n"})
    expect("trees after a commit",
           read_of(cached(repo)[2], "trees and commits"), 3)


def a_new_rule_is_asked_alone(place):
    repo = big(place)
    compare("cold", repo)
    more = ["--rules", place.write("more.yml", NEW_RULE % ("abc", "low"))]
    expect("a new rule", compare("a new rule", repo, *more), 0)
    place.write("more.yml", NEW_RULE % ("abc", "high"))
    expect("a changed rule", compare("a changed rule", repo, *more), 0)
    repo.commit_files({"new": "MARK-new MORE-new\n"})
    expect("a rule less, a blob more", compare("a rule less", repo), 1)
    place.write("rules.yml", RULES.replace("high", "medium"))
    expect("other rules", compare("other rules", repo), 0)


def a_new_rule_is_asked_of_members(place):
    """Paths in archives are in no context by which a blob is known."""
    repo = big(place)
    with zipfile.ZipFile(os.path.join(repo.path, "a.zip"), "w") as archive:
        archive.writestr("deep/er.inside", "MORE-abc\n")
    with open(os.path.join(repo.path, "a.zip"), "rb") as file:
        run = base64.b64encode(file.read()).decode()
    lines = "".join(f"line {i * i}\n" for i in range(300))
    for name in ("c", "d"):  # one is a delta of the other
        repo.write(name, f"{lines}x = '{run}'\n{lines}{name}\n")
    repo.commit_files({"b": "MARK-ab\n"})
    repo.git("repack", "-adfq")
    compare("cold", repo)
    more = ["--rules", place.write("inside.yml", PATH_RULES % "low")]
    expect("the three with an archive are read again",
           compare("new rules of paths", repo, *more), 3)
    expect_in("they are heard", '"inside-content"', cached(repo, *more)[1])
    expect_in("both", '"inside-path"', cached(repo, *more)[1])
    place.write("inside.yml", PATH_RULES % "high")
    expect("a changed one", compare("a changed one", repo, *more), 3)
    repo.commit_files({"e": "nothing\n"})
    expect("nothing else than what is new",
           compare("a file more", repo, *more), 1)


def expiry_is_judged_each_time(place):
    repo = place.repo("sessions")
    shutil.copytree(SESSION, os.path.join(repo.path, "app"))
    repo.commit_files({"README": "hello\n"})
    seen = set()
    for day in ("2026-11-01", "2026-11-22", "2026-11-25", "2026-12-24",
                "2027-06-01", "2036-01-01", "2026-11-01"):
        bare = scan(repo, "--no-cache", f"--now={day}")[:2]
        expect(day, cached(repo, f"--now={day}")[:2], bare)
        expect(day, cached(repo, f"--now={day}")[:2], bare)
        seen.add(bare[1])
    expect("something expires", len(seen) > 1, True)
    # between two expiries nothing is scanned again
    cached(repo, "--now=2036-01-01")
    expect_in("later", KNOWN, cached(repo, "--now=2036-05-01")[2])


def options_are_told_apart(place):
    repo = place.repo("options")
    repo.commit_files({
        "a.py": "k = 'MARK-secret'  # hygiene:allow test-content because\n",
        "large": "MARK-large\n" + "x" * 5000, "vendor/b": "MARK-vendor\n"})
    for args in ([], ["--max-blob-size=100"], ["--no-repo-config"],
                 ["--history"], ["--messages"], ["--disable=test-content"],
                 ["--select=test-*"], ["--", "vendor"], []):
        bare = scan(repo, "--no-cache", *args)[:2]
        expect(str(args), cached(repo, *args)[:2], bare)
        expect(str(args), cached(repo, *args)[:2], bare)
    for args in (["-c", "hygiene.fingerprintKey=x"], []):
        rows = [repo.hygiene(*args, "scan", "--format=jsonl", *more).stdout
                for more in (["--no-cache"], ["--cache", "../cache"],
                             ["--cache", "../cache"])]
        expect(f"{args}", rows[1:], rows[:1] * 2)
    sarif = [repo.hygiene("scan", "--format=sarif", "--now=2026-11-28",
                          *more).stdout
             for more in (["--no-cache"], ["--cache", "../cache"],
                          ["--cache", "../cache"])]
    expect("with places in texts", sarif[1:], sarif[:1] * 2)
    repo.write(".hygiene.yml", "version: 1\nexclude: [vendor/]\n")
    compare("what is left out", repo)
    repo.write(".hygiene.yml", "version: 1\nexclude: [a.py]\n")
    compare("what else is left out", repo)


def damage_is_seen(place):
    """Packs and loose objects that change in place, or go."""
    repo = big(place)
    compare("whole", repo)
    folder = os.path.join(repo.path, ".git/objects")
    blob = repo.out("rev-parse", "HEAD:0/0")
    loose = os.path.join(folder, blob[:2], blob[2:])
    aside = os.path.join(place.path, "aside")
    os.rename(loose, aside)
    bare = scan(repo, "--no-cache")
    expect_in("it is missing", '"reason":"missing"', bare[1])
    compare("a blob is gone", repo)
    os.rename(aside, loose)
    compare("it is back", repo)
    for name in ("HEAD:0", "HEAD~1^{tree}", "HEAD~1"):
        oid = repo.out("rev-parse", name)
        loose = os.path.join(folder, oid[:2], oid[2:])
        os.rename(loose, aside)
        compare(f"{name} is gone", repo)
        os.rename(aside, loose)
        compare(f"{name} is back", repo)
    with open(os.path.join(repo.path, ".git/shallow"), "w") as file:
        file.write(repo.out("rev-parse", "HEAD~1") + "\n")
    compare("shallow", repo)


def cache_files(folder):
    return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                  if name.startswith(("result-", "blobs-", "trees-")))


def forge(path, key, change):
    """The file with another body, and a code by the key."""
    with open(path, "rb") as file:
        data = file.read()
    body = change(data[HEAD:])
    code = hmac.new(key, data[48:HEAD] + body, hashlib.sha256).digest()
    with open(path, "wb") as file:
        file.write(data[:16] + code + data[48:HEAD] + body)


def without_the_finding(body):
    """Another path, as if the file had been renamed."""
    changed = body.replace(b"secret-file", b"another-one")
    expect("something is changed", changed != body, True)
    return changed


def another_home(place):
    """Somebody who has the same rules and another key."""
    home = os.path.join(place.path, "other")
    shutil.copytree(os.path.join(place.path, "home"), home,
                    ignore=shutil.ignore_patterns(".cache"))
    return home


def what_others_made_counts_not(place):
    """A cache that came with the repository."""
    repo = place.repo("foreign")
    repo.commit_files({"secret-file": "MARK-abc\n"})
    bare = scan(repo, "--no-cache")[:2]
    other = another_home(place)
    run = ["-c", "hygiene.cache=true", "scan", "--format=jsonl", "-v"]
    repo.hygiene(*run, HOME=other, XDG_CONFIG_HOME=other)
    folder = os.path.join(repo.path, ".git/hygiene")
    result = [p for p in cache_files(folder) if "result-" in p]
    expect("there is one", len(result), 1)
    with open(os.path.join(other, ".cache/git-hygiene/key"), "rb") as file:
        foreign = file.read()
    forge(result[0], foreign, without_the_finding)
    done = repo.hygiene(*run, HOME=other, XDG_CONFIG_HOME=other)
    expect_in("who made it believes it", "another-one", done.stdout)
    done = repo.hygiene(*run)
    expect("nobody else does", (done.returncode, done.stdout), bare)
    expect_not_in("nobody else does", KNOWN, done.stderr)
    expect_in("one's own counts", KNOWN, repo.hygiene(*run).stderr)
    with open(os.path.join(place.path, "home/.cache/git-hygiene/key"),
              "rb") as file:
        forge(result[0], file.read(), without_the_finding)
    expect_in("whatever it says", "another-one", repo.hygiene(*run).stdout)
    done = repo.hygiene(*run, "--no-cache")
    expect("but not if there is to be none", (done.returncode, done.stdout),
           bare)


def the_repository_names_no_folder(place):
    """A .git/config that brings a cache with a key of its own."""
    repo = place.repo("named")
    repo.commit_files({"secret-file": "MARK-abc\n"})
    trap = os.path.join(place.path, "trap")
    repo.hygiene("scan", "--cache", trap, "--format=jsonl")
    with open(os.path.join(trap, "key"), "rb") as file:
        key = file.read()
    for path in cache_files(trap):
        if "result-" in path:
            forge(path, key, without_the_finding)
    expect_in("who named it believes it", "another-one",
              scan(repo, "--cache", trap)[1])
    repo.git("config", "hygiene.cache", trap)
    expect_not_in("the repository cannot", "another-one", scan(repo)[1])
    repo.git("config", "--unset", "hygiene.cache")
    repo.git("config", "--global", "hygiene.cache", trap)
    expect_in("the user can", "another-one", scan(repo)[1])
    repo.git("config", "--global", "--unset", "hygiene.cache")


def no_bit_may_differ(place):
    """Some bits and ends of each file; unit tests try all of them."""
    repo = place.repo("bits")
    repo.commit_files({"a": "MARK-abc\n", "b": "MARK-def\n"})
    bare = scan(repo, "--no-cache")[:2]
    cached(repo)
    rng = random.Random(5)
    folder = os.path.join(place.path, "cache")
    for path in cache_files(folder):
        with open(path, "rb") as file:
            whole = file.read()
        for _ in range(DAMAGES):
            at = rng.randrange(len(whole))
            flipped = bytearray(whole)
            flipped[at] ^= 1 << rng.randrange(8)
            for data in (bytes(flipped), whole[:at]):
                for other in cache_files(folder):
                    os.unlink(other)
                with open(path, "wb") as file:
                    file.write(data)
                got = cached(repo)
                expect(f"{path} byte {at}", got[:2], bare)
                expect_not_in("it does not count", KNOWN, got[2])
    # one file in place of another
    files = cache_files(folder)
    shutil.copy(files[0], files[1])
    expect("swapped", cached(repo)[:2], bare)


def repositories_share_a_folder(place):
    """What stands in the cache of one is no answer for another."""
    one, two = place.repo("one"), place.repo("two")
    one.commit_files({"a": "MARK-abc\n", "same": "MARK-same\n"})
    two.commit_files({"b": "MARK-def\n", "same": "MARK-same\n"})
    for _ in range(2):
        compare("one", one)
        compare("two", two)
    clone = place.repo("clone")
    clone.git("pull", "-q", one.path, "main")
    expect("a clone knows its blobs", compare("a clone", clone), 0)


def two_at_once(place):
    repo = big(place)
    bare = scan(repo, "--no-cache")[1]
    folder = os.path.join(place.path, "cache")
    for _ in range(3):
        shutil.rmtree(folder, ignore_errors=True)
        running = [subprocess.Popen(
            [place.program, "scan", "--format=jsonl", "--cache", folder],
            cwd=repo.path, env=place.env, stdout=subprocess.PIPE, text=True)
            for _ in range(4)]
        for process in running:
            expect("beside others", process.communicate()[0], bare)
        expect("what is left", sorted(
            name.split("-")[0] for name in os.listdir(folder)),
            ["blobs", "key", "result", "trees"])
        expect_in("it counts", KNOWN, cached(repo)[2])


def where_none_can_be(place):
    repo = place.repo("none")
    repo.commit_files({"a": "MARK-abc\n"})
    bare = scan(repo, "--no-cache")[:2]
    git = os.path.join(repo.path, ".git")
    on = ["-c", "hygiene.cache=true", "scan", "-v", "--format=jsonl"]

    def check(what, says, *args, **env):
        done = repo.hygiene(*on, *args, **env)
        expect(what, (done.returncode, done.stdout), bare)
        expect_in(what, says, done.stderr)

    elsewhere = os.path.join(place.path, "elsewhere")
    os.mkdir(elsewhere)
    os.symlink(elsewhere, os.path.join(git, "hygiene"))
    check("a link", "cache: ")
    expect("nothing is written through it", os.listdir(elsewhere), [])
    os.unlink(os.path.join(git, "hygiene"))
    with open(os.path.join(git, "hygiene"), "w") as file:
        file.write("mine\n")
    check("a file", "cache: ")
    os.unlink(os.path.join(git, "hygiene"))
    rules = f"--rules={place.rules}"
    check("no home", "/nonexistent", rules, HOME="/nonexistent")
    check("no home at all", "neither XDG_CACHE_HOME nor HOME", rules, HOME="")
    shared = os.path.join(place.path, "shared")
    os.makedirs(os.path.join(shared, "git-hygiene"))
    with open(os.path.join(shared, "git-hygiene/key"), "wb") as file:
        file.write(b"k" * 32)
    check("a key that others can read", "not the user's alone",
          XDG_CACHE_HOME=shared)
    expect("no folder is made without a key",
           os.path.exists(os.path.join(git, "hygiene")), False)
    with open(os.path.join(shared, "git-hygiene/key"), "wb") as file:
        file.write(b"k")
    check("a key that was cut", "bytes, not 32", XDG_CACHE_HOME=shared)


def only_the_owner_reads_it(place):
    repo = place.repo("modes")
    repo.commit_files({"a": "MARK-abc\n"})
    repo.hygiene("-c", "hygiene.cache=true", "scan")
    folder = os.path.join(repo.path, ".git/hygiene")
    expect("the folder", os.stat(folder).st_mode & 0o777, 0o700)
    key = os.path.join(place.path, "home/.cache/git-hygiene/key")
    files = cache_files(folder)
    expect("files", len(files), 3)
    for path in files + [key]:
        expect(path, os.stat(path).st_mode & 0o777, 0o600)
        with open(path, "rb") as file:
            expect(f"no secret in {path}", b"MARK-abc" in file.read(), False)


def small_ones_are_left_alone(place):
    repo = place.repo("small")
    repo.commit_files({"a": "MARK-abc\n"})
    repo.hygiene("scan")
    repo.hygiene("-c", "hygiene.cache=false", "scan")
    expect("there is no folder",
           os.path.exists(os.path.join(repo.path, ".git/hygiene")), False)


def measuring_uses_none(place):
    repo = big(place)
    compare("cold", repo)
    for option in ("--rule-stats", "--libgit2", "--verify-objects"):
        done = cached(repo, option)
        expect_in(option, "cache: none", done[2])


def servers_use_none(place):
    server = place.repo("server.git", "--bare")
    server.git("config", "hygiene.cache", "true")
    repo = place.repo("pusher")
    repo.commit_files({"a": "nothing\n"})
    server.git("fetch", "-q", repo.path, "main:main")
    tip = server.out("rev-parse", "main")
    server.hygiene("hook", "run", "pre-receive",
                   data=f"{'0' * 40} {tip} refs/heads/main\n")
    expect("nothing is stored",
           os.path.exists(os.path.join(server.path, "hygiene")), False)


def it_can_be_cleared(place):
    repo = place.repo("clear")
    repo.commit_files({"a": "MARK-abc\n"})
    repo.hygiene("-c", "hygiene.cache=true", "scan")
    folder = os.path.join(repo.path, ".git/hygiene")
    expect_in("it is shown", f"{folder}: 3 files, ",
              repo.hygiene("cache").stdout)
    with open(os.path.join(folder, "mine"), "w") as file:
        file.write("x\n")
    done = repo.hygiene("cache", "--clear")
    expect_in("it is removed", "removed 3 files, ", done.stdout)
    expect("what is no part of it stays", os.listdir(folder), ["mine"])
    os.unlink(os.path.join(folder, "mine"))
    repo.hygiene("cache", "--clear")
    expect("the folder goes", os.path.exists(folder), False)
    expect_in("none", ": 0 files", repo.hygiene("cache").stdout)
    expect("a word too many", repo.hygiene("cache", "x").returncode, 129)


CASES = [as_without, reads_only_what_is_new, a_new_rule_is_asked_alone,
         a_new_rule_is_asked_of_members,
         expiry_is_judged_each_time, options_are_told_apart, damage_is_seen,
         what_others_made_counts_not, the_repository_names_no_folder,
         no_bit_may_differ, repositories_share_a_folder, two_at_once,
         where_none_can_be, only_the_owner_reads_it,
         small_ones_are_left_alone, measuring_uses_none, servers_use_none,
         it_can_be_cleared]


if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
