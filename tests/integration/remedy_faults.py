"""Kills `ignore --write` and `untrack --yes` at every call that changes a file,
and lets every such call fail: .gitignore and index must be the old or the new
ones, git must work, and a lock that is left must be one that git names. Then
.gitignore as symlink, FIFO, folder, too large a file: a clear error, and
nothing lost.

usage: remedy_faults.py GIT-HYGIENE FAULT_AT.SO
"""
import os
import shutil
import subprocess
import sys
import tempfile

from remedy_repo import Repo, session_files

OLD = b"*.pyc\r\nlast"
NOBODY = 65534


def make(repo):
    for name, content in session_files():
        repo.write(b"app/flask_session/" + name, content)
    repo.write("main.py", b"x = 1\n")
    repo.write(".gitignore", OLD)
    os.chmod(repo.path(".gitignore"), 0o640)
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "x")


def state(repo):
    return repo.read(".gitignore"), repo.git("ls-files", "--stage")


def leftovers(repo):
    return [name for name in os.listdir(repo.top) + os.listdir(
        repo.path(".git")) if name.startswith((b".gitignore.", b"index."))]


def reset(repo, index):
    for name in leftovers(repo):
        folder = "" if name.startswith(b".gitignore") else ".git/"
        os.unlink(repo.path(os.fsencode(folder) + name))
    repo.write(".gitignore", OLD)
    os.chmod(repo.path(".gitignore"), 0o640)
    repo.write(".git/index", index)


def with_fault(repo, preload, kind, number, args):
    env = dict(repo.env, LD_PRELOAD=preload)
    env[f"FAULT_{kind}_AT"] = str(number)
    env["ASAN_OPTIONS"] = "verify_asan_link_order=0"
    return repo.hygiene(*args, env=env)


def usable(repo):
    """What git makes of the repository; a lock is named by git itself."""
    repo.git("fsck", "--strict")
    repo.git("status")
    run = subprocess.run(["git", "-C", repo.top, "add", "main.py"],
                         env=repo.env, stderr=subprocess.PIPE)
    locked = os.path.exists(repo.path(".git/index.lock"))
    return run.returncode == 0 if not locked else \
        b"index.lock': File exists" in run.stderr


def every_point(repo, preload, args):
    """(faults, number of points)"""
    faults = []
    index = repo.read(".git/index")
    before = state(repo)
    assert repo.hygiene(*args).returncode == 0
    after = state(repo)
    reset(repo, index)
    for number in range(1, 100):
        killed = with_fault(repo, preload, "KILL", number, args)
        if killed.returncode == 0:
            reset(repo, index)
            return faults, number - 1
        if killed.returncode != -9 or state(repo) not in (before, after):
            faults.append(f"{args} killed at {number}: {killed} {state(repo)}")
        if not usable(repo):
            faults.append(f"{args} killed at {number}: git cannot go on")
        reset(repo, index)
        failed = with_fault(repo, preload, "FAIL", number, args)
        if failed.returncode not in (0, 128) or \
                state(repo) != (after if failed.returncode == 0 else before):
            faults.append(f"{args} fails at {number}: {failed} {state(repo)}")
        if leftovers(repo) and b"unlink" not in failed.stderr:
            faults.append(f"{args} fails at {number}: left {leftovers(repo)}")
        reset(repo, index)
    return faults + ["no end"], 100


def odd_files(repo, folder):
    faults = []
    target = os.path.join(folder, "outside")
    path = repo.path(".gitignore")

    def refused(what, word):
        run = repo.hygiene("ignore", "--write")
        if run.returncode != 128 or word not in run.stderr:
            faults.append(f"{what}: {run}")

    os.unlink(path)
    with open(target, "wb") as out:
        out.write(b"outside\n")
    os.symlink(target, path)
    refused("symlink", b"is a symbolic link")
    if open(target, "rb").read() != b"outside\n":
        faults.append("symlink: followed")
    os.unlink(path)
    os.mkfifo(path)
    refused("FIFO", b"not a regular file")
    os.unlink(path)
    os.mkdir(path)
    refused("folder", b"not a regular file")
    os.rmdir(path)
    with open(path, "wb") as out:
        out.truncate(200 << 20)
    refused("200 MB", b"larger than")
    if os.path.getsize(path) != 200 << 20:
        faults.append("200 MB: changed")
    repo.write(".gitignore", "a\n".encode("utf-16"))
    refused("UTF-16", b"NUL bytes")
    repo.write(".gitignore", b"# BEGIN git-hygiene\n")
    refused("open block", b"has no line")
    os.unlink(path)
    return faults


def unreadable(program, folder):
    """A .gitignore that the user may not read; root may read all, so it becomes
    somebody else for this. The reason why it cannot be tried, or faults."""
    home = os.path.join(folder, "other")
    user = {}
    if not os.getuid():
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    os.mkdir(home)
    os.chmod(folder, 0o755)
    copy = shutil.copy(program, home)
    repo = Repo(copy, os.path.join(home, "r"), home)
    make(repo)
    for where, folders, files in os.walk(home):
        for name in [where] + [os.path.join(where, file) for file in files]:
            if user:
                os.chown(name, NOBODY, NOBODY)
    os.chmod(repo.path(".gitignore"), 0)
    faults = []
    # git passes over such a file, and so does a mere check
    for option, code in (("--suggest", 128), ("--write", 128),
                         ("--undo", 128), ("--check", 1)):
        try:
            run = subprocess.run([copy, "-C", repo.top, "ignore", option],
                                 env=repo.env, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, **user)
        except OSError as error:
            return f"no program can be run as user {NOBODY}: {error}", []
        if run.returncode != code or \
                b".gitignore: Permission denied" not in run.stderr:
            faults.append(f"unreadable: {run}")
    os.chmod(repo.path(".gitignore"), 0o640)
    if repo.read(".gitignore") != OLD:
        faults.append("unreadable: changed")
    return None, faults


def main():
    program, preload = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        repo = Repo(program, os.path.join(folder, "r"), folder)
        make(repo)
        faults, ignore_points = every_point(repo, preload,
                                            ("ignore", "--write"))
        more, untrack_points = every_point(repo, preload,
                                           ("untrack", "--yes"))
        faults += more
        if repo.hygiene("ignore", "--write").returncode or \
                os.stat(repo.path(".gitignore")).st_mode & 0o7777 != 0o640:
            faults.append("the mode is not kept")
        faults += odd_files(repo, folder)
        reason, more = unreadable(program, folder)
        faults += more
    if reason:
        print(f"NOT TRIED: an unreadable .gitignore: {reason}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{ignore_points} points of ignore, {untrack_points} of untrack, "
          f"{len(faults)} faults")
    return 1 if faults or ignore_points < 5 or untrack_points < 5 else 0


if __name__ == "__main__":
    sys.exit(main())
