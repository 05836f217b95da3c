"""What the tests of `monitor` share: a repository with a session store, whose
files are written as cachelib 0.7 and later writes them: four bytes of expiry,
little-endian, then a pickle (cachelib file.py and serializers.py).
"""
import hashlib
import json
import os
import pickle
import queue
import shutil
import signal
import struct
import subprocess
import tempfile
import threading
import time
import unittest

TOKEN = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"  # sample
MASKED = "ghp_\u2026(40 bytes)"
COUNTER = "2029240f6d1128be89ddc32729463129"  # md5 of __wz_cache_count
NEVER = 0
SOON = 1.5  # seconds in which a change must be told, on a slow machine too


def hex_name(word):
    return hashlib.md5(word.encode()).hexdigest()


def cached(expiry, value):
    return struct.pack("<I", expiry) + pickle.dumps(value, 4)


def session(expiry, **keys):
    return cached(expiry, {"_permanent": True, **keys})


def write(folder, name, content, mode=0o600):
    """As the libraries do: beside its place, renamed, then its mode."""
    path = os.path.join(folder, name)
    descriptor, temporary = tempfile.mkstemp(".__wz_cache", dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    os.replace(temporary, path)
    os.chmod(path, mode)
    return path


def names(folder):
    return sorted(os.listdir(folder))


class Case(unittest.TestCase):
    """A repository whose .gitignore covers the store `flask_session`."""
    program = ""

    def setUp(self):
        # realpath: the temporary folder of some systems is a symlink
        self.root = os.path.realpath(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.environment = {
            k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        self.environment.update(
            HOME=self.root, GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8",
            GIT_CEILING_DIRECTORIES=self.root, COLUMNS="80")
        self.repo = os.path.join(self.root, "repo")
        os.mkdir(self.repo)
        self.git("init", "-q")
        self.ignore("flask_session/\n")
        self.store = self.make_store("flask_session")

    def git(self, *words):
        subprocess.run(["git", *words], cwd=self.repo, check=True,
                       env=self.environment)

    def ignore(self, text):
        with open(os.path.join(self.repo, ".gitignore"), "w",
                  encoding="utf-8") as file:
            file.write(text)

    def make_store(self, path):
        folder = os.path.join(self.repo, path)
        os.makedirs(folder)
        os.chmod(folder, 0o700)
        return folder

    def start(self, *words, **how):
        return subprocess.Popen([self.program, "monitor", *words], cwd=self.repo,
                                env=self.environment, **how)

    def run_monitor(self, *words, code=0):
        run = subprocess.run([self.program, "monitor", *words], cwd=self.repo,
                             env=self.environment, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout.decode(), run.stderr.decode()

    def report(self, *words, code=0):
        """The report, and its directories by path."""
        out, _ = self.run_monitor("--format=json", *words, code=code)
        report = json.loads(out)
        return report, {row["path"]: row for row in report["directories"]}

    def assert_fields(self, row, **fields):
        self.assertEqual({key: row[key] for key in fields}, fields)

    def write_every_kind(self):
        now = int(time.time())
        write(self.store, hex_name("live"), session(now + 3600, user_id=1))
        write(self.store, hex_name("old"), session(now - 60, user_id=2))
        write(self.store, hex_name("never"), session(NEVER, user_id=3))
        write(self.store, COUNTER, cached(NEVER, 3))
        write(self.store, hex_name("view"), cached(now + 60, "<html>"))
        write(self.store, ".gitkeep", b"", 0o644)
        write(self.store, "tmpabcd1234.__wz_cache", b"")
        return now


class Watching:
    """A running `monitor --watch --format=json` and the lines it prints."""

    def __init__(self, case, *words):
        self.case = case
        self.process = case.start("--watch", "--format=json", *words,
                                  stdout=subprocess.PIPE)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()
        self.report = self.next(20)

    def read(self):
        with self.process.stdout as out:
            for line in out:
                self.lines.put(json.loads(line))

    def next(self, seconds):
        try:
            return self.lines.get(timeout=seconds)
        except queue.Empty:
            return None

    def wait_for(self, change, since=None, **fields):
        """The next line about `change`, which must come soon."""
        end = (since or time.time()) + SOON
        while True:
            row = self.next(max(0, end - time.time()))
            self.case.assertIsNotNone(row, f"no line about {change}")
            if row["change"] == change:
                self.case.assertEqual(row["type"], "change")
                self.case.assert_fields(row, **fields)
                return row

    def end(self, number=signal.SIGTERM):
        """Ends it; the seconds of CPU that it took."""
        self.process.send_signal(number)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.reader.join()
        self.case.assertEqual(self.process.returncode, 0)
        return usage.ru_utime + usage.ru_stime


def main(argv):
    """Runs the tests of the caller: its first argument is the program."""
    Case.program = os.path.abspath(argv.pop(1))
    unittest.main(module="__main__", argv=argv)
