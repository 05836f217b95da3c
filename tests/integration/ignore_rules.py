"""Holds our decisions about ignored paths against git check-ignore: file, line
and answer, on generated worktrees with nested .gitignore files, negations, odd
patterns, byte order marks, CRLF, info/exclude and core.excludesFile.

usage: ignore_rules.py DECIDE_IGNORED [--worktrees N] [--seed N]
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile

ENV = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull,
           LC_ALL="C.UTF-8")
NAMES = [b"a", b"b", b"ab", b"foo", b"foobar", b"Foo", b"x.log", b"#x", b"!x",
         b"a b", b"b ", b"[a]", b"a*", b"\\", b"\xc3\xa9", b"\xff", b"z-9",
         b"a\tb", b"-", b"]", b"sess_1", b"^a", b"a\vb"]
PIECES = [b"*", b"**", b"?", b"[", b"]", b"[a-c]", b"[!a]", b"[^b]", b"[]a]",
          b"[[:alpha:]]", b"[[:space:]]", b"[[:upper:]]", b"[[:nope:]]",
          b"[z-a]", b"[a-]", b"[\\]]", b"[a/b]", b"\\", b"\\*", b"\\a", b"/",
          b"/", b"/", b"**/", b"/**", b"/**/", b" ", b"\\ ", b"***", b"a", b"b",
          b"foo", b"bar", b"x.log", b".log", b"!", b"#", b"\xc3\xa9", b"\t",
          b"\0", b"\r", b"F", b"-", b"[--0]", b"[[:alpha:]-z]", b"[[:a]"]


def random_pattern(rng):
    if rng.random() < 0.4:
        parts = [rng.choice(NAMES + [b"*", b"**", b"fo*", b"*.log", b"?"])
                 for _ in range(rng.choice([1, 1, 2, 3]))]
        text = b"/".join(parts)
        return rng.choice([b"", b"", b"!", b"/"]) + text + \
            rng.choice([b"", b"", b"/", b"/**", b" "])
    return rng.choice([b"", b"", b"", b"!"]) + b"".join(
        rng.choice(PIECES) for _ in range(rng.randint(1, 5)))


def random_file(rng):
    end = rng.choice([b"\n", b"\n", b"\r\n"])
    most = rng.choice([6, 6, 6, 60])
    lines = [random_pattern(rng) for _ in range(rng.randint(0, most))]
    text = end.join(lines) + rng.choice([b"", end])
    return rng.choice([b"", b"", b"\xef\xbb\xbf"]) + text


def random_path(rng):
    return b"/".join(rng.choice(NAMES) for _ in range(rng.choice([1, 2, 2, 3, 4])))


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(content)


def git_answers(top, case, excludes, paths):
    run = subprocess.run(
        ["git", "-C", top, "-c", f"core.ignoreCase={case}",
         "-c", b"core.excludesFile=" + excludes, "check-ignore", "-v", "-n", "-z",
         "--no-index", "--stdin"], env=ENV, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, input=b"".join(p + b"\0" for p in paths))
    if run.returncode not in (0, 1):
        sys.exit(f"git check-ignore: {run.stderr}")
    fields = run.stdout.split(b"\0")[:-1]
    answers = []
    for source, line, pattern in zip(fields[0::4], fields[1::4], fields[2::4]):
        ignored = bool(source) and not pattern.startswith(b"!")
        answers.append((ignored, source, int(line or 0)))
    return answers


def our_answers(program, top, case, excludes, paths):
    run = subprocess.run(
        [program, top, os.path.join(top, b".git/info/exclude"), excludes,
         "1" if case == "true" else "0"], check=True, stdout=subprocess.PIPE,
        input=b"".join(p + b"\0" for p in paths))
    answers = []
    for row in run.stdout.split(b"\0")[:-1]:
        ignored, rest = row.split(b"\t", 1)
        source, line = rest.rsplit(b"\t", 1)  # names may hold tabs
        answers.append((ignored == b"1", source, int(line)))
    return answers


def same(ours, theirs, top):
    source = ours[1]
    if source.startswith(top + b"/"):
        source = source[len(top) + 1:]
    return (ours[0], source, ours[2]) == theirs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--worktrees", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    wrong = asked = ignored = 0
    with tempfile.TemporaryDirectory() as folder:
        top = os.fsencode(os.path.realpath(folder)) + b"/w"
        subprocess.run(["git", "init", "-q", top], env=ENV, check=True)
        excludes = os.fsencode(os.path.realpath(folder)) + b"/excludes"
        for _ in range(args.worktrees):
            files = {b"": random_file(rng)}
            for _ in range(rng.randint(0, 4)):
                files[random_path(rng)] = random_file(rng)
            for name, content in files.items():
                write(os.path.join(top, name, b".gitignore"), content)
            write(top + b"/.git/info/exclude",
                  random_file(rng) if rng.random() < 0.3 else b"")
            write(excludes, random_file(rng) if rng.random() < 0.3 else b"")
            # a name that is not on disk is not known to be a folder
            paths = list({random_path(rng) + b"/f" + str(i).encode()
                          for i in range(60)} |
                         {n + b"/" + b"new" + p for n in files if n
                          for p in NAMES} | {b"q" + p for p in NAMES})
            case = rng.choice(["false", "false", "true"])
            git = git_answers(top, case, excludes, paths)
            our = our_answers(args.program, top, case, excludes, paths)
            assert len(git) == len(our) == len(paths)
            for path, theirs, ours in zip(paths, git, our):
                asked += 1
                ignored += theirs[0]
                if not same(ours, theirs, top):
                    wrong += 1
                    if wrong <= 10:
                        print(path, "git:", theirs, "ours:", ours, case,
                              files, file=sys.stderr)
            for name in files:
                os.unlink(os.path.join(top, name, b".gitignore"))
    print(f"{asked} paths, {ignored} ignored, {wrong} decided differently")
    return 1 if wrong or not ignored else 0


if __name__ == "__main__":
    sys.exit(main())
