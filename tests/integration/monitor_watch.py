#!/usr/bin/env python3
"""Runs `monitor --watch` while files come, change, expire and go, with inotify
and by polling: each change must be told soon.

usage: monitor_watch.py <git-hygiene> [<options of unittest>]
"""
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest
from multiprocessing.pool import ThreadPool

from session_store import (MASKED, NEVER, SOON, TOKEN, Case, Watching,
                           hex_name, main, session, write)


class Watch(Case):
    options = ()

    def watch(self, *words):
        watching = Watching(self, *self.options, *words)

        def stop():
            if watching.process.returncode is None:
                watching.end()
        self.addCleanup(stop)
        return watching

    def test_files_that_come_expire_change_and_go(self):
        watching = self.watch()
        self.assertEqual(watching.report["type"], "monitor")
        expiry = int(time.time()) + 3
        name = hex_name("a")
        path = write(self.store, name, session(expiry, user_id=1))
        watching.wait_for("file-added", file=name, state="live", sessions=1,
                          path="flask_session", problems=[])
        os.chmod(path, 0o644)
        watching.wait_for("file-mode", file=name, old_mode="0600",
                          new_mode="0644", problems=["file-mode"])
        time.sleep(max(0, expiry - time.time()))
        watching.wait_for("file-expired", since=expiry, file=name,
                          state="expired")
        write(self.store, name, session(expiry + 3600, user_id=1))
        watching.wait_for("file-renewed", file=name, state="live")
        os.remove(path)
        watching.wait_for("file-removed", file=name, sessions=0)

    def test_secrets_in_names_are_masked(self):
        watching = self.watch()
        path = write(self.store, TOKEN, b"no session")
        shown = MASKED[:6] + "..."  # it may be the id of a session, too
        watching.wait_for("file-added", file=shown)
        os.remove(path)
        watching.wait_for("file-removed", file=shown)

    def test_a_session_that_is_rewritten_is_no_news(self):
        expiry = int(time.time()) + 3600
        write(self.store, hex_name("a"), session(expiry, user_id=1))
        watching = self.watch()
        for more in range(5):
            write(self.store, hex_name("a"), session(expiry + more, user_id=1))
            time.sleep(0.1)
        write(self.store, hex_name("b"), session(expiry, user_id=1))
        row = watching.next(SOON)
        self.assert_fields(row, change="file-added", file=hex_name("b"))

    def test_the_directory_and_git(self):
        path = write(self.store, hex_name("a"), session(NEVER, user_id=1))
        watching = self.watch("--threshold=1")
        os.chmod(self.store, 0o750)
        watching.wait_for("directory-mode", old_mode="0700", new_mode="0750",
                          problems=["directory-mode"])
        write(self.store, hex_name("b"), session(NEVER, user_id=1))
        watching.wait_for("over-threshold", sessions=2)
        os.remove(path)
        watching.wait_for("within-threshold", sessions=1)
        self.git("add", "-f", "flask_session/" + hex_name("b"))
        watching.wait_for("tracked", tracked=1)
        self.git("rm", "-q", "--cached", "flask_session/" + hex_name("b"))
        watching.wait_for("untracked", tracked=0)
        self.ignore("# flask_session/\n")
        watching.wait_for("unignored")
        self.ignore("flask_session/\n")
        watching.wait_for("ignored", problems=["directory-mode"])

    def test_a_directory_that_is_deleted_and_made_again(self):
        write(self.store, hex_name("a"), session(NEVER, user_id=1))
        watching = self.watch("flask_session")
        for _ in range(2):
            shutil.rmtree(self.store)
            watching.wait_for("directory-removed", sessions=0)
            os.mkdir(self.store, 0o700)
            watching.wait_for("directory-made")
            write(self.store, hex_name("b"), session(NEVER, user_id=1))
            watching.wait_for("file-added", file=hex_name("b"))

    def test_a_directory_that_does_not_exist_yet(self):
        os.rmdir(self.store)
        watching = self.watch("flask_session")
        self.assertFalse(watching.report["directories"][0]["exists"])
        os.mkdir(self.store, 0o755)
        watching.wait_for("directory-made", problems=["directory-mode"])

    def test_names_that_are_session_ids_are_not_told(self):
        folder = self.make_store("flask_session/php")
        write(folder, "sess_0123456789abcdefghijklmnop", b"user_id|i:7;")
        watching = self.watch("flask_session/php")
        os.remove(os.path.join(folder, "sess_0123456789abcdefghijklmnop"))
        watching.wait_for("file-removed", file="sess_012...")

    def test_both_signals_end_it_and_waiting_costs_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            watching = self.watch()
            time.sleep(2)
            self.assertLess(watching.end(number), 1)

    def test_a_person_reads_a_line_for_each_change(self):
        with self.start("--watch", *self.options,
                        stdout=subprocess.PIPE) as process:
            while b"nothing off" not in process.stdout.readline():
                pass
            write(self.store, hex_name("a"), session(NEVER, user_id=1))
            line = process.stdout.readline().decode()
            process.terminate()
        self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ "
                         rf"flask_session: file added: {hex_name('a')} "
                         r"\(without end\)$")


class WatchByPolling(Watch):
    options = ("--poll",)


def run_all():
    """Several at once, each a test in a thread: they mostly wait."""
    tests = [test for kind in (Watch, WatchByPolling) for test in
             unittest.defaultTestLoader.loadTestsFromTestCase(kind)]
    with ThreadPool(6) as pool:
        results = pool.map(lambda test: test.run(), tests, 1)
    for result in results:
        for test, trace in result.failures + result.errors:
            print(f"FAILED {test}: {trace}")
    print(f"{len(tests)} tests")
    return int(any(not result.wasSuccessful() for result in results))


if __name__ == "__main__":
    if len(sys.argv) == 2:
        Case.program = os.path.abspath(sys.argv[1])
        sys.exit(run_all())
    main(sys.argv)
