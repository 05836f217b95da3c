#!/usr/bin/env python3
"""Audits repositories built here, and the sample configurations.

The case that the program was made for is held against a file of its whole
output; each sample of tests/data/samples/config-audit against a table of
(line, setting, risk).

usage: audit.py GIT_HYGIENE DATA_FOLDER [--update]
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

# Where each sample of risky/ goes wrong: (line, setting, risk).
RISKY = {
    "01_item_assignment.py": [
        (6, "SECRET_KEY", "high"), (7, "SESSION_TYPE", "low"),
        (8, "SESSION_FILE_DIR", "medium"), (10, "SESSION_FILE_MODE", "medium"),
        (11, "SESSION_COOKIE_SECURE", "medium"),
        (12, "SESSION_COOKIE_HTTPONLY", "medium"),
        (13, "PERMANENT_SESSION_LIFETIME", "medium"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low")],
    "02_update_keywords.py": [
        (6, "SECRET_KEY", "high"), (7, "SESSION_TYPE", "low"),
        (8, "SESSION_FILE_DIR", "medium"), (9, "SESSION_FILE_MODE", "medium"),
        (10, "SESSION_COOKIE_SAMESITE", "low"),
        (11, "SESSION_COOKIE_SECURE", "medium"),
        (12, "PERMANENT_SESSION_LIFETIME", "medium"),
        (None, "SESSION_COOKIE_NAME", "info")],
    "04_from_mapping.py": [
        (6, "SECRET_KEY", "high"), (6, "SESSION_TYPE", "low"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low"),
        (None, "SESSION_COOKIE_SECURE", "medium")],
    "05_class_config.py": [
        (5, "SECRET_KEY", "high"), (8, "SESSION_ID_LENGTH", "high"),
        (12, "SESSION_COOKIE_SECURE", "info"),
        (16, "SESSION_COOKIE_SECURE", "medium"),
        (17, "SESSION_COOKIE_SAMESITE", "low"),
        (None, "SESSION_COOKIE_NAME", "info")],
    "06_module_level.cfg": [
        (1, "SECRET_KEY", "high"), (2, "SESSION_TYPE", "low"),
        (3, "SESSION_COOKIE_HTTPONLY", "medium"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low"),
        (None, "SESSION_COOKIE_SECURE", "medium")],
    "07_prefixed.env": [
        (1, "SECRET_KEY", "high"), (2, "SESSION_TYPE", "low"),
        (3, "SESSION_COOKIE_SECURE", "medium"),
        (4, "SESSION_PERMANENT", "low"),
        (5, "PERMANENT_SESSION_LIFETIME", "medium"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low")],
    "09_config.toml": [
        (1, "SECRET_KEY", "high"), (2, "SESSION_TYPE", "low"),
        (3, "SESSION_COOKIE_SECURE", "medium"),
        (4, "SESSION_COOKIE_HTTPONLY", "medium"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low")],
    "10_attribute.py": [
        (5, "SECRET_KEY", "high"),
        (6, "PERMANENT_SESSION_LIFETIME", "medium"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low"),
        (None, "SESSION_COOKIE_SECURE", "medium")],
    "11_cachelib_instance.py": [
        (7, "SESSION_FILE_DIR", "medium"), (7, "SESSION_FILE_MODE", "medium"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low"),
        (None, "SESSION_COOKIE_SECURE", "medium")],
    "13_setdefault_and_from_object.py": [
        (3, "SESSION_TYPE", "low"), (4, "SESSION_KEY_PREFIX", "info"),
        (5, "DEBUG", "medium"), (9, "SESSION_COOKIE_SECURE", "medium"),
        (None, "SESSION_COOKIE_NAME", "info"),
        (None, "SESSION_COOKIE_SAMESITE", "low")],
}

CASE = {
    ".gitignore": "".join(
        f"{prefix}{name}/\n" for name in ("flask_session", "temp_sessions")
        for prefix in ("", "*/", "**/")),
    "backend/app_server.py": """\
import os

from flask import Flask
from flask_session import Session

app = Flask(__name__)
app.config['SECRET_KEY'] = os.environ['SECRET_KEY']
app.config['SESSION_TYPE'] = 'filesystem'
app.config['SESSION_FILE_DIR'] = os.path.join(
    os.path.dirname(__file__), 'temp_sessions')
app.config['SESSION_FILE_THRESHOLD'] = 500  # maximum sessions
app.config['PERMANENT_SESSION_LIFETIME'] = 3600  # one hour
Session(app)
""",
    "backend/requirements.txt": "flask==2.3.3\nFlask-Session==0.5.0\n",
}

# One application whose settings stand in four files.
PARTS = {
    "app/__init__.py": """\
from flask import Flask
from config import ProductionConfig


def create_app():
    app = Flask(__name__)
    app.config.from_object('config.ProductionConfig')
    app.config.from_pyfile('extra.cfg', silent=True)
    return app
""",
    "config.py": """\
class Config:
    SESSION_COOKIE_SECURE = False
    SESSION_COOKIE_SAMESITE = 'Lax'


class DevelopmentConfig(Config):
    DEBUG = True


class ProductionConfig(Config):
    SESSION_COOKIE_SECURE = True
""",
    "instance/extra.cfg": "SESSION_COOKIE_NAME = '__Host-s'\n",
    ".env": "FLASK_SESSION_COOKIE_HTTPONLY=false\n",
    "app/tool.py": "DEBUG = True\nSECRET_KEY = 'nobody asks'\n",
}


class Repository:
    """A repository in a folder, out of reach of the user's configuration."""

    def __init__(self, folder, files=()):
        self.folder = folder
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder.parent),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "80",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
        }
        for role in ("AUTHOR", "COMMITTER"):
            self.env[f"GIT_{role}_NAME"] = "Ada Example"
            self.env[f"GIT_{role}_EMAIL"] = "ada@example.test"
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        for path, text in dict(files).items():
            self.write(path, text)

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def git(self, *args):
        subprocess.run(["git", "-C", str(self.folder), *args], env=self.env,
                       check=True, stdout=subprocess.PIPE)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def audit(self, *args):
        """Returns exit code, output and errors."""
        run = subprocess.run(
            [PROGRAM, "-C", str(self.folder), "audit", *args], env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return (run.returncode, run.stdout.decode(), run.stderr.decode())

    def json(self, *args):
        code, out, errors = self.audit("--format=json", *args)
        if code not in (0, 1, 3):
            raise AssertionError(f"audit ended with {code}: {errors}")
        return json.loads(out)


def expect(what, found, wanted):
    if found != wanted:
        raise AssertionError(f"{what}:\n  found  {found}\n  wanted {wanted}")


def risks(report):
    """All settings with a risk, as (line, key, severity)."""
    rows = [row for app in report["applications"] for row in app["settings"]]
    found = [(row["line"], row["key"], row["severity"]) for row in rows
             if row["severity"]]
    return sorted(found, key=lambda row: (row[0] is None, row))


def settings(report):
    rows = [row for app in report["applications"] for row in app["settings"]]
    return {(row["path"], row["key"]): row for row in rows}


def samples_are_told(folder, data):
    samples = data / "samples" / "config-audit"
    expect("risky samples", {path.name for path in samples.glob("risky/*")},
           set(RISKY))
    for path in sorted(samples.glob("*/*.*")):
        text = path.read_text(encoding="utf-8")
        repository = Repository(folder / path.stem, {path.name: text})
        report = repository.json()
        if path.parent.name == "risky":
            expect(path.name, risks(report), RISKY[path.name])
        else:
            bad = [row for row in risks(report) if row[2] != "info"]
            expect(path.name, bad, [])
            expect(f"exit of {path.name}", repository.audit()[0], 0)


def case_is_told_whole(folder, data):
    repository = Repository(folder / "case", CASE)
    repository.commit()
    code, out, _ = repository.audit()
    golden = data / "audit" / "case.txt"
    if UPDATE:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(out, encoding="utf-8")
    expect("the case", out, golden.read_text(encoding="utf-8"))
    expect("its exit", code, 1)
    for line in out.splitlines():
        if len(line) > 80:
            raise AssertionError(f"wider than 80 columns: {line}")
    report = repository.json()
    store = report["applications"][0]["stores"][0]
    expect("the store", (store["store"], store["inside"],
                         store["tracked_files"], store["ignored"]),
           ("backend/temp_sessions", True, 0, True))
    expect("in the index", repository.json("--index")["applications"],
           report["applications"])
    expect("in HEAD", repository.json("--revision=HEAD")["applications"],
           report["applications"])


def store_that_is_tracked_is_worse(folder, _):
    repository = Repository(folder / "tracked", CASE)
    repository.write("backend/temp_sessions/" + "0" * 32, "x")
    repository.git("add", "-A", "-f")
    store = repository.json()["applications"][0]["stores"][0]
    expect("tracked", (store["tracked_files"], store["severity"]),
           (1, "high"))
    repository.write(".gitignore", "")
    repository.git("rm", "-q", "-r", "--cached", "backend/temp_sessions")
    store = repository.json()["applications"][0]["stores"][0]
    expect("not ignored", (store["ignored"], store["severity"]),
           (False, "medium"))


def server_is_started_where_its_sessions_are(folder, _):
    """Of the folders that the working directory can be."""
    store = "src/app/sessions"
    app = f"""\
from flask_session import Session
app.config['SESSION_TYPE'] = 'filesystem'
app.config['SESSION_FILE_DIR'] = '{store}'
Session(app)
"""
    for number, (start, there) in enumerate((
            ("src/app", []), ("src", ["src/"]), ("", [""]),
            ("src/app", ["", "src/app/"]))):
        files = {f"{at}{store}/{'0' * 32}": "x" for at in there}
        files["src/app/app.py"] = app
        repository = Repository(folder / f"started-{number}", files)
        repository.git("add", "-A")
        found = repository.json()["applications"][0]["stores"][0]
        expect(f"{number}", (found["store"], found["assumed"],
                             found["tracked_files"]),
               (os.path.join(start, store), True, min(len(there), 1)))
        text = " ".join(repository.audit()[1].split())
        where = start + "/" if start else "the top folder"
        expect(f"{number}: {text}", f"started in {where})" in text, True)


def parts_of_one_application_are_joined(folder, _):
    repository = Repository(folder / "parts", PARTS)
    report = repository.json()
    expect("applications", [app["path"] for app in report["applications"]],
           ["app/__init__.py"])
    found = settings(report)
    secure = found["config.py", "SESSION_COOKIE_SECURE"]
    expect("of production", secure["value"], "True")
    expect("risks", risks(report), [
        (1, "SESSION_COOKIE_HTTPONLY", "medium"),
        (2, "SESSION_COOKIE_SECURE", "info"), (7, "DEBUG", "info")])
    expect("line to write", found[".env", "SESSION_COOKIE_HTTPONLY"]["write"],
           "FLASK_SESSION_COOKIE_HTTPONLY=true")


def everybodys_names_need_an_application(folder, _):
    config = "class Config:\n    SECRET_KEY = 'x'\n"
    alone = Repository(folder / "alone", {"config.py": config})
    expect("alone", alone.json()["applications"], [])
    alone.write("app.py", "from config import Config\n"
                "app = Flask(__name__)\n")
    report = alone.json()
    expect("with an application", [app["path"] for app
                                   in report["applications"]], ["app.py"])
    expect("its risks", risks(report)[0], (2, "SECRET_KEY", "high"))


def tests_and_examples_are_no_risk(folder, _):
    repository = Repository(folder / "tests", {
        "tests/conftest.py": "app = Flask(__name__)\n"
                             "app.secret_key = 'x'\n"})
    expect("risks", {row[2] for row in risks(repository.json())}, {"info"})


def sources_differ(folder, _):
    repository = Repository(folder / "sources", {
        "app.py": "from flask import Flask\napp = Flask(__name__)\n"
                  "app.config['SESSION_COOKIE_SECURE'] = False\n"})
    repository.commit()
    repository.write("app.py", "from flask import Flask\n"
                     "app = Flask(__name__)\n"
                     "app.config['SESSION_COOKIE_SECURE'] = True\n")
    key = ("app.py", "SESSION_COOKIE_SECURE")
    expect("worktree", settings(repository.json())[key]["value"], "True")
    for option in ("--index", "--revision=main", "--revision=HEAD~0"):
        expect(option, settings(repository.json(option))[key]["value"],
               "False")
    expect("unknown revision", repository.audit("--revision=nothing")[0], 128)
    expect("both", repository.audit("--index", "--revision=HEAD")[0], 129)
    expect("fail-on", repository.audit("--index", "--fail-on=high")[0], 0)
    expect("pathspec", repository.json("--index", "other")["applications"],
           [])
    bare = folder / "bare.git"
    repository.git("clone", "-q", "--bare", ".", str(bare))
    repository.folder = bare
    code, _, said = repository.audit()
    expect("bare", (code, "--revision=HEAD" in said), (129, True))
    expect("revision of bare",
           settings(repository.json("--revision=main"))[key]["value"], "False")


def what_is_not_checked_out_is_read_too(folder, _):
    whole = Repository(folder / "whole", CASE)
    whole.write("front/README", "x\n")
    whole.commit()
    key = ("backend/app_server.py", "SESSION_FILE_THRESHOLD")
    expected = settings(whole.json())
    expect("whole", key in expected, True)
    clones = {}
    for name, option in (("sparse", "--sparse"), ("none", "--no-checkout")):
        clones[name] = Repository(folder / "clones" / name / "repo")
        shutil.rmtree(clones[name].folder)
        whole.git("clone", "-q", option, ".", str(clones[name].folder))
    sparse = clones["sparse"]
    sparse.git("sparse-checkout", "set", "front")
    expect("on disk", (sparse.folder / "backend").exists(), False)
    for name, clone in clones.items():
        report = clone.json()
        expect(name, settings(report), expected)
        expect(f"{name} is read wholly", report["skipped"], [])
        run = subprocess.run(
            [PROGRAM, "-C", str(clone.folder), "fix"], env=clone.env,
            stdout=subprocess.PIPE, check=False)
        expect(f"fix in {name}",
               b"risks in settings" in run.stdout, True)
    code, _, errors = sparse.audit("--fix")
    expect("--fix", "is not checked out" in errors, True)
    # a file that is there counts as it is there
    sparse.write(key[0], CASE[key[0]].replace(
        "500", "501"))
    expect("on disk", settings(sparse.json())[key]["value"], "501")
    # what cannot be read is told
    (sparse.folder / key[0]).unlink()
    for file in (sparse.folder / ".git/objects").rglob("*"):
        if file.is_file():
            file.unlink()
    code, out, _ = sparse.audit("--format=json")
    expect("code", code, 3)


def nothing_else_is_read(folder, _):
    text = "from flask import Flask\napp = Flask(__name__)\n" \
           "app.config['SESSION_COOKIE_SECURE'] = False\n"
    outside = folder / "outside"
    outside.mkdir()
    (outside / "app.py").write_text(text, encoding="utf-8")
    repository = Repository(folder / "inside", {
        ".gitignore": "ignored/\n", "ignored/app.py": text,
        "other/app.py": text})
    (repository.folder / "link.py").symlink_to(outside / "app.py")
    (repository.folder / "linked").symlink_to(outside)
    repository.git("init", "-q", "other")
    expect("applications", repository.json()["applications"], [])
    repository.git("add", "-f", "ignored/app.py", "link.py")
    expect("tracked, though ignored",
           [app["path"] for app in repository.json()["applications"]],
           ["ignored/app.py"])


def secrets_and_controls_stay_inside(folder, _):
    name = "a\x1b[31m\u202e.py"
    repository = Repository(folder / "hush", {
        name: "app = Flask(__name__)\napp.secret_key = 'hush-hush'\n"
              "app.config['SESSION_COOKIE_NAME'] = 'x\x1b[2J\u202e'\n"
              "app.config['SESSION_KEY_PREFIX'] = '\\x1b]0;'\n"})
    for args in ((), ("--format=json",)):
        _, out, _ = repository.audit(*args)
        for unsafe in ("hush-hush", "\x1b", "\u202e"):
            if unsafe in out:
                raise AssertionError(f"{unsafe!r} is printed: {args}")


def main():
    checks = [samples_are_told, case_is_told_whole,
              store_that_is_tracked_is_worse,
              parts_of_one_application_are_joined,
              everybodys_names_need_an_application,
              tests_and_examples_are_no_risk, sources_differ,
              what_is_not_checked_out_is_read_too,
              nothing_else_is_read, secrets_and_controls_stay_inside]
    failed = 0
    for check in checks:
        with tempfile.TemporaryDirectory() as temp:
            try:
                check(pathlib.Path(temp), DATA)
            except AssertionError as error:
                failed += 1
                print(f"{check.__name__}: {error}")
    print(f"{len(checks)} checks, {failed} failed")
    sys.exit(1 if failed else 0)


if len(sys.argv) < 3:
    sys.exit(__doc__)
PROGRAM = os.path.abspath(sys.argv[1])
DATA = pathlib.Path(sys.argv[2])
UPDATE = "--update" in sys.argv

if __name__ == "__main__":
    main()
