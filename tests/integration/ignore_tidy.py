"""The case of docs: six patterns for two directories become two by --tidy, and
git's answers stay the same on a thousand paths. Lines that only look
superfluous stay.

usage: ignore_tidy.py GIT-HYGIENE
"""
import os
import random
import sys
import tempfile

from remedy_repo import Repo, session_files

SIX = b"""# session files
flask_session/
*/flask_session/
**/flask_session/
temp_sessions/
*/temp_sessions/
**/temp_sessions/
"""
# what --tidy makes of a file
ROWS = [
    (SIX, b"# session files\nflask_session/\ntemp_sessions/\n"),
    (b"*.log\ndebug.log\n!keep.log\n", b"*.log\n!keep.log\n"),
    (b"*.log\n!keep.log\nkeep.log\n", None),
    (b"build/\nbuild/out\n", b"build/\n"),
    (b"build/\nbuild/out\n!build/\n", None),
    (b"a\na/\n", b"a\n"),
    (b"a/\na\n", b"a\n"),
    (b"/a\na\n", b"a\n"),
    (b"a/**/x\na/**/x\n", b"a/**/x\n"),
    (b"*/x/\n**/x/y\n", None),
    (b"foo\nfoo*\nfoo/bar\r\n", b"foo*\n"),
    (b"x/**\nx/\n", b"x/\n"),
    (b"\\#a\n\\#a", b"\\#a\n"),
]


def probes(rng):
    names = [b"flask_session", b"temp_sessions", b"a", b"x", b"build", b"out",
             b"debug.log", b"keep.log", b"foo", b"bar", b"foobar", b"y", b"#a"]
    found = set()
    while len(found) < 1000:
        found.add(b"/".join(rng.choice(names)
                            for _ in range(rng.randint(1, 4))) + b"/q%d" %
                  rng.randint(0, 9))
    return sorted(found) + names


def check(repo, old, new, paths):
    repo.write(".gitignore", old)
    before = repo.ignored(paths)
    run = repo.hygiene("ignore", "--write", "--tidy")
    if run.returncode != 0:
        return f"{old}: {run}"
    if repo.read(".gitignore") != (new or old):
        return f"{old}: became {repo.read('.gitignore')} {run.stdout}"
    if repo.ignored(paths) != before:
        return f"{old}: git decides differently"
    return None


def missing_tree(repo):
    """Not all paths of the history are known, so no line goes."""
    repo.write("a/b", b"x")
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "x")
    tree = repo.git("rev-parse", "HEAD:a").decode().strip()
    repo.git("rm", "-q", "-r", "a")
    repo.write("c", b"x")
    repo.write(".gitignore", b"foo\nfoo*\n")
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "y")
    os.unlink(repo.path(f".git/objects/{tree[:2]}/{tree[2:]}"))
    run = repo.hygiene("ignore", "--write", "--tidy", "--index")
    if run.returncode != 3 or b"missing " + tree.encode() not in run.stderr:
        return f"without a tree: {run}"
    if b"kept, not all paths are known" not in run.stdout:
        return f"without a tree, it says: {run.stdout}"
    if repo.read(".gitignore") != b"foo\nfoo*\n":
        return f"without a tree: {repo.read('.gitignore')}"
    return None


def main():
    paths = probes(random.Random(4))
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        repo = Repo(sys.argv[1], os.path.join(folder, "r"), folder)
        for name, content in session_files():
            repo.write(b"flask_session/" + name, content)
            repo.write(b"backend/flask_session/" + name, content)
        repo.write("main.py", b"")
        repo.git("add", "-A")
        repo.git("commit", "-q", "-m", "x")
        repo.git("rm", "-r", "-q", "flask_session", "backend")
        repo.git("commit", "-q", "-m", "y")
        faults.append(check(repo, *ROWS[0], paths))
        faults.append(missing_tree(
            Repo(sys.argv[1], os.path.join(folder, "missing"), folder)))
    with tempfile.TemporaryDirectory() as folder:
        repo = Repo(sys.argv[1], os.path.join(folder, "r"), folder)
        for old, new in ROWS[1:]:
            faults.append(check(repo, old, new, paths))
        # a deeper file that negates makes the folder matter again
        repo.write("sub/.gitignore", b"!out\n!build/\n")
        faults.append(check(repo, b"build/\n**/build/out\n", None, paths))
    faults = [fault for fault in faults if fault]
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(ROWS)} files, {len(paths)} paths, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
