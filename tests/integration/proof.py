#!/usr/bin/env python3
"""Commits keys, cookies and session files apart from each other, and checks
that a scan ties together what belongs together, and nothing else.

usage: proof.py GIT_HYGIENE
"""

import base64
import hashlib
import hmac
import json
import os
import pathlib
import subprocess
import sys
import tempfile

COOKIE_HEAD = "eyJ1c2VyX2lkIjoxMDF9.awNuNQ"
SID = "05c4cd03-b1ce-4cc7-9c41-e43831ef7c9f"
# An expiry in 2027, and a pickled session with _permanent and user_id.
SESSION = base64.b64decode(
    "ANJJa4AFlR8AAAAAAAAAfZQojApfcGVybWFuZW50lIiMB3VzZXJfaWSUS2V1Lg==")
SELECT = ("session-key*", "flask-session-*", "django-session-*")


def b64(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def sha1_mac(key, message):
    return hmac.new(key, message.encode(), hashlib.sha1).digest()


def flask_cookie(key, head=COOKIE_HEAD):
    derived = sha1_mac(key, "cookie-session")
    return f"{head}.{b64(sha1_mac(derived, head))}"


def signed_sid(key, sid=SID):
    derived = sha1_mac(key, "flask-session")
    return f"{sid}.{b64(sha1_mac(derived, sid))}"


def session_name(sid, prefix="session:"):
    return hashlib.md5((prefix + sid).encode()).hexdigest()


class Repository:
    """A repository in a folder; each commit is a day later."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.day = 1
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder),
                    "GIT_CONFIG_NOSYSTEM": "1",
                    "GIT_CONFIG_GLOBAL": os.devnull}
        for role in ("AUTHOR", "COMMITTER"):
            self.env[f"GIT_{role}_NAME"] = "Ada Example"
            self.env[f"GIT_{role}_EMAIL"] = "ada@example.test"
        self.git("init", "-q", "-b", "main")

    def git(self, *args):
        run = subprocess.run(["git", "-C", self.folder, *args], check=True,
                             env=self.env, stdout=subprocess.PIPE, text=True)
        return run.stdout.strip()

    def commit(self, add=None, remove=()):
        for path, content in (add or {}).items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes)
                             else content.encode())
            self.git("add", "-f", path)
        for path in remove:
            self.git("rm", "-q", path)
        self.day += 1
        for role in ("AUTHOR", "COMMITTER"):
            self.env[f"GIT_{role}_DATE"] = \
                f"2024-01-{self.day:02d}T03:04:05+00:00"
        self.git("commit", "-q", "-m", "Change")
        return self.git("rev-parse", "HEAD")

    def scan(self, program, *args):
        select = [arg for glob in SELECT for arg in ("--select", glob)]
        run = subprocess.run([program, "-C", self.folder, "scan", *select,
                              *args], env=self.env, stdout=subprocess.PIPE,
                             check=False)
        assert run.returncode in (0, 1), run.returncode
        return run.stdout.decode()

    def findings(self, program, *args):
        """{(rule, path): finding} and the skipped entries."""
        found, skipped = {}, []
        for line in self.scan(program, "--format=jsonl",
                              *args).splitlines():
            row = json.loads(line)
            if row["type"] == "finding":
                found.setdefault((row["rule"], row["path"]), row)
            elif row["type"] == "skipped":
                skipped.append(row)
        return found, skipped


def equal(actual, expected):
    assert actual == expected, f"{actual!r}, not {expected!r}"


def links_of(finding):
    return [(link["relation"], link["scheme"], link["rule"], link["path"])
            for link in finding["links"]]


def key_and_cookie_of_different_commits(program, repo):
    repo.commit({"config.py": "DEBUG = 0\nSECRET_KEY = 'sample-key-1234'\n"})
    repo.commit({"config.py": "import os\n"})
    last = repo.commit({"notes/login.http": "Cookie: session="
                        + flask_cookie(b"sample-key-1234") + "\n"})
    found, _ = repo.findings(program)
    key = found["session-key", "config.py"]
    cookie = found["flask-session-cookie", "notes/login.http"]
    for finding in key, cookie:
        equal(finding["confidence"], "certain")
        equal(finding["links"][0]["since_commit"], last)
        equal(finding["links"][0]["since_date"], "2024-01-04T03:04:05Z")
    equal(links_of(key), [("signs", "flask", "flask-session-cookie",
                           "notes/login.http")])
    equal(links_of(cookie), [("signed-by", "flask", "session-key",
                              "config.py")])
    equal(key["links"][0]["fingerprint"], cookie["fingerprint"])
    equal(cookie["links"][0]["fingerprint"], key["fingerprint"])
    text = " ".join(repo.scan(program).split())
    assert "signed by the key in config.py:2, both public since 2024-01-04" \
        in text, text
    assert "sample-key-1234" not in text
    reports = {repo.scan(program, "--format=jsonl", f"--jobs={jobs}")
               for jobs in (1, 2, 5)}
    equal(len(reports), 1)


def another_key_is_not_linked(program, repo):
    repo.commit({"config.py": "SECRET_KEY = 'sample-key-1234'\n",
                 "login.http": "Cookie: session="
                 + flask_cookie(b"sample-key-12345")})
    found, _ = repo.findings(program)
    equal(len(found), 2)
    for finding in found.values():
        equal(finding["links"], [])
        assert finding["confidence"] != "certain"


def a_key_in_the_tests_that_is_in_use_counts(program, repo):
    repo.commit({"tests/conftest.py": "SECRET_KEY = 'sample-key-1234'\n"})
    found, _ = repo.findings(program)
    equal(found["session-key", "tests/conftest.py"]["severity"], "info")
    repo.commit({"a.http": "Cookie: session="
                 + flask_cookie(b"sample-key-1234")})
    found, _ = repo.findings(program)
    equal(found["session-key", "tests/conftest.py"]["severity"], "high")


def escapes_and_lists_are_tried(program, repo):
    repo.commit({
        "a.py": "app.secret_key = b'sam\\x70le\\n1234'\n",
        "b.py": "SECRET_KEY_FALLBACKS = ['sample-old-1', 'sample-old-2']\n",
        "1.http": "Cookie: session=" + flask_cookie(b"sample\n1234"),
        "2.http": "Cookie: session=" + flask_cookie(b"sample-old-2")})
    found, _ = repo.findings(program)
    equal(links_of(found["flask-session-cookie", "1.http"]),
          [("signed-by", "flask", "session-key", "a.py")])
    equal(links_of(found["flask-session-cookie", "2.http"]),
          [("signed-by", "flask", "session-key-list", "b.py")])


def a_published_key_needs_no_file(program, repo):
    repo.commit({"a.http": "Cookie: session=" + flask_cookie(b"dev")})
    found, _ = repo.findings(program)
    cookie = found["flask-session-cookie", "a.http"]
    equal(links_of(cookie), [("signed-by", "flask", None, None)])
    equal(cookie["confidence"], "certain")
    equal(cookie["severity"], "high")
    assert "anybody can forge it" in repo.scan(program)


def what_is_published_is_told_once(program, repo):
    repo.commit({"a.py": "SECRET_KEY = 'dev'\nJWT_SECRET = 'sample-1234'\n"})
    found, _ = repo.findings(program)
    equal({rule: finding["region"]["start_line"]
           for (rule, _), finding in found.items()},
          {"session-key-published": 1, "session-key": 2})


def a_signed_id_names_its_file(program, repo):
    path = "app/flask_session/" + session_name(SID)
    other = "app/flask_session/" + session_name("another")
    repo.commit({path: SESSION, other: SESSION})
    repo.commit({"curl.md": f"curl -b 'session={signed_sid(b'no key')}'\n"},
                remove=[path])
    found, _ = repo.findings(program)
    cookie = found["flask-session-signed-sid", "curl.md"]
    file = found["flask-session-file", path]
    equal(links_of(cookie), [("session-of", "flask-session",
                              "flask-session-file", path)])
    equal(links_of(file), [("session-of", "flask-session",
                            "flask-session-signed-sid", "curl.md")])
    equal(cookie["confidence"], "certain")
    equal(found["flask-session-file", other]["links"], [])


def a_plain_id_names_its_file_without_prefix(program, repo):
    path = "flask_session/" + session_name(SID, "")
    repo.commit({path: SESSION, "a.http": f"Cookie: session={SID}\n"})
    found, _ = repo.findings(program)
    cookie = found["flask-session-sid", "a.http"]
    equal(links_of(cookie)[0][3], path)
    equal(cookie["confidence"], "certain")
    equal(cookie["severity"], "high")


def a_key_signs_session_files(program, repo):
    key = hashlib.sha256(b"django.contrib.sessions.SessionStore" b"signer"
                         b"sample-key-1234").digest()
    head = b64(b'{"_auth_user_id":"1"}') + ":1xVGCp"
    mac = hmac.new(key, head.encode(), hashlib.sha256).digest()
    path = "sessions/sessionid1nl1m02102d6zhjj3it7of5klb7whl3h"
    repo.commit({"settings.py": "SECRET_KEY = 'sample-key-1234'\n",
                 path: f"{head}:{b64(mac)}"})
    found, _ = repo.findings(program)
    equal(links_of(found["session-key", "settings.py"]),
          [("signs", "django", "django-session-file", path)])


def trials_are_bounded(program, repo):
    cookie = flask_cookie(b"dev")
    for part in range(3):
        numbers = range(part * 400, part * 400 + 400)
        repo.commit({
            f"{part}.py": "".join(f"SECRET_KEY = 'no-key-{i}'\n"
                                  for i in numbers),
            f"{part}.http": "".join(
                f"session={COOKIE_HEAD}.{b64(hashlib.sha1(b'%d' % i).digest())}"
                "\n" for i in numbers)})
    repo.commit({"z.http": f"session={cookie}\n"})
    found, skipped = repo.findings(program)
    equal([(row["reason"], row["object"]) for row in skipped],
          [("limit", None)])
    # published keys come first, however many others there are
    equal(len(found["flask-session-cookie", "z.http"]["links"]), 1)


OWN_RULE = r"""version: 1
rules:
  - id: session-key-own
    title: List of keys
    severity: high
    confidence: medium
    why: They sign sessions.
    keywords: [OWN_KEYS]
    pattern: 'OWN_KEYS = \[([^\]]+)\]'
    reach: 65536
    role: signing-key
    store: none
    references: ['https://example.test/']
    examples:
      match: [{content: "OWN_KEYS = ['sample{}-1']"}]
      nomatch: [{content: 'OWN_KEYS = []'}]
"""


def what_is_too_long_to_try_is_told(program, repo):
    """A list of more than 16 keys, or of more than 16 KB."""
    rules = repo.folder / "rules.yml"
    rules.write_text(OWN_RULE)

    def keys(count):
        names = ", ".join(f"'sample-key-{i}'" for i in range(count))
        return {"keys.py": f"OWN_KEYS = [{names}]\n"}

    def told(links):
        found, skipped = repo.findings(program, "--index", "--rules", rules)
        for (rule, _), finding in found.items():
            if rule == "flask-session-cookie":
                equal(len(finding["links"]), links)
        return [(row["reason"], row["object"]) for row in skipped]
    repo.commit(keys(17))
    equal(told(0), [])  # there is nothing to try them on
    repo.commit({"a.http": f"session={flask_cookie(b'sample-key-15')}\n"})
    equal(told(1), [("limit", None)])  # the seventeenth
    repo.commit(keys(16))
    equal(told(1), [])
    repo.commit(keys(1000))
    equal(told(0), [("limit", repo.git("rev-parse", "HEAD:keys.py"))])


CASES = (key_and_cookie_of_different_commits, another_key_is_not_linked,
         a_key_in_the_tests_that_is_in_use_counts,
         escapes_and_lists_are_tried, a_published_key_needs_no_file,
         what_is_published_is_told_once, a_signed_id_names_its_file,
         a_plain_id_names_its_file_without_prefix, a_key_signs_session_files,
         trials_are_bounded, what_is_too_long_to_try_is_told)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    failed = 0
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                case(program, Repository(folder))
                print(f"ok      {case.__name__}")
            except AssertionError as error:
                failed += 1
                line = error.__traceback__.tb_next.tb_lineno
                print(f"FAILED  {case.__name__}, line {line}: {error}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
