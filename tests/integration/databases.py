#!/usr/bin/env python3
"""Secrets in SQLite databases: each text of each row is found at its table and
row, as Python's sqlite3 reads them, whatever tables and columns are called. A
schema runs nothing, what was deleted is found too, damage is told.

usage: databases.py <git-hygiene> <seed>
"""
import os
import random
import resource
import sqlite3
import string
import sys

from scratch import expect, expect_in, expect_not_in, run_all

SEED = int(sys.argv[2])
NAMES = ["users", "a b", 'q"u"o', "semi;colon", "sélect", "select", "x'y",
         "new\nline", "[b]", "`tick`", "%s%n", "--", "credentials", ".env"]


def mark(rng):
    return "MARK-" + "".join(rng.choice(string.ascii_lowercase)
                             for _ in range(20))


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def findings(repo, *args):
    code, lines = repo.report(*args)
    return code, [line for line in lines if line["type"] == "finding"], \
        [line for line in lines if line["type"] == "skipped"]


def database(repo, name):
    return sqlite3.connect(os.path.join(repo.path, name))


def commit(repo):
    repo.git("add", "-A")
    repo.git("commit", "-qm", "data")


def random_value(rng):
    return rng.choice([
        None, rng.randrange(10 ** 6), rng.random(), rng.randbytes(9) + b"\0",
        "", "word", 'q"\\x', "two\nlines", "tab\tend", "\x01", "é – 漢",
        b"text in bytes", "x" * rng.randrange(5000)])


def fill(rng, file):
    """Writes a few tables; what is marked in them, by table and row."""
    marks = {}
    for table in rng.sample(NAMES, rng.randrange(1, 5)):
        columns = rng.sample(NAMES, rng.randrange(1, 6))
        file.execute("CREATE TABLE {} ({})".format(
            quoted(table), ",".join(map(quoted, columns))))
        for row in range(1, rng.randrange(2, 40)):
            values = [random_value(rng) for _ in columns]
            if rng.random() < 0.2:
                text = mark(rng)
                marks[text] = (table, row)
                around = rng.choice(["{}", 'say "{}"', "a\\{}\n", "é{}"])
                value = around.format(text)
                values[rng.randrange(len(values))] = \
                    value.encode() if rng.random() < 0.3 else value
            file.execute("INSERT INTO {} VALUES ({})".format(
                quoted(table), ",".join("?" * len(values))), values)
    return marks


def rows_are_those_of_sqlite(place):
    rng = random.Random(SEED)
    repo = place.repo("rows")
    want = set()
    for number in range(25):
        name = f"{number}.db"
        file = database(repo, name)
        file.execute(f"PRAGMA page_size = {rng.choice([512, 4096])}")
        file.execute("PRAGMA encoding = '{}'".format(
            rng.choice(["UTF-8", "UTF-16le", "UTF-16be"])))
        marks = fill(rng, file)
        file.commit()
        file.close()
        want |= {(name, *where) for where in marks.values()}
    commit(repo)
    _, found, skipped = findings(repo, "--select=marked", "--index")
    expect("skipped", skipped, [])
    got = [(f["path"], f.get("inner"), f["inner_region"]["start_line"])
           for f in found]
    expect("once each", len(got), len(set(got)))
    expect("places", set(got), want)
    expect("encoding", {tuple(f["evidence"]["encoding"]) for f in found},
           {("sqlite",)})


def columns_name_what_they_hold(place):
    repo = place.repo("columns")
    file = database(repo, "app.db")
    file.execute("CREATE TABLE users (name, login, password, hash)")
    people = [("Ann Invented", "ann", "kR7xq2Lm"), ("Bo Invented", "bo",
              "vT4hz9Qw"), ("Cy Invented", "cy", "pL8nd3Sx")]
    for name, login, password in people:
        file.execute("INSERT INTO users VALUES (?, ?, ?, ?)", (
            name, login, password, "$2b$12$" + "Qx7Lk0Zp9/" * 5 + "abc"))
    # no mark stands between these two in the file
    file.execute("CREATE TABLE shops (scope, accessToken, password)")
    file.execute("INSERT INTO shops VALUES ('write_orders', ?, ?)", (
        "shpat_" + "0f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "pbkdf2_sha256$600000$abcdefgh$" + "Zm9vYmFy" * 5))
    file.commit()
    file.close()
    commit(repo)
    done = repo.hygiene("scan")
    expect_in("human", "app.db!users  ", done.stdout)
    expect_in("human", "3 values in 1 file", done.stdout)
    expect_in("human", "app.db!shops", done.stdout)
    for name, login, password in people:
        for text in (name, f'"{login}"', password):
            expect_not_in("human", text, done.stdout)
    _, found, _ = findings(repo)
    expect("rules", sorted((f["inner"], f["rule"]) for f in found),
           [("shops", "shopify-access-token")] +
           [("users", "generic-password")] * 3)
    expect("excerpts", {f["excerpt"] for f in found
                        if f["inner"] == "users"},
           {'"password":"…(8 bytes)"'})


def what_lies_among_tests_is_for_tests(place):
    repo = place.repo("context")
    os.makedirs(os.path.join(repo.path, "tests"))
    for name in ("tests/app.db", "app.db"):
        file = database(repo, name)
        file.execute("CREATE TABLE users (login, password)")
        file.execute("INSERT INTO users VALUES ('ann', 'kR7xq2Lm')")
        file.commit()
        file.close()
    commit(repo)
    _, found, _ = findings(repo)
    expect("severity", {f["path"]: f["severity"] for f in found},
           {"tests/app.db": "info", "app.db": "high"})


def a_value_of_many_secrets_takes_no_time(place):
    """Each has an excerpt of its cell, which has megabytes of escapes."""
    repo = place.repo("long")
    file = database(repo, "a.db")
    file.execute("CREATE TABLE t (note)")
    marks = " ".join("MARK-" + "".join(
        string.ascii_lowercase[n // 26 ** k % 26] for k in range(9))
        for n in range(900))
    file.execute("INSERT INTO t VALUES (?)", ("\\" * 4000000 + marks,))
    file.commit()
    file.close()
    commit(repo)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    _, found, _ = findings(repo, "--select=marked", "--index")
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    expect("found", len(found), 900)
    assert spent < 20, spent


def stores_are_told_once(place):
    repo = place.repo("store")
    file = database(repo, "sessions.db")
    file.execute("CREATE TABLE sessions (sid PRIMARY KEY, expired, sess)")
    for number in range(5):
        file.execute("INSERT INTO sessions VALUES (?, ?, ?)", (
            f"q3HgoSUJkE8m50xRNv0doQes3eksWn{number:02}", 1800000000000,
            '{"cookie":{"originalMaxAge":null,"expires":null,'
            '"httpOnly":true,"path":"/"},"userId":%d}' % number))
    file.commit()
    file.close()
    commit(repo)
    _, found, _ = findings(repo)
    expect("rules", [f["rule"] for f in found], ["express-session-database"])


def deleted_rows_are_found(place):
    """Also one that begins as a value that is there."""
    repo = place.repo("deleted")
    file = database(repo, "a.db")
    file.execute("PRAGMA secure_delete = OFF")
    file.execute("CREATE TABLE t (x)")
    file.execute("INSERT INTO t VALUES ('MARK-thesamebeginning')")
    file.execute("INSERT INTO t VALUES ('MARK-thesamebeginnot')")
    file.commit()
    file.execute("DELETE FROM t WHERE x = 'MARK-thesamebeginnot'")
    file.commit()
    file.close()
    commit(repo)
    _, found, _ = findings(repo, "--select=marked", "--index")
    expect("inner", sorted(f.get("inner") or "" for f in found), ["", "t"])


def schemas_run_nothing(place):
    """Generated columns, views and virtual tables are not asked; what a search
    index keeps lies in plain tables."""
    repo = place.repo("schema")
    file = database(repo, "a.db")
    file.execute("CREATE TABLE t (x, y AS ('MAR' || 'K-made') VIRTUAL)")
    file.execute("INSERT INTO t VALUES ('MARK-plain')")
    file.execute("CREATE VIEW v AS SELECT 'MARK-' || 'view' FROM t")
    file.execute("CREATE VIRTUAL TABLE f USING fts5(body)")
    file.execute("INSERT INTO f VALUES ('MARK-indexed')")
    file.commit()
    file.close()
    commit(repo)
    _, found, skipped = findings(repo, "--select=marked", "--index")
    expect("skipped", skipped, [])
    expect("inner", sorted(f["inner"] for f in found), ["f_content", "t"])


def damage_is_told(place):
    rng = random.Random(SEED + 1)
    repo = place.repo("damage")
    file = database(repo, "whole.db")
    fill(rng, file)
    file.execute("CREATE TABLE last (x)")
    file.executemany("INSERT INTO last VALUES (?)",
                     [("word " * 40,) for _ in range(400)])
    file.commit()
    file.close()
    with open(os.path.join(repo.path, "whole.db"), "rb") as whole:
        data = whole.read()
    with open(os.path.join(repo.path, "cut.db"), "wb") as cut:
        cut.write(data[:len(data) // 2 // 4096 * 4096])
    for number in range(60):
        hurt = bytearray(data)
        for _ in range(rng.randrange(1, 30)):
            hurt[rng.randrange(16, len(hurt))] = rng.randrange(256)
        with open(os.path.join(repo.path, f"{number}.db"), "wb") as out:
            out.write(hurt)
    commit(repo)
    code, _, skipped = findings(repo, "--index")
    expect_in("code", code, (1, 3))
    expect_in("cut", "corrupt", {
        s["reason"] for s in skipped
        if s["object"] == repo.git("rev-parse", ":cut.db").stdout.strip()})
    expect("reasons", {s["reason"] for s in skipped} - {
        "corrupt", "limit", "timeout"}, set())


run_all([
    rows_are_those_of_sqlite,
    columns_name_what_they_hold,
    what_lies_among_tests_is_for_tests,
    a_value_of_many_secrets_takes_no_time,
    stores_are_told_once,
    deleted_rows_are_found,
    schemas_run_nothing,
    damage_is_told,
], sys.argv[1])
