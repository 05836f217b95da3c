"""What the tests of the remedies share: git without configuration, and real
session files to be found."""
import os
import subprocess
import sys

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "../data/samples/fs-0.8.0-cachelib-0.15.4-py311")

# A sample of a token, as a name may have it and as a report shows it.
TOKEN = b"ghp_" + b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
MASKED = "ghp_\u2026(40 bytes)".encode()


def environment(home):
    env = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home, LC_ALL="C.UTF-8",
               GIT_CONFIG_NOSYSTEM="1", GIT_CONFIG_GLOBAL=os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        env[f"GIT_{role}_NAME"] = "Ann"
        env[f"GIT_{role}_EMAIL"] = "ann@example.test"
        env[f"GIT_{role}_DATE"] = "1700000000 +0000"
    env.pop("GIT_DIR", None)
    return env


class Repo:
    def __init__(self, program, top, home):
        self.program = os.path.abspath(program)
        self.top = os.fsencode(top)
        self.env = environment(home)
        subprocess.run(["git", "init", "-q", "-b", "main", top], env=self.env,
                       check=True)

    def git(self, *args, data=None, ok=(0,)):
        run = subprocess.run(["git", "-C", self.top, *args], env=self.env,
                             input=data, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        if run.returncode not in ok:
            sys.exit(f"git {args}: {run.returncode} {run.stderr}")
        return run.stdout

    def hygiene(self, *args, env=None):
        """Without the variables that keep it from reading a plain repository
        by itself; the home has no configuration either."""
        env = {name: value for name, value in (env or self.env).items()
               if not name.startswith("GIT_CONFIG_")}
        return subprocess.run([self.program, "-C", self.top, *args], env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL)

    def path(self, name):
        return os.path.join(self.top, os.fsencode(name))

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(content)

    def read(self, name):
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def tracked(self):
        return set(self.git("ls-files", "-z").split(b"\0")) - {b""}

    def ignored(self, paths):
        out = self.git("check-ignore", "--no-index", "-z", "--stdin",
                       data=b"".join(p + b"\0" for p in paths), ok=(0, 1))
        return set(out.split(b"\0")) - {b""}


def session_files():
    folder = os.path.join(SAMPLES, "flask_session")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            yield name.encode(), file.read()
