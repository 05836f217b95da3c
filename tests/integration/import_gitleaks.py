#!/usr/bin/env python3
"""The converter of gitleaks.toml: what it makes is a rule file that passes its
own examples, finds what the regexes find, and leaves out what the allow lists
say; paths are held against Python's search for the same regex."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
SCRIPT = os.path.abspath(sys.argv[2])
SAMPLE = os.path.abspath(sys.argv[3])

REMARKS = [
    "extend: built-in rules of git-hygiene take this place; rules of other "
    "files are converted by themselves",
    "Zeta_Key: allow list: paths AND stopwords",
    "any-hex: left out: no keyword, and the regex holds no fixed text",
    "with-others: left out: required has no counterpart",
    "5 of 7 rules converted",
]

ACME = "acme_k3v9q0z7x1m4w8p2r6t5y0u3"

# path, content, rules that must find it
FILES = [
    ("a.txt", f"token = '{ACME}'", {"gitleaks-acme-token"}),
    ("upper.txt", f"token = '{ACME.upper()}'", set()),
    ("even.txt", "token = 'acme_aaaaaaaaaaaaaaaaaaaaaaaa'", set()),
    ("vendor/a.txt", f"token = '{ACME}'", set()),
    ("src/vendor/deep/a.txt", f"token = '{ACME}'", set()),
    ("src/notvendor/a.txt", f"token = '{ACME}'", {"gitleaks-acme-token"}),
    ("logo.svg", f"token = '{ACME}'", set()),
    ("stop.txt", "token = 'acme_k3v9sample1m4w8p2r6t5y0u'", set()),
    ("zeta.ini", "ZETA.api: '0123456789ABCDEF0fedcba987654321'",
     {"gitleaks-zeta-key"}),
    ("zero.ini", "zeta: 00000000000000000000000000000000", set()),
    ("omega.txt", "OMEGA-key-ABCDEFGH12345678", {"gitleaks-no-keyword"}),
    ("Omega.txt", "Omega-key-ABCDEFGH12345678", set()),
    ("Keys/a.PFX", "x", {"gitleaks-key-files"}),
    ("src/key/b.p12", "x", {"gitleaks-key-files"}),
    ("monkey/b.p12", "x", set()),
    ("etc/app.conf", "password = hunter2hunter2",
     {"gitleaks-in-some-files"}),
    ("etc/app.txt", "password = hunter2hunter2", set()),
]

PATH_REGEXES = [
    r"foo", r"^foo", r"foo$", r"/foo/", r"(^|/)foo(/|$)", r"\.py$", r"^a/.*\.py$",
    r"a.*b", r"(?i)FOO\.Py", r"(?:foo|bar)/[^/]*\.(?:js|py)$", r"a/b", r"o{2}$",
    r"[ab]/f", r"^b/", r"fo?o", r"x[^/]+y",
    r"(?i)[a-c]\.JS$", r"[^/]/f", r"[^/]?oo$",
]


def git(folder, *words):
    subprocess.run(["git", "-C", folder, "-c", "user.name=A", "-c",
                    "user.email=a@example.com", *words], check=True,
                   capture_output=True)


def convert(toml, rules):
    return subprocess.run([sys.executable, SCRIPT, toml, "-o", rules],
                          capture_output=True, text=True, check=False)


def check_rules(rules):
    run = subprocess.run([PROGRAM, "rules", "check", rules],
                         capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def repository(folder, files):
    for path, content in files:
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as out:
            out.write(content + "\n")
    git(folder, "init", "-q")
    git(folder, "add", "-A")


def scan(folder, rules):
    """(rule, path) of every finding."""
    run = subprocess.run(
        [PROGRAM, "scan", "--index", "--no-builtin-rules", "--rules", rules,
         "--format=jsonl", "--no-repo-config", folder],
        capture_output=True, text=True, check=False)
    assert run.returncode in (0, 1), run.stderr
    rows = map(json.loads, run.stdout.splitlines())
    return {(row["rule"], row["path"]) for row in rows
            if row["type"] == "finding"}


def the_sample_is_converted(work):
    rules = os.path.join(work, "rules.yml")
    run = convert(SAMPLE, rules)
    assert run.returncode == 1, run
    assert run.stderr.splitlines() == REMARKS, run.stderr
    check_rules(rules)
    repository(work, [row[:2] for row in FILES])
    found = scan(work, rules)
    wanted = {(rule, path) for path, _, hits in FILES for rule in hits}
    assert found == wanted, (found - wanted, wanted - found)


def paths_are_found_as_by_search(work):
    rng = random.Random(8)
    names = ["foo", "bar", "a", "b", "x.y", "foo.py", "Foo.PY", "a.js", "fo",
             "afoob", "xzzy", "foofoo", "b.py"]
    paths = {"/".join(f"{i}{rng.choice(names)}" if rng.random() < .2 else
                      rng.choice(names) for i in range(rng.randint(1, 4)))
             for _ in range(300)}
    # a file cannot be a folder besides
    paths = [path for path in sorted(paths) if not any(
        other.startswith(path + "/") for other in paths)]
    toml = os.path.join(work, "paths.toml")
    with open(toml, "w", encoding="utf-8") as out:
        for number, regex in enumerate(PATH_REGEXES):
            out.write(f"[[rules]]\nid = 'p{number}'\npath = '''{regex}'''\n")
    rules = os.path.join(work, "paths.yml")
    run = convert(toml, rules)
    assert run.returncode == 0, run
    check_rules(rules)
    folder = os.path.join(work, "tree")
    os.mkdir(folder)
    repository(folder, [(path, "") for path in paths])
    found = scan(folder, rules)
    wanted = {(f"gitleaks-p{number}", path) for path in paths
              for number, regex in enumerate(PATH_REGEXES)
              if re.search(regex, path)}
    assert found == wanted, (sorted(found - wanted)[:5],
                             sorted(wanted - found)[:5])
    assert len(wanted) > len(paths)


def mistakes_have_exit_codes(work):
    rules = os.path.join(work, "none.yml")
    assert convert(os.path.join(work, "missing"), rules).returncode == 128
    bad = os.path.join(work, "bad.toml")
    with open(bad, "w", encoding="utf-8") as out:
        out.write("[[rules]\n")
    assert convert(bad, rules).returncode == 128
    run = subprocess.run([sys.executable, SCRIPT], capture_output=True,
                         check=False)
    assert run.returncode == 129 and not run.stdout
    assert not os.path.exists(rules)


def main():
    for test in (the_sample_is_converted, paths_are_found_as_by_search,
                 mistakes_have_exit_codes):
        with tempfile.TemporaryDirectory() as work:
            test(work)
        print("ok", test.__name__)


if __name__ == "__main__":
    main()
