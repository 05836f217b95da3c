#!/usr/bin/env python3
"""Runs `monitor --watch` while a real Flask application writes its sessions,
which needs the packages python3-flask, python3-cachelib, and, to have
Flask-Session itself write them, python3-flask-session.

usage: monitor_flask.py <git-hygiene>      exits with 77 without the packages
"""
import calendar
import os
import subprocess
import sys
import time
import urllib.request

from session_store import Case, Watching, main

APP = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                   "monitor_flask_app.py")
SKIPPED = 77


def python_with_flask():
    """An interpreter that has the packages of the distribution, or None."""
    for python in (sys.executable, "/usr/bin/python3"):
        probe = [python, "-c", "import flask, cachelib"]
        if os.path.exists(python) and not subprocess.run(
                probe, stderr=subprocess.DEVNULL).returncode:
            return python
    return None


class RealApplication(Case):
    """A Flask application behind HTTP, whose sessions live three seconds."""
    python = python_with_flask()

    def open(self, path):
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return answer.read()

    def test_its_sessions_are_told(self):
        watching = Watching(self, "flask_session")
        self.addCleanup(watching.end)
        app = subprocess.Popen([self.python, APP, self.store], cwd=self.root,
                               stdout=subprocess.PIPE, text=True)
        self.addCleanup(app.wait)
        self.addCleanup(app.stdout.close)
        self.addCleanup(app.terminate)
        self.url = app.stdout.readline().strip()
        self.open("/login")
        row = watching.wait_for("file-added", state="live", sessions=1)
        expires = calendar.timegm(time.strptime(
            row["expires"], "%Y-%m-%dT%H:%M:%SZ"))
        session_file = os.path.join(self.store, row["file"])
        os.chmod(session_file, 0o644)
        watching.wait_for("file-mode", new_mode="0644")
        time.sleep(max(0, expires - time.time()))
        watching.wait_for("file-expired", since=expires, file=row["file"])
        self.open("/login")
        watching.wait_for("file-added", sessions=2)
        _, rows = self.report(code=1)
        self.assert_fields(rows["flask_session"], sessions=2, companions=1,
                           unknown=0, others=0)
        self.run_monitor("--prune-expired", "--yes")
        watching.wait_for("file-removed", file=row["file"], sessions=1)


if __name__ == "__main__":
    if not RealApplication.python:
        print("skipped: needs python3-flask and python3-cachelib")
        sys.exit(SKIPPED)
    main(sys.argv)
