#!/usr/bin/env python3
"""A Flask application that keeps its sessions in files, for monitor.py.

With Flask-Session where it is installed, else with cachelib in the same way:
a random id in the cookie, the session under "session:<id>".

usage: monitor_flask_app.py <folder>     prints its address, then serves
"""
import datetime
import logging
import secrets
import sys

import cachelib
import flask
from flask.sessions import SecureCookieSession, SessionInterface
from werkzeug.serving import make_server

LIFETIME = 3  # seconds


class FileSessions(SessionInterface):
    def __init__(self, folder):
        self.cache = cachelib.FileSystemCache(folder, threshold=500,
                                              mode=0o600)

    def open_session(self, app, request):
        sid = request.cookies.get("session") or secrets.token_urlsafe(32)
        opened = SecureCookieSession(self.cache.get("session:" + sid) or {})
        opened.sid = sid
        return opened

    def save_session(self, app, session, response):
        if not session:
            return
        self.cache.set("session:" + session.sid, dict(session),
                       timeout=LIFETIME)
        response.set_cookie("session", session.sid, httponly=True)


def install_sessions(app, folder):
    try:
        import flask_session
    except ImportError:
        app.session_interface = FileSessions(folder)
        return
    app.config.update(SESSION_TYPE="filesystem", SESSION_FILE_DIR=folder)
    flask_session.Session(app)


def main():
    app = flask.Flask(__name__)
    app.config.update(
        SECRET_KEY=secrets.token_hex(16),
        PERMANENT_SESSION_LIFETIME=datetime.timedelta(seconds=LIFETIME))
    install_sessions(app, sys.argv[1])

    @app.route("/login")
    def login():
        flask.session["user_id"] = 7
        flask.session["csrf_token"] = secrets.token_hex(20)
        return "welcome"

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
