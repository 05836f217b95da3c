#!/usr/bin/env python3
"""What the hook path opens: no YAML, no pattern of a content rule before a
literal has hit, no libgit2 and with it no OpenSSL,
and no file that it does not need. Calls are seen by a library that is loaded
into the program.

Patterns of file names are compiled at every start; their number is the one of
a run with nothing staged.

usage: startup.py <git-hygiene> <startup_trap library>
"""
import os
import sys

from scratch import expect, expect_in, run_all

TRAP = os.path.abspath(sys.argv[2])
NAMES = "pcre2_compile_8"


def calls(repo, *args, code=(0, 1)):
    """{function: calls} of one run, without the rules of scratch.py."""
    note = os.path.join(repo.place.path, "calls")
    if os.path.exists(note):
        os.remove(note)
    done = repo.hygiene(*args, LD_PRELOAD=TRAP, STARTUP_TRAP=note,
                        ASAN_OPTIONS="verify_asan_link_order=0")
    if done.returncode not in code:
        raise AssertionError(done.stderr)
    counts = {}
    if os.path.exists(note):
        with open(note, encoding="utf-8") as file:
            for name in file.read().split():
                counts[name] = counts.get(name, 0) + 1
    return counts


def staged(place, files):
    """Also as people's machines are: no variables that move configuration, no
    hygiene.* settings."""
    place.env.pop("GIT_CONFIG_NOSYSTEM")
    place.write("home/.gitconfig", "[init]\n\tdefaultBranch = main\n")
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    repo.of_names = calls(repo, "hook", "run", "pre-commit")
    expect("names alone", set(repo.of_names), {NAMES})
    for name, text in files.items():
        repo.write(name, text)
    repo.git("add", "-A")
    return repo


def harmless_files_need_nothing(place):
    repo = staged(place, {f"src/file{n}.py": f"x = {n}\n" for n in range(20)})
    for args in (("hook", "run", "pre-commit"), ("scan", "--staged")):
        expect(args, calls(repo, *args), repo.of_names)


def a_message_needs_nothing(place):
    repo = staged(place, {"message": "fix the tests\n"})
    expect("message", calls(repo, "hook", "run", "commit-msg", "message"),
           repo.of_names)


def a_keyword_compiles_its_patterns_alone(place):
    repo = staged(place, {"a.py": "SECRET_KEY = os.environ['X']\n"})
    made = calls(repo, "hook", "run", "pre-commit", code=(0,))
    expect("only patterns", set(made), {NAMES})
    rules = repo.hygiene("rules", "list").stdout.splitlines()
    expect("few of them",
           0 < made[NAMES] - repo.of_names[NAMES] < len(rules) / 4, True)


def a_finding_asks_whether_it_is_ignored(place):
    """The trap can be seen: libgit2 starts for that, and nothing else."""
    repo = staged(place, {"a/flask_session/" + "0" * 32: "session"})
    made = calls(repo, "hook", "run", "pre-commit", code=(1,))
    expect("libgit2", "git_libgit2_init" in made, True)
    expect("no more", {"fy_parser_create",
                       "sqlite3_initialize"} & set(made), set())


def yaml_is_read_where_there_is_some(place):
    repo = staged(place, {".hygiene.yml": "version: 1\nexclude: [x/]\n"})
    made = calls(repo, "hook", "run", "pre-commit")
    expect("yaml", made.pop("fy_parser_create", 0), 1)
    expect("no other library", set(made), {NAMES})


def each_file_is_opened_a_few_times(place):
    repo = staged(place, {"a.py": "x = 1\n"})
    trace = os.path.join(place.path, "trace")
    place.run(repo.path, "strace", "-o", trace, "-e", "trace=openat",
              place.program, "hook", "run", "pre-commit",
              ASAN_OPTIONS="detect_leaks=0")
    with open(trace, encoding="utf-8") as file:
        lines = file.read().splitlines()
    expect_in("it saw something", ".git/index", "\n".join(lines))
    for name in (".git/config", ".gitconfig"):
        opened = [line for line in lines if f'/{name}"' in line]
        expect(f"{name} {opened}", len(opened) <= 4, True)
    expect("no yaml", [line for line in lines if ".yml" in line
                       and "ENOENT" not in line and "rules.yml" not in line],
           [])
    expect("no cache", [line for line in lines if "/hygiene\"" in line], [])


HELPERS = ("calls", "staged")
CASES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and name not in HELPERS]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
