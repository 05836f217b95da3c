"""Compares ignore patterns with git: each must ignore its path, and no other
but those that differ from it only in bytes that a pattern cannot spell.

usage: ignore_patterns.py PRINT_PATTERN
"""

import os
import random
import subprocess
import sys
import tempfile

PIECES = [b"*", b"?", b"[", b"]", b"\\", b"#", b"!", b" ", b"  ", b"a", b"Z",
          b"0", b"-", b"^", b"{", b"\t", b"\n", b"\r", b"\x1b", b"\x7f",
          b"\xff", b"\xc3\xa9", b"\xe4\xb8\xad", b"\xe2\x80\xae",
          b"\xef\xbb\xbf", b"$", b"'", b'"', b"[a-z]", b"**", b".x", b":"]


def random_name(rng):
    while True:
        name = b"".join(rng.choice(PIECES) for _ in range(rng.randint(1, 6)))
        if name not in (b".", b".."):
            return name


def random_path(rng):
    return b"/".join(random_name(rng) for _ in range(rng.randint(1, 3)))


def neighbour(rng, path):
    """The path with one byte of printable ASCII exchanged for another."""
    places = [i for i, byte in enumerate(path)
              if 0x20 <= byte < 0x7f and byte != 0x2f]
    if not places:
        return path + b"q"
    at = rng.choice(places)
    return path[:at] + (b"q" if path[at:at + 1] != b"q" else b"w") + \
        path[at + 1:]


def git(args, **options):
    env = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull,
               LC_ALL="C.UTF-8")
    return subprocess.run(["git", *args], env=env, stdout=subprocess.PIPE,
                          **options)


def ignored(top, paths):
    run = git(["-C", top, "check-ignore", "--no-index", "-z", "--stdin"],
              input=b"".join(path + b"\0" for path in paths))
    if run.returncode not in (0, 1):
        sys.exit(f"git check-ignore: exit code {run.returncode}")
    return set(run.stdout.split(b"\0"))


def main():
    rng = random.Random(20240102)
    paths = [random_path(rng) for _ in range(400)]
    paths += [b"#", b"!x", b" ", b"a ", b"a  ", b"\\", b"a\\ ", b"a\r", b"[",
              b"*", b"a/**/b", b"\xef\xbb\xbf#"]
    run = subprocess.run([sys.argv[1]], input=b"".join(p + b"\0" for p in paths),
                         stdout=subprocess.PIPE, check=True)
    patterns = run.stdout.split(b"\n")[:-1]
    assert len(patterns) == len(paths), "a pattern of several lines"
    with tempfile.TemporaryDirectory() as top:
        git(["init", "-q", top], check=True)
        wanted, others = [], []
        for number, (path, pattern) in enumerate(zip(paths, patterns)):
            folder = b"%d/" % number
            os.mkdir(os.path.join(os.fsencode(top), folder))
            with open(os.path.join(os.fsencode(top), folder, b".gitignore"),
                      "wb") as out:
                out.write(pattern + b"\n")
            wanted.append(folder + path)
            others.append(folder + neighbour(rng, path))
        found = ignored(top, wanted + others)
    missed = [path for path in wanted if path not in found]
    wrong = [path for path in others if path in found]
    for path in missed:
        print("not ignored:", path, file=sys.stderr)
    for path in wrong:
        print("ignored as well:", path, file=sys.stderr)
    print(f"{len(wanted)} patterns, {len(others)} neighbours")
    return 1 if missed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
