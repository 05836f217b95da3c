"""Where a sparse checkout leaves .gitignore files out, git reads them from the
index. `ignore` must decide as git check-ignore does, and refuse to change one
that is not on disk.

usage: ignore_sparse.py GIT-HYGIENE
"""
import os
import sys
import tempfile

from remedy_repo import Repo, session_files

# What the .gitignore of a/ says, that of the top, and the exit code of --write.
CASES = [
    (b"flask_session/\n", b"", 0),
    (b"", b"", 0),
    (b"", b"flask_session/\n", 0),
    (b"!flask_session/\n", b"flask_session/\n", 128),
    (b"/flask_session/*\n!/flask_session/5*\n", b"", 0),
    (b"*\n", b"!flask_session/\n", 0),
]


def make(repo, deep, top):
    stores = set()
    for folder in (b"a", b"b"):
        for name, content in session_files():
            stores.add(folder + b"/flask_session/" + name)
            repo.write(folder + b"/flask_session/" + name, content)
    repo.write("a/.gitignore", deep)
    repo.write("a/main.py", b"x = 1\n")
    repo.write(".gitignore", top)
    repo.git("add", "-A", "-f")
    repo.git("commit", "-q", "-m", "x")
    repo.git("rm", "-q", "-r", "--cached", "a/flask_session",
             "b/flask_session")
    repo.git("commit", "-q", "-m", "y")
    repo.git("sparse-checkout", "set", "--cone", "--no-sparse-index", "b")
    return stores


def ignored(repo, stores):
    """With --no-index git would not look into the index for .gitignore."""
    out = repo.git("check-ignore", "-z", "--stdin", ok=(0, 1),
                   data=b"".join(path + b"\0" for path in sorted(stores)))
    return set(out.split(b"\0")) - {b""}


def check(repo, deep, top, code):
    """What is wrong, or None."""
    stores = make(repo, deep, top)
    if os.path.exists(repo.path("a/.gitignore")):
        return "the checkout is not sparse"
    missed = stores - ignored(repo, stores)
    run = repo.hygiene("ignore", "--check")
    if run.returncode != (1 if missed else 0):
        return f"--check: {run}, git leaves {missed}"
    before = repo.read(".gitignore"), repo.git("ls-files", "--stage")
    run = repo.hygiene("ignore", "--write")
    if run.returncode != code:
        return f"--write: {run}"
    if code:
        if b"a/.gitignore is outside of the sparse checkout" not in run.stderr:
            return f"--write: {run.stderr}"
        if (repo.read(".gitignore"), repo.git("ls-files", "--stage")) != before:
            return "something changed"
        return None
    missed = stores - ignored(repo, stores)
    return f"git leaves {missed}" if missed else None


def main():
    faults = 0
    for number, case in enumerate(CASES):
        with tempfile.TemporaryDirectory() as folder:
            repo = Repo(sys.argv[1], os.path.join(folder, "r"), folder)
            fault = check(repo, *case)
            if fault:
                faults += 1
                print(f"case {number}: {fault}", file=sys.stderr)
    print(f"{len(CASES)} cases, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
