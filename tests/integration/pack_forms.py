#!/usr/bin/env python3
"""However a repository's objects are stored, a scan says the same, byte by
byte: with deltas of any depth or none, loose, in many packs, borrowed from
alternates, under a multi-pack-index, cloned from a bundle; with one thread or
three; and as when libgit2 reads them, object by object, without deltas.

usage: pack_forms.py <git-hygiene> [--repositories N] [--seed N] [--forms N]
                     [--commits N] [--repo DIR]

Repositories are made up, or copied from DIR, which is only read. --forms tries
so many of the forms on each, chosen by chance, instead of all.
"""
import argparse
import os
import random
import shutil
import string
import subprocess
import sys
import tempfile

SECRET = string.ascii_letters + string.digits
ENV = {key: value for key, value in os.environ.items()
       if not key.startswith("GIT_")}
ENV.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")


def git(repo, *args, **kwargs):
    return subprocess.run(
        ["git", "-C", repo, *args], check=True, env=ENV,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kwargs).stdout


# A history in which files change a little, so that blobs and trees are deltas
# of each other, with copies of all lengths.

def line_of_text(chance):
    kind = chance.random()
    if kind < 0.02:
        token = "".join(chance.choices(SECRET, k=36))
        return f"password = \"{token}\"\n"
    if kind < 0.04:
        key = "".join(chance.choices(SECRET, k=24))
        return f"app.config['SECRET_KEY'] = '{key}'\n"
    if kind < 0.06:
        return "SESSION_TYPE = 'filesystem'\n"
    words = chance.randrange(1, 14)
    return " ".join("".join(chance.choices(string.ascii_lowercase,
                                           k=chance.randrange(1, 10)))
                    for _ in range(words)) + "\n"


def changed(chance, lines):
    lines = list(lines)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(lines) + 1)
        what = chance.random()
        if what < 0.5:
            lines.insert(at, line_of_text(chance))
        elif what < 0.7 and lines:
            del lines[at:at + chance.randrange(1, 8)]
        elif what < 0.9 and lines:
            block = lines[at:at + chance.randrange(1, 60)]
            to = chance.randrange(len(lines) + 1)
            lines[to:to] = block
        elif lines:
            lines[min(at, len(lines) - 1)] = line_of_text(chance)
    return lines


def name_of_path(chance):
    folders = ["app", "app/web", "docs", "src/a/b", "", "flask_session"]
    names = ["settings.py", ".env", "README.md", "main.c", "notes.txt",
             "2029240f6d1128be89ddc32729463129", "config.yml"]
    return os.path.join(chance.choice(folders), chance.choice(names) +
                        chance.choice(["", "", "1", "2", "3"]))


def commit_text(chance, number, branch, files):
    out = [f"commit refs/heads/{branch}\n".encode(),
           b"committer Ada <ada@example.com> %d +0000\n"
           % (1700000000 + 60 * number), b"data 1\nx\n"]
    for _ in range(chance.randrange(1, 5)):
        path = name_of_path(chance)
        if path in files and chance.random() < 0.15:
            del files[path]
            out.append(f"D {path}\n".encode())
            continue
        old = files.get(path)
        if old is None:
            old = [line_of_text(chance)
                   for _ in range(chance.choice([0, 3, 40, 400]))]
        files[path] = changed(chance, old)
        text = "".join(files[path]).encode()
        if path.endswith("63129"):
            text = b"\x00\x00\x00\x00\x80\x05K\x02."
        out.append(f"M 100644 inline {path}\ndata {len(text)}\n".encode())
        out.append(text + b"\n")
    return b"".join(out)


def make_repository(chance, repo, commits):
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", repo],
                   check=True, env=ENV)
    branches = {"main": {}}
    stream = []
    for number in range(commits or chance.randrange(20, 120)):
        branch = chance.choice(list(branches))
        if len(branches) < 4 and chance.random() < 0.05 and number:
            new = f"b{len(branches)}"
            if branches[branch]:
                stream.append(f"reset refs/heads/{new}\n"
                              f"from refs/heads/{branch}\n\n".encode())
                branches[new] = dict(branches[branch])
        stream.append(commit_text(chance, number, branch, branches[branch]))
    git(repo, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet",
        input=b"".join(stream))


# The forms. Each takes a repository that it may change, and returns its path.

def repacked(*options, config=()):
    def form(repo):
        words = [word for pair in config for word in ("-c", pair)]
        if not lacks_objects(repo):
            git(repo, *words, "repack", "-adfq", *options)
            return repo
        base = os.path.join(repo, "objects", "pack")
        old = os.listdir(base)
        if "repack.useDeltaBaseOffset=false" not in config:
            options_of_pack = ("--delta-base-offset", *options)
        else:
            options_of_pack = options
        git(repo, *words, "pack-objects", "-q", "--no-reuse-delta",
            *options_of_pack, os.path.join(base, "pack"),
            input=part_of_objects(repo, 1)[0])
        for name in old:
            os.remove(os.path.join(base, name))
        return repo
    return form


def loose(repo):
    folder = os.path.join(repo, "objects", "pack")
    aside = os.path.join(repo, "aside")
    os.rename(folder, aside)
    os.mkdir(folder)
    for name in sorted(os.listdir(aside)):
        if name.endswith(".pack"):
            with open(os.path.join(aside, name), "rb") as pack:
                git(repo, "unpack-objects", "-q", stdin=pack)
    shutil.rmtree(aside)
    return repo


def part_of_objects(repo, count):
    """All objects, divided by chance into lists of ids."""
    ids = git(repo, "cat-file", "--batch-all-objects",
              "--batch-check=%(objectname)").split()
    if count > 1:
        random.Random(len(ids)).shuffle(ids)
    return [b"\n".join(ids[i::count]) + b"\n" for i in range(count)]


def lacks_objects(repo):
    """Such a one git does not repack, nor bundle."""
    return subprocess.run(
        ["git", "-C", repo, "rev-list", "--objects", "--all", "--quiet"],
        env=ENV, stderr=subprocess.DEVNULL, check=False).returncode != 0


def many_packs(repo):
    base = os.path.join(repo, "objects", "pack")
    old = os.listdir(base)
    for ids in part_of_objects(repo, 7):
        git(repo, "pack-objects", "-q", os.path.join(base, "pack"),
            input=ids)
    for name in old:
        os.remove(os.path.join(base, name))
    return repo


def multi_pack_index(repo):
    many_packs(repo)
    git(repo, "multi-pack-index", "write")
    return repo


def packs_and_loose(repo):
    """Some objects twice: in a pack and beside it."""
    copy = repo + ".copy"
    shutil.copytree(repo, copy)
    loose(copy)
    for folder in os.listdir(os.path.join(copy, "objects")):
        if len(folder) == 2 and folder < "80":
            shutil.copytree(os.path.join(copy, "objects", folder),
                            os.path.join(repo, "objects", folder),
                            dirs_exist_ok=True)
    shutil.rmtree(copy)
    return repo


def alternates(repo):
    """All packs are another's, half of the objects are here as well."""
    lender = repo + ".lender"
    os.makedirs(os.path.join(lender, "objects"))
    os.rename(os.path.join(repo, "objects", "pack"),
              os.path.join(lender, "objects", "pack"))
    os.mkdir(os.path.join(repo, "objects", "pack"))
    os.makedirs(os.path.join(repo, "objects", "info"), exist_ok=True)
    with open(os.path.join(repo, "objects", "info", "alternates"), "w",
              encoding="utf-8") as file:
        file.write(os.path.join(lender, "objects") + "\n")
    half = part_of_objects(repo, 2)[0]
    git(repo, "pack-objects", "-q",
        os.path.join(repo, "objects", "pack", "pack"), input=half)
    ours = git(repo, "count-objects", "-v").decode()
    assert "in-pack: 0\n" not in ours, "nothing is here as well"
    return repo


def from_bundle(repo):
    if lacks_objects(repo):
        return repo
    bundle = repo + ".bundle"
    clone = repo + ".clone"
    git(repo, "bundle", "create", "-q", bundle, "--all")
    git(os.path.dirname(repo), "clone", "-q", "--mirror", bundle, clone)
    os.remove(bundle)
    os.remove(os.path.join(clone, "config"))
    if os.path.exists(os.path.join(repo, "config")):
        shutil.copy(os.path.join(repo, "config"), clone)
    shutil.rmtree(repo)
    return clone


FORMS = {
    "as it is": lambda repo: repo,
    "depth 250": repacked("--depth=250", "--window=10"),
    "depth 2": repacked("--depth=2", "--window=50"),
    "no deltas": repacked("--depth=0", "--window=0"),
    "deltas by id": repacked(config=["repack.useDeltaBaseOffset=false"]),
    "index version 1": repacked(config=["pack.indexVersion=1"]),
    "loose": loose,
    "many packs": many_packs,
    "multi-pack-index": multi_pack_index,
    "packs and loose": packs_and_loose,
    "alternates": alternates,
    "from a bundle": from_bundle,
}


def scan(program, repo, *options):
    run = subprocess.run(
        [program, "-c", "hygiene.fingerprintKey=k", f"--git-dir={repo}",
         "scan", "--history", "--format=jsonl", "--no-repo-config",
         "--no-progress", "--now=2026-01-01", *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENV)
    if run.returncode not in (0, 1, 3):
        raise AssertionError(f"{options}: exit {run.returncode}: "
                             + run.stderr.decode())
    return run.stdout


def check(what, actual, expected):
    if actual == expected:
        return
    ours, theirs = actual.splitlines(), expected.splitlines()
    for a, b in zip(ours + [b"(ends)"], theirs + [b"(ends)"]):
        if a != b:
            raise AssertionError(
                f"{what}:\n  {a[:400]!r}\ninstead of\n  {b[:400]!r}")


def try_forms(program, original, names):
    expected = scan(program, original, "--libgit2", "--jobs=1")
    findings = expected.count(b'"type":"finding"')
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            repo = os.path.join(folder, "repo")
            shutil.copytree(original, repo, symlinks=True)
            repo = FORMS[name](repo)
            for options in (["--jobs=3"], ["--jobs=1"], ["--libgit2"]):
                check(f"{name}, {' '.join(options)}",
                      scan(program, repo, *options), expected)
    return findings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--repositories", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", type=int, default=len(FORMS))
    parser.add_argument("--commits", type=int)
    parser.add_argument("--repo")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    if options.repo:
        found = try_forms(program, os.path.abspath(options.repo), FORMS)
        print(f"{found} findings in each of {len(FORMS)} forms")
        return 0
    found = 0
    for seed in range(options.seed, options.seed + options.repositories):
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            repo = os.path.join(folder, "original")
            make_repository(chance, repo, options.commits)
            names = chance.sample(list(FORMS), options.forms)
            try:
                found += try_forms(program, repo, names)
            except AssertionError as error:
                print(f"seed {seed}: {error}")
                return 1
    print(f"{options.repositories} repositories, {found} findings, "
          f"{options.forms} forms of each")
    return 0


if __name__ == "__main__":
    sys.exit(main())
