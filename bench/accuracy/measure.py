"""Plants secrets in a repository, scans it, and says what was found.

usage: measure.py <git-hygiene> [--seed=<n>] [--least=<percent>]
                  [--forms=<form>,...] [--list] [--judged=<file>]
                  [<folder or repository>...]

Folders and repositories after that are taken as look-alikes: what is found in
their present files, at confidence high or certain, is counted for each
10 MB, and listed. Exit 1 when less than --least percent of the planted secrets
were found by the right rule, or when a look-alike has more than one a 10 MB;
a list of those that somebody has looked at can be given by --judged=<file>.
"""
import argparse
import collections
import json
import os
import random
import re
import string
import subprocess
import sys
import tempfile
import uuid

import files
import formats
import signed

KINDS = {
    "h": "0123456789abcdef", "H": "0123456789ABCDEF",
    "d": string.digits, "l": string.ascii_lowercase,
    "u": string.ascii_uppercase, "e": string.ascii_letters,
    "a": string.ascii_letters + string.digits,
    "x": string.ascii_lowercase + string.digits,
    "y": string.ascii_uppercase + string.digits,
    "w": string.ascii_letters + string.digits + "-_",
    "b": string.ascii_letters + string.digits + "+/",
    "3": string.ascii_uppercase + "234567",
    "4": string.ascii_lowercase + "234567",
    "c": "ABCD", "q": "AQgw", "p": "abcdefghijklmnop",
    "m": "ybndrfg8ejkmcpqxot1uwisza345h769",
    "r": "bcdfghjklmnpqrstvwxz2456789",
}

# What a program may call a value whose form tells what it is.
PLAIN_NAMES = [["value"], ["service", "key"], ["login"], ["remote"]]

# A setting that is called a secret is found by one of these.
GENERIC = {"generic-secret", "generic-password", "generic-secret-setting",
           "generic-secret-element", "generic-secret-line",
           "generic-secret-macro", "generic-secret-query",
           "env-file-secret", "session-key", "session-key-unquoted"}

ENCODED_FILES = ["py", "js", "json", "yml", "env", "md"]
Planted = collections.namedtuple("Planted", "family rule form suffix path")


def mixed(source, alphabet, count):
    """Random text that has of each class, as nearly all of its length do."""
    classes = [set(string.digits), set(string.ascii_lowercase),
               set(string.ascii_uppercase)]
    wanted = [chars for chars in classes if chars & set(alphabet)]
    while True:
        text = signed.text_of(source, alphabet, count)
        if count < 12 or all(chars & set(text) for chars in wanted):
            return text


def make(source, template):
    def part(match):
        name = match.group(1)
        if name == "uuid":
            return str(uuid.UUID(int=source.getrandbits(128), version=4))
        if name == "B32":
            return signed.base64.b64encode(signed.bytes_of(source, 32)) \
                .decode()
        if name.startswith("pw"):
            return mixed(source, KINDS["a"], int(name[2:]))
        if ":" in name:
            function, argument = name.split(":")
            return getattr(signed, function)(source, argument)
        return mixed(source, KINDS[name[0]], int(name[1:]))
    return re.sub(r"\{([^{}]*)\}", part, template)


def is_settable(value, suffix):
    """Not every value can be written in every file as it is."""
    return "\n" not in value or suffix not in ("ini", "env", "sh", "md")


def places(source, is_formed, names, number):
    """Form, file type and name of each secret of one format."""
    suffixes = list(files.SYNTAXES)
    for place, suffix in enumerate(suffixes):
        plain_name = is_formed and place % 2
        yield "plain", suffix, source.choice(PLAIN_NAMES) if plain_name \
            else names
    for place, form in enumerate(list(files.FORMS)[1:]):
        yield form, ENCODED_FILES[(number + place) % len(ENCODED_FILES)], names


def plant(source, folder, forms):
    planted = []
    for table, is_formed in ((formats.FORMED, True), (formats.NAMED, False)):
        for family, rows in table.items():
            for number, (rule, name, template) in enumerate(rows):
                for form, suffix, words in places(source, is_formed,
                                                  name.split(), number):
                    value = make(source, template)
                    if form not in forms or not is_settable(value, suffix):
                        continue
                    path = f"{family}/{rule}-{number}/{form}/config.{suffix}"
                    planted.append(Planted(family, rule, form, suffix, path))
                    target = os.path.join(folder, path)
                    os.makedirs(os.path.dirname(target), exist_ok=True)
                    with open(target, "wb") as out:
                        out.write(files.FORMS[form](suffix, words, value))
    return planted


def git(folder, *args):
    done = subprocess.run(
        ["git", "-C", folder, "-c", "user.name=A", "-c", "user.email=a@x",
         "-c", "core.autocrlf=false", "-c", "core.excludesFile=", *args],
        check=True, capture_output=True, text=True)
    return done.stdout.strip()


def scan(program, repo):
    done = subprocess.run(
        [program, "-C", repo, "-c", "hygiene.rules=", "scan", "--history",
         "--no-repo-config", "--format=jsonl"],
        capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(done.stderr)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [row for row in rows if row["type"] == "finding"], rows[-1]


def is_right(rule, found):
    return found == rule or (rule == "generic" and found in GENERIC)


class Counts:
    def __init__(self):
        self.planted = self.found = self.right = self.other = 0

    def add(self, planted, rules):
        right = [rule for rule in rules if is_right(planted.rule, rule)]
        self.planted += 1
        self.found += bool(rules)
        self.right += bool(right)
        self.other += len(rules) - len(right[:1])

    def line(self, name):
        findings = self.right + self.other
        return (f"{name:20} {self.planted:8} {self.found:6} {self.right:6} "
                f"{self.other:6} {percent(self.right, self.planted):7} "
                f"{percent(self.right, findings):9}")


def percent(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "-"


def measure_planted(options):
    source = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        git(folder, "init", "-q")
        planted = plant(source, folder, options.forms.split(","))
        git(folder, "add", "-A", "-f")
        git(folder, "commit", "-q", "-m", "x")
        found, _ = scan(options.program, folder)
    rules = collections.defaultdict(list)
    for row in found:
        rules[row["path"]].append(row["rule"])
    total = Counts()
    groups = collections.defaultdict(Counts)
    for secret in planted:
        here = rules[secret.path]
        for counts in (total, groups["family", secret.family],
                       groups["form", secret.form],
                       groups["file", secret.suffix]):
            counts.add(secret, here)
        wrong = [rule for rule in here if not is_right(secret.rule, rule)]
        if options.list and (wrong or not here):
            print(f"{secret.path}: {', '.join(here) or 'nothing'}")
    head = f"{'planted':>8} {'found':>6} {'right':>6} {'other':>6} " \
           f"{'recall':>7} {'precision':>9}"
    for kind in ("family", "form", "file"):
        print(f"{kind:20} {head}")
        for (group, name), counts in groups.items():
            if group == kind:
                print(counts.line(name))
        print()
    print(total.line("all"))
    return 100 * total.right / total.planted


def look_alike(folder, path):
    """A repository that holds the present files of another one, or of a
    folder, in one commit; and their size."""
    git(folder, "init", "-q", "--bare")
    try:
        store = git(path, "rev-parse", "--path-format=absolute",
                    "--git-path", "objects")
        tree = git(path, "rev-parse", "HEAD^{tree}")
        with open(os.path.join(folder, "objects/info/alternates"), "w",
                  encoding="utf-8") as out:
            out.write(store + "\n")
    except subprocess.CalledProcessError:
        git(folder, "--work-tree=" + os.path.abspath(path), "add", "-A", "-f",
            ".")
        tree = git(folder, "write-tree")
    commit = git(folder, "commit-tree", "-m", "x", tree)
    git(folder, "update-ref", "HEAD", commit)
    sizes = [row.split()[3] for row in
             git(folder, "ls-tree", "-r", "-l", "HEAD").splitlines()]
    return sum(int(size) for size in sizes if size.isdigit())


def name_of(path):
    """The repository's: of owner/name.git, owner+name/repo, name/.git."""
    folder, name = os.path.split(os.path.abspath(path))
    if name in ("repo", ".git"):
        name = os.path.basename(folder)
    return name.split("+")[-1].removesuffix(".git")


def judgements(path):
    """Lines of rule, repository and path, and what somebody calls it."""
    if not path:
        return {}
    with open(path, encoding="utf-8") as text:
        rows = [line.split("\t") for line in text if line.strip()
                and not line.startswith("#")]
    return {(rule, place): judged.strip() for rule, place, judged in rows}


def measure_look_alikes(options):
    judged = judgements(options.judged)
    all_bytes = all_count = 0
    print(f"\n{'look-alike':24} {'MB':>7} {'high':>5} {'not judged':>10} "
          f"{'a 10 MB':>8}")
    for path in options.look_alike:
        with tempfile.TemporaryDirectory() as folder:
            size = look_alike(folder, path)
            found, _ = scan(options.program, folder)
        sure = [row for row in found
                if row["confidence"] in ("high", "certain")]
        name = name_of(path)
        left = [row for row in sure if judged.get(
            (row["rule"], f"{name}/{row['path']}")) not in
            ("secret", "test secret", "setting")]
        all_bytes += size
        all_count += len(left)
        print(f"{name:24} {size / 1e6:7.1f} {len(sure):5} {len(left):10} "
              f"{len(left) / (size / 1e7):8.2f}")
        for row in left if options.list or options.judged else []:
            line = (row.get("region") or {}).get("start_line", "")
            print(f"  {row['rule']}\t{name}/{row['path']}:{line}\t"
                  f"{row.get('excerpt') or ''}")
    if not all_bytes:
        return 0
    rate = all_count / (all_bytes / 1e7)
    print(f"{'all':24} {all_bytes / 1e6:7.1f} {'':5} {all_count:10} "
          f"{rate:8.2f}")
    return rate


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("look_alike", nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=99)
    parser.add_argument("--forms", default=",".join(files.FORMS))
    parser.add_argument("--judged")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_intermixed_args()
    right = measure_planted(options)
    rate = measure_look_alikes(options) if options.look_alike else 0
    return 1 if right < options.least or rate > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
