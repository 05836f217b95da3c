"""Files and settings of hostile repositories: links, FIFOs, folders and garbage
where a file is expected; alternates and includes that loop; owners; programs
that must never run; patterns that explode; text that a terminal would obey.

usage: hostile_files.py <git-hygiene>
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from bounded import Bounded
from hostile import COMMANDS, SECRET, reasons
from scratch import expect, expect_in, expect_not_in, run_all

BOUNDED = Bounded(os.path.abspath(sys.argv[1]))
OUTSIDE = "MARK-outside\n"


def run(repo, *args, env=None, **kwargs):
    return BOUNDED.run(repo.path, dict(repo.place.env, **(env or {})), *args,
                       **kwargs)


# fix asks ignore, untrack, audit and purge
FEW_COMMANDS = (("scan",), ("scan", "--staged", "--worktree"), ("fix",))


def every_command(repo, commands=COMMANDS):
    for command in commands:
        _, out, err = run(repo, *command)
        expect_not_in(f"{command}", "MARK-outside", out + err)


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


# What lies where a file is expected

def make_link(path, outside):
    os.symlink(outside, path)


def make_fifo(path, _):
    os.mkfifo(path)


def make_folder(path, _):
    os.mkdir(path)


def make_device(path, _):
    os.symlink("/dev/zero", path)


def make_garbage(path, _):
    with open(path, "wb") as file:
        file.write(b"\0\xff\x1b[31m[x" * 5000)


def make_long_line(path, _):
    with open(path, "wb") as file:
        file.write(b"a" * 4_000_000)


KINDS = (make_link, make_fifo, make_folder, make_device, make_garbage,
         make_long_line)
WORKTREE_FILES = (".gitignore", ".gitattributes", ".hygiene.yml",
                  ".gitmodules", ".gitleaksignore", ".hygiene-baseline",
                  "a/.gitignore", ".mailmap")
GIT_FILES = ("config", "HEAD", "index", "packed-refs", "shallow",
             "info/exclude", "info/attributes", "info/grafts",
             "objects/info/alternates", "objects/pack", "refs/heads/main",
             "logs/HEAD", "refs/stash", "commondir", "config.worktree",
             "worktrees", "modules", "hooks")


def files_of_every_kind(place, names, prefix):
    outside = place.write("outside", OUTSIDE)
    for number, name in enumerate(names):
        repo = place.repo(f"{prefix or 'w'}{number}".replace("/", ""))
        repo.commit_files({"README": "hello\n", "a/b": "x\n"})
        path = os.path.join(repo.path, prefix, name)
        for make in KINDS:
            kept = path + ".kept"
            if os.path.lexists(path):
                os.rename(path, kept)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            make(path, outside)
            try:
                every_command(repo, FEW_COMMANDS)
            except AssertionError as error:
                raise AssertionError(f"{name} {make.__name__}: {error}")
            remove(path)
            if os.path.lexists(kept):
                os.rename(kept, path)


def files_of_the_worktree(place):
    files_of_every_kind(place, WORKTREE_FILES, "")


def files_of_the_repository(place):
    files_of_every_kind(place, GIT_FILES, ".git")


def git_files_that_lead_astray(place):
    """`.git` as a file, a link, a FIFO: opened as git does, or refused."""
    good = place.repo("good")
    good.commit_files({"f": SECRET.decode()})
    target = os.path.join(good.path, ".git")
    rows = (
        (lambda p: place.write(p, f"gitdir: {target}\n"), (1,)),
        (lambda p: os.symlink(target, p), (1,)),
        (lambda p: place.write(p, f"gitdir: {p}\n"), (128,)),
        (lambda p: place.write(p, "gitdir: ../nowhere\n"), (128,)),
        (lambda p: place.write(p, "x" * 100_000), (128,)),
        (lambda p: place.write(p, ""), (128,)),
        (os.mkfifo, (128,)),
        (lambda p: os.symlink("/dev/zero", p), (128,)),
    )
    for number, (make, codes) in enumerate(rows):
        folder = os.path.join(place.path, f"astray{number}")
        os.mkdir(folder)
        make(os.path.join(folder, ".git"))
        env = dict(place.env, GIT_CEILING_DIRECTORIES=place.path)
        code, _, _ = BOUNDED.run(folder, env, "scan")
        expect(f"row {number}", code in codes, True)


# Alternates

def alternates_that_loop(place):
    a, b = place.repo("a"), place.repo("b")
    b.commit_files({"f": SECRET.decode()})
    a.write(".git/refs/heads/main", b.out("rev-parse", "HEAD") + "\n")
    a.write(".git/objects/info/alternates", "../../../b/.git/objects\n" * 500 +
            ".\n../../.git/objects\n\n#x\n" + "/" + "x" * 5000 + "\n")
    b.write(".git/objects/info/alternates", "../../../a/.git/objects\n")
    code, out, _ = run(a, "scan", "--format=jsonl")
    expect("code", code, 1)
    every_command(a)


def alternates_that_are_not_there(place):
    repo = place.repo("gone")
    repo.commit_files({"README": "hello\n"})
    for text in ("/nowhere\n", "/etc\n", "/proc/self\n", "/dev/zero\n",
                 "../../../../../../..\n"):
        repo.write(".git/objects/info/alternates", text)
        expect(text, run(repo, "scan")[0], 0)
    oid = repo.out("rev-parse", "HEAD:README")
    os.unlink(os.path.join(repo.path, ".git/objects", oid[:2], oid[2:]))
    expect("missing", run(repo, "scan")[0], 3)


# Owners and settings

def bare_repositories_below_a_worktree(place):
    """safe.bareRepository=explicit: only --git-dir and GIT_DIR name them."""
    outer = place.repo("outer")
    inner = os.path.join(outer.path, "inner.git")
    place.run(outer.path, "git", "init", "-q", "--bare", inner)
    env = place.env
    config = place.write("explicit", "[safe]\n\tbareRepository = explicit\n")
    strict = dict(env, GIT_CONFIG_GLOBAL=config)
    expect("by default", BOUNDED.run(inner, env, "scan")[0] < 128, True)
    for folder in (inner, os.path.join(inner, "objects")):
        code, _, err = BOUNDED.run(folder, strict, "scan")
        expect("found", code, 128)
        expect_in("said", "safe.bareRepository", err)
    expect("named", BOUNDED.run(inner, strict, "--git-dir=.", "scan")[0] < 128,
           True)
    expect("GIT_DIR", BOUNDED.run(
        inner, dict(strict, GIT_DIR="."), "scan")[0] < 128, True)
    expect("worktree", BOUNDED.run(outer.path, strict, "scan")[0] < 128, True)
    with open(os.path.join(inner, "config"), "a", encoding="utf-8") as file:
        file.write("[safe]\n\tbareRepository = all\n")
    expect("its own word", BOUNDED.run(inner, strict, "scan")[0], 128)


def includes_that_loop(place):
    repo = place.repo("includes")
    repo.commit_files({"README": "hello\n"})
    with open(repo.path + "/.git/config", "a", encoding="utf-8") as file:
        file.write("[include]\n\tpath = config\n\tpath = /dev/zero\n"
                   "[includeIf \"gitdir:**\"]\n\tpath = ../x\n")
    repo.write("x", "[include]\n\tpath = .git/config\n")
    for command in COMMANDS:
        code, _, err = run(repo, *command)
        if code == 128:
            expect_in("word", "config", err)


# Programs

TRAP = "#!/bin/sh\necho ran >>'{marker}'\nexit 0\n"


def set_traps(place, repo):
    """Everything that git would run here leaves a mark."""
    marker = os.path.join(place.path, "ran")
    trap = place.write("trap", TRAP.format(marker=marker), 0o755)
    hooks = os.path.join(repo.path, ".git/hooks")
    shutil.rmtree(hooks, ignore_errors=True)
    os.mkdir(hooks)
    for hook in ("pre-commit", "post-checkout", "post-index-change",
                 "reference-transaction", "pre-auto-gc", "fsmonitor-watchman",
                 "update", "pre-push", "post-rewrite"):
        shutil.copy(trap, os.path.join(hooks, hook))
    for key in ("core.fsmonitor", "core.hooksPath", "core.sshCommand",
                "core.pager", "core.editor", "core.askPass",
                "core.gitProxy", "core.alternateRefsCommand",
                "diff.external", "diff.x.textconv", "diff.x.command",
                "filter.x.clean", "filter.x.smudge", "filter.x.process",
                "merge.x.driver", "credential.helper", "gpg.program",
                "pager.hygiene", "alias.hygiene", "uploadpack.packObjectsHook",
                "sequence.editor", "hook.x.command"):
        repo.git("config", key, trap)
    for key, value in (("filter.x.required", "true"), ("hook.x.event",
                       "pre-commit"), ("log.showSignature", "true")):
        repo.git("config", key, value)
    repo.write(".gitattributes", "* filter=x diff=x merge=x\n")
    return marker


def nothing_is_run(place):
    repo = place.repo("traps")
    repo.commit_files({"README": "hello\n", "f": SECRET.decode(),
                       "a/store/s": "x\n"})
    marker = set_traps(place, repo)
    repo.write("f", SECRET.decode() + "changed\n")
    for command in COMMANDS + (("untrack", "--yes"), ("ignore", "--write"),
                               ("hook", "status"), ("config", "list"),
                               ("rules", "list")):
        run(repo, *command)
        expect(f"{command}", os.path.exists(marker), False)


OPENED = re.compile(r'open(?:at)?\((?:AT_FDCWD|\d+), "([^"]*)", ([A-Z_|0-9]+)')
SYSTEM = ("/etc/", "/usr/", "/lib", "/proc/self/", "/proc/sys/", "/sys/",
          "/dev/null", "/dev/urandom")


def nothing_outside_is_opened(place):
    """By strace: no program, and files of the repository, the rules, the
    settings and the system's libraries alone."""
    strace = shutil.which("strace")
    if not strace:
        print("skipped: nothing_outside_is_opened, there is no strace")
        return
    repo = place.repo("traced")
    repo.commit_files({"README": "hello\n", "f": SECRET.decode()})
    outside = place.write("elsewhere/outside", OUTSIDE)
    set_traps(place, repo)
    os.symlink(outside, os.path.join(repo.path, "link"))
    os.symlink(os.path.dirname(outside), os.path.join(repo.path, "folder"))
    repo.write(".git/refs/heads/link", "")
    remove(os.path.join(repo.path, ".git/refs/heads/link"))
    os.symlink(outside, os.path.join(repo.path, ".git/refs/heads/link"))
    trace = os.path.join(place.path, "trace")
    for command in COMMANDS:
        done = subprocess.run(
            [strace, "-f", "-qq", "-o", trace, "-e", "trace=execve,execveat,"
             "open,openat", place.program, *command], cwd=repo.path,
            env=dict(place.env, ASAN_OPTIONS="detect_leaks=0"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        if done.returncode and b"PTRACE" in done.stderr:
            print("skipped: nothing_outside_is_opened, strace may not trace")
            return
        with open(trace, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        started = [line for line in lines if "execve" in line]
        expect(f"{command}: programs", len(started), 1)
        judge_opened(place, repo, command, lines)


def judge_opened(place, repo, command, lines):
    allowed = SYSTEM + (repo.path, place.rules, place.path + "/home",
                        os.path.dirname(place.program),
                        os.path.join(tempfile.gettempdir(), "git-hygiene-"))
    for line in lines:
        opened = OPENED.search(line)
        if not opened or line.endswith(")") and " = -1 " in line:
            continue
        path, flags = opened.groups()
        if path.startswith("/") and not path.startswith(allowed) and \
                repo.path.startswith(path.rstrip("/")) and \
                "O_DIRECTORY" in flags:
            continue  # the way down to the repository, folder by folder
        if path.startswith("/") and not path.startswith(allowed):
            raise AssertionError(f"{command}: {line}")
        if ".." in path.split("/"):
            raise AssertionError(f"{command}: {line}")


# Patterns and text

EXPLODING = """
version: 1
pack: slow
rules:
  - id: slow-rule
    title: Slow
    severity: high
    confidence: high
    why: A test.
    keywords: [aaaa]
    pattern: '{pattern}'
    store: none
    references: ['https://example.test/']
    examples:
      match: [{{content: '{match}'}}]
      nomatch: [{{content: 'b'}}]
"""


def patterns_that_explode(place):
    for number, (pattern, match) in enumerate((
            (r"((?:a+)+)z", "aaaaz"), (r"((?:a|aa)+)z", "aaaaz"),
            (r"((?:a|a?)+)z", "aaaaz"), (r"(a*a*a*a*a*a*a*a*)z", "aaaaz"))):
        repo = place.repo(f"slow{number}")
        repo.commit_files({"f": "a" * 200_000 + "!\n",
                           "g": ("a" * 50 + "!\n") * 2000})
        rules = place.write(f"slow{number}.yml", EXPLODING.format(
            pattern=pattern, match=match))
        code, out, _ = run(repo, "scan", "--format=jsonl", "--rules", rules)
        rows = [json.loads(line) for line in out.splitlines()]
        expect(pattern, (code, sorted(set(reasons(rows)) - {"timeout"})) in (
            (0, []), (3, ["limit"]), (3, [])), True)


UNSAFE = ("\x1b]0;x\x07", "\u202ereversed", "\x9b31m", "\u2066", "\r",
          "::error::x", "]]><x a='&", "\u200b", "\x7f", "%0A")


def text_that_a_terminal_would_obey(place):
    """In paths, authors, messages and refs; no format lets it through."""
    repo = place.repo("text")
    for number, text in enumerate(UNSAFE):
        repo.commit_files(
            {f"d{number}{text}/f": f"MARK-abc{'x' * number} {text}\n"},
            f"{text} MARK-message\n", GIT_AUTHOR_NAME=f"A{text}")
        oid = repo.out("rev-parse", "HEAD")
        with open(repo.path + "/.git/packed-refs", "a",
                  encoding="utf-8") as file:
            name = text.replace("\r", "").replace("\n", "")
            file.write(f"{oid} refs/heads/x{number}{name}\n")
    outputs = [run(repo, "scan", f"--format={name}")[1:]
               for name in ("human", "json", "jsonl")]
    outputs += [run(repo, *command)[1:] for command in COMMANDS]
    for out, err in outputs:
        for bad in ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b",
                    "\x7f", "\r"):
            expect_not_in("unsafe", bad, out + err)
        expect("no command", re.search("^::", out + err, re.M), None)
    code, rows, _ = run(repo, "scan", "--format=jsonl")
    expect("findings", (code, rows.count('"type":"finding"')),
           (1, len(UNSAFE)))


CASES = [
    files_of_the_worktree, files_of_the_repository, git_files_that_lead_astray,
    alternates_that_loop, alternates_that_are_not_there,
    bare_repositories_below_a_worktree, includes_that_loop, nothing_is_run,
    nothing_outside_is_opened, patterns_that_explode,
    text_that_a_terminal_would_obey,
]


def main():
    wanted = sys.argv[2:]
    cases = [case for case in CASES if not wanted or case.__name__ in wanted]
    failed = run_all(cases, sys.argv[1])
    print(f"slowest {BOUNDED.slowest:.1f} s, largest "
          f"{BOUNDED.largest >> 20} MiB")
    return failed


if __name__ == "__main__":
    sys.exit(main())
