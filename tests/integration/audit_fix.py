"""Corrects each risky sample with `audit --fix` and holds the result against
git apply, the Python compiler and a second audit.

usage: audit_fix.py GIT-HYGIENE SAMPLES
"""
import json
import os
import py_compile
import stat
import sys
import tempfile

from remedy_repo import Repo

# file: the settings that its correction has to be rid of
FIXED = {
    "01_item_assignment.py": {
        "SESSION_FILE_DIR", "SESSION_FILE_MODE", "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "PERMANENT_SESSION_LIFETIME"},
    "02_update_keywords.py": {
        "SESSION_FILE_DIR", "SESSION_FILE_MODE", "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_SAMESITE", "PERMANENT_SESSION_LIFETIME"},
    "04_from_mapping.py": set(),
    "05_class_config.py": {
        "SESSION_COOKIE_SECURE", "SESSION_COOKIE_SAMESITE"},
    "06_module_level.cfg": {
        "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE"},
    "07_prefixed.env": {
        "SESSION_COOKIE_SECURE", "SESSION_COOKIE_SAMESITE",
        "PERMANENT_SESSION_LIFETIME"},
    "09_config.toml": {
        "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE"},
    "10_attribute.py": {"PERMANENT_SESSION_LIFETIME"},
    "11_cachelib_instance.py": {
        "SESSION_FILE_DIR", "SESSION_FILE_MODE", "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_SAMESITE"},
    "13_setdefault_and_from_object.py": {
        "SESSION_COOKIE_SECURE", "SESSION_COOKIE_SAMESITE"},
}


def check(good, what):
    if not good:
        sys.exit(f"failed: {what}")


def risks(repo):
    """The keys with a risk, those for development left out."""
    run = repo.hygiene("audit", "--format=json")
    check(run.returncode in (0, 1), run.stderr)
    found = set()
    for app in json.loads(run.stdout)["applications"]:
        for row in app["settings"]:
            if row["rule"] and not row["development"]:
                found.add(row["key"])
    return found


def fix(repo, *options):
    run = repo.hygiene("audit", "--fix", *options)
    check(run.returncode in (0, 1), run.stderr)
    return run


def one(program, name, content, wanted):
    with tempfile.TemporaryDirectory() as home:
        repo = Repo(program, os.path.join(home, "repo"), home)
        repo.git("config", "core.autocrlf", "false")
        path = "a folder/" + name
        repo.write(path, content)
        before = risks(repo)
        check(wanted <= before, f"{name}: {wanted - before} is no risk")

        patch = fix(repo).stdout
        check(repo.read(path) == content, f"{name}: changed without --write")
        check(bool(patch) == bool(wanted), f"{name}: {patch}")
        if patch:
            repo.git("apply", "--unidiff-zero", data=patch)
        applied = repo.read(path)
        repo.write(path, content)
        os.chmod(repo.path(path), 0o640)

        check(fix(repo, "--write").stdout == patch, f"{name}: two patches")
        after = repo.read(path)
        check(after == applied, f"{name}: not what the patch makes")
        mode = stat.S_IMODE(os.stat(repo.path(path)).st_mode)
        check(mode == 0o640, f"{name}: mode {mode:o}")
        if name.endswith(".py"):
            py_compile.compile(os.fsdecode(repo.path(path)), doraise=True,
                               cfile=os.path.join(home, "x.pyc"))
        left = risks(repo)
        check(left == before - wanted, f"{name}: left {left}")

        check(fix(repo, "--write").stdout == b"", f"{name}: not at rest")
        check(repo.read(path) == after, f"{name}: changed twice")
        return after


def as_written(program):
    """Form, quotes and the rest of a line stay as the file has them."""
    rows = [
        ("app.py",
         b'app = Flask(__name__)\n'
         b'app.config["SESSION_COOKIE_SECURE"] = False  # why',
         b'app = Flask(__name__)\n'
         b'app.config["SESSION_COOKIE_SECURE"] = True  # why\n'
         b'app.config["SESSION_COOKIE_SAMESITE"] = "Lax"'),
        (".env",
         b"export FLASK_SESSION_COOKIE_SECURE='false'\r\nX=\xff\r\n",
         b"export FLASK_SESSION_COOKIE_SECURE='true'\r\n"
         b"export FLASK_SESSION_COOKIE_SAMESITE='Lax'\r\nX=\xff\r\n"),
        ("compose.yml",
         b'services:\n  web:\n    environment:\n'
         b'      - "FLASK_SESSION_COOKIE_SECURE=false"\n',
         b'services:\n  web:\n    environment:\n'
         b'      - "FLASK_SESSION_COOKIE_SECURE=true"\n'
         b'      - "FLASK_SESSION_COOKIE_SAMESITE=Lax"\n'),
        # a shared value, and one that the environment decides, stay
        ("app.py",
         b"import os\nfrom flask import Flask\napp = Flask(__name__)\n"
         b"debug = app.config['SESSION_COOKIE_SECURE'] = False\n"
         b"app.config.update(SESSION_COOKIE_SAMESITE=os.environ.get('S'))\n",
         None),
    ]
    for name, content, wanted in rows:
        with tempfile.TemporaryDirectory() as home:
            repo = Repo(program, os.path.join(home, "repo"), home)
            repo.write(name, content)
            fix(repo, "--write")
            got = repo.read(name)
            check(got == (wanted or content), f"{name}: {got}")


def refusals(program):
    with tempfile.TemporaryDirectory() as home:
        repo = Repo(program, os.path.join(home, "repo"), home)
        for words in (["--write"], ["--fix", "--index"],
                      ["--fix", "--revision=HEAD"],
                      ["--fix", "--format=json"]):
            run = repo.hygiene("audit", *words)
            check(run.returncode == 129, f"{words}: {run.returncode}")
        repo.write("app.py", b"from flask import Flask\napp = Flask('x')\n"
                             b"app.config['SECRET_KEY'] = 'dev'\n"
                             b"app.config['SESSION_TYPE'] = 'filesystem'\n")
        run = fix(repo)
        check(b"app.py:3: SECRET_KEY: a secret" in run.stderr, run.stderr)
        check(b"# " in run.stdout and b"redis" in run.stdout, run.stdout)
        check(b"+app.config['SESSION_TYPE']" not in run.stdout, run.stdout)


KEY = b"django-insecure-8kq2!z@w9#x$v7%c^b6&n*m1l0p3"
PASSWORD = b"Sup3rS3cretPw9"
DJANGO = (b"import os\nBASE_DIR = os.path.dirname(__file__)\n"
          b"SECRET_KEY = '" + KEY + b"'\n"
          b"SESSION_ENGINE = 'django.contrib.sessions.backends.file'\n"
          b"SESSION_FILE_PATH = os.path.join(BASE_DIR, 'sessions')\n"
          b"# was " + KEY + b"\n"
          b"SESSION_COOKIE_SECURE = False\n"
          b"EMAIL_HOST_PASSWORD = '" + PASSWORD + b"'\n"
          b"A = 1\nB = 2\nC = 3\nD = 4\nE = 5\n"
          b"SESSION_COOKIE_HTTPONLY = False\n")
FLASK = (b"from flask import Flask\napp = Flask(__name__)\n"
         b"app.config.update(SECRET_KEY='" + KEY + b"', "
         b"SESSION_COOKIE_SECURE=False, SESSION_COOKIE_SAMESITE='Lax')\n")


def secrets(program):
    """Neither the context of a patch nor the heading of a hunk shows a secret;
    where a line that changes has one, it is masked, and nothing applies."""
    with tempfile.TemporaryDirectory() as home:
        repo = Repo(program, os.path.join(home, "repo"), home)
        repo.write("settings.py", DJANGO)
        patch = fix(repo).stdout
        for secret in (KEY, PASSWORD, KEY[-8:], PASSWORD[-4:]):
            check(secret not in patch, patch)
        heads = [line for line in patch.split(b"\n")
                 if line.startswith(b"@@")]
        check(len(heads) == 3 and
              all(line.endswith(b" @@") for line in heads), patch)
        check(b"# Lines that hold a secret are left out" in patch, patch)
        repo.git("apply", "--unidiff-zero", data=patch)
        applied = repo.read("settings.py")
        repo.write("settings.py", DJANGO)
        fix(repo, "--write")
        check(repo.read("settings.py") == applied != DJANGO, applied)
        check(KEY in applied and PASSWORD in applied, applied)

        os.unlink(repo.path("settings.py"))
        repo.write("app.py", FLASK)
        patch = fix(repo).stdout
        check(KEY not in patch and KEY[-8:] not in patch, patch)
        check(b"-app.config.update(SECRET_KEY='djan\xe2\x80\xa6(44 bytes)', "
              b"SESSION_COOKIE_SECURE=False, " in patch, patch)
        check(b" holds a secret, which is masked:" in patch, patch)
        repo.git("apply", "--unidiff-zero", data=patch, ok=(1,))
        check(repo.read("app.py") == FLASK, patch)
        fix(repo, "--write")
        check(repo.read("app.py") ==
              FLASK.replace(b"SECURE=False", b"SECURE=True"),
              repo.read("app.py"))


def more_than_is_read(program):
    """The reason is the bound, and not that the file has changed."""
    with tempfile.TemporaryDirectory() as home:
        repo = Repo(program, os.path.join(home, "repo"), home)
        content = b"from flask import Flask\napp = Flask('x')\n" + \
            b"app.config['SESSION_COOKIE_SECURE'] = False\n" * 2100
        repo.write("app.py", content)
        run = fix(repo, "--write")
        check(b"reached a bound in this file" in run.stderr and
              b"has changed since" not in run.stderr, run.stderr[:500])
        check(repo.read("app.py") == content, "a correction without a proof")


def main():
    program, samples = sys.argv[1:]
    folder = os.path.join(samples, "risky")
    check(set(os.listdir(folder)) == set(FIXED), "a sample without a row")
    for name, wanted in FIXED.items():
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
        after = one(program, name, content, wanted)
        crlf = one(program, name, content.replace(b"\n", b"\r\n"), wanted)
        check(crlf == after.replace(b"\n", b"\r\n"), f"{name}: line ends")
    as_written(program)
    refusals(program)
    secrets(program)
    more_than_is_read(program)


main()
