#!/usr/bin/env python3
"""Secrets in encoded content: what Python's own libraries encode is found with
its value, its place and the names of the encodings, and nothing of it is
printed. Archives that are hostile, damaged or encrypted are told and bounded.

usage: decoded.py <git-hygiene> <seed>
"""
import base64
import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import random
import resource
import shutil
import sqlite3
import string
import sys
import tarfile
import tempfile
import time
import urllib.parse
import zipfile

from scratch import expect, expect_in, expect_not_in, run_all

SEED = int(sys.argv[2])
INSIDE = """
version: 1
pack: inside
rules:
  - id: inside
    title: Marked content at a path
    severity: high
    confidence: high
    why: A test.
    path: '**/*.inside'
    keywords: [MORE-]
    pattern: 'MORE-([a-z]+)'
    placeholders: true
    store: none
    references: ['https://example.test/']
    examples:
      match: [{path: a.inside, content: 'MORE-{}abc'}]
      nomatch: [{path: a.inside, content: 'more'}]
"""
TEXT = "some words\nand then\npassword = MARK-{}\nmore of it\n"


def mark(rng):
    return "".join(rng.choice(string.ascii_lowercase) for _ in range(20))


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files, mode="w"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def wrapped(data, indent, width):
    text = base64.b64encode(data).decode()
    return "".join(indent + text[i:i + width] + "\n"
                   for i in range(0, len(text), width)).encode()


def notebook(text):
    return json.dumps({"cells": [{"source": text.splitlines(True)}],
                       "nbformat": 4}, indent=1).encode()


def har(text):
    body = json.dumps({"note": text})
    return json.dumps({"log": {"entries": [
        {"response": {"content": {"text": body}}}]}}).encode()


def stream(data):
    """A gzip file that has a name of its own for what is inside."""
    out = io.BytesIO()
    with gzip.GzipFile("x.txt", "wb", fileobj=out, mtime=0) as file:
        file.write(data)
    return out.getvalue()


def database(text):
    with tempfile.NamedTemporaryFile() as out:
        file = sqlite3.connect(out.name)
        file.execute("CREATE TABLE notes (title, body)")
        file.execute("INSERT INTO notes VALUES ('word', ?)", (text,))
        file.commit()
        file.close()
        return out.read()


# name: (bytes of a file for a text, encodings, path inside)
FORMS = {
    "utf16": (lambda t: t.encode("utf-16"), ["utf-16le"], None),
    "utf16le": (lambda t: t.encode("utf-16-le"), ["utf-16le"], None),
    "utf16be": (lambda t: t.encode("utf-16-be"), ["utf-16be"], None),
    "base64": (lambda t: b"x: " + base64.b64encode(t.encode()) + b"\n",
               ["base64"], None),
    "base64url": (lambda t: b"'" + base64.urlsafe_b64encode(
        t.encode()).rstrip(b"=") + b"'", ["base64"], None),
    "pem": (lambda t: wrapped(t.encode(), "", 64), ["base64"], None),
    "mime": (lambda t: wrapped(t.encode(), "", 76).replace(b"\n", b"\r\n"),
             ["base64"], None),
    "odd lines": (lambda t: wrapped(t.encode(), "", 50), ["base64"], None),
    "yaml": (lambda t: b"data: |\n" + wrapped(t.encode(), "      ", 64),
             ["base64"], None),
    "json lines": (lambda t: json.dumps(
        {"k": wrapped(t.encode(), "", 64).decode()}).encode(),
        ["base64"], None),
    "twice": (lambda t: base64.b64encode(base64.b64encode(t.encode())),
              ["base64", "base64"], None),
    "hex": (lambda t: t.encode().hex().encode(), ["hex"], None),
    "HEX": (lambda t: b"0x" + t.encode().hex().upper().encode(), ["hex"],
            None),
    "percent": (lambda t: b'u="' + urllib.parse.quote(
        t.replace("-", "=2D").replace("=2D", "-"), safe="").replace(
            "-", "%2D").encode() + b'"', ["percent"], None),
    "form": (lambda t: urllib.parse.quote_plus(t).replace(
        "-", "%2D").encode(), ["percent"], None),
    "powershell": (lambda t: b"-enc " + base64.b64encode(
        t.encode("utf-16-le")), ["base64", "utf-16le"], None),
    "gz in base64": (lambda t: base64.b64encode(stream(t.encode())),
                     ["base64", "gzip"], "x.txt"),
    "gz": (lambda t: stream(t.encode()), ["gzip"], "x.txt"),
    "bz2": (lambda t: bz2.compress(t.encode()), ["bzip2"], "data"),
    "xz": (lambda t: lzma.compress(t.encode()), ["xz"], "data"),
    "zip": (lambda t: zipped({"dir/a.txt": t.encode()}), ["zip"],
            "dir/a.txt"),
    "lzma zip": (lambda t: zipped({"a": t.encode()}, zipfile.ZIP_LZMA),
                 ["zip"], "a"),
    "second tgz": (lambda t: gzip.compress(
        tarred({"a.txt": b"x"}) + tarred({"b.txt": t.encode()})),
        ["gzip", "tar"], "b.txt"),
    "tgz": (lambda t: tarred({"../é.txt": t.encode()}, "w:gz"),
            ["gzip", "tar"], "../é.txt"),
    "jar in zip": (lambda t: zipped({"l/b.jar": zipped(
        {"/etc/c": t.encode()})}), ["zip", "zip"], "l/b.jar!/etc/c"),
    "sqlite": (database, ["sqlite"], "notes"),
    "sqlite in zip": (lambda t: zipped({"a.db": database(t)}),
                      ["zip", "sqlite"], "a.db!notes"),
    "pickle": (lambda t: pickle.dumps({"note": t}), ["pickle"], "pickle"),
    "old pickle": (lambda t: pickle.dumps(["x", [t]], 2), ["pickle"],
                   "pickle"),
    "base64 in sqlite": (lambda t: database(base64.b64encode(
        t.encode()).decode()), ["sqlite", "base64"], "notes"),
    "base64 in zip": (lambda t: zipped({"a": base64.b64encode(t.encode())}),
                      ["zip", "base64"], "a"),
}


def findings(repo, *args):
    code, lines = repo.report(*args)
    return code, [line for line in lines if line["type"] == "finding"], \
        [line for line in lines if line["type"] == "skipped"]


def deltas_of(repo):
    """Blobs that are deltas, each with its base."""
    rows = repo.git("cat-file", "--batch-all-objects",
                    "--batch-check=%(objecttype) %(objectname) %(deltabase)"
                    ).stdout.split("\n")
    return [tuple(row.split()[1:]) for row in rows
            if row.startswith("blob ") and not row.endswith(" " + "0" * 40)]


def put(repo, name, data):
    path = os.path.join(repo.path, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def every_form_is_found(place):
    """Also that the decoded value is that of the plain text: its id is."""
    repo = place.repo("forms")
    rng = random.Random(SEED)
    marks = {}
    for name, (encode, _, _) in FORMS.items():
        marks[name] = mark(rng)
        text = TEXT.format(marks[name])
        put(repo, f"{name}.enc", encode(text))
        put(repo, f"{name}.txt", text.encode())
    repo.git("add", "-A")
    repo.git("commit", "-qm", "forms")
    done = repo.hygiene("scan", "--format=jsonl")
    for secret in marks.values():
        expect_not_in("output", secret, done.stdout)
        expect_not_in("output", base64.b64encode(
            secret.encode()).decode()[:24], done.stdout)
    code, found, skipped = findings(repo)
    expect("code", code, 1)
    expect("skipped", skipped, [])
    ids = {f["path"]: f["secret_id"] for f in found
           if f["path"].endswith(".txt")}
    for name, (_, encodings, inner) in FORMS.items():
        mine = [f for f in found if f["path"] == f"{name}.enc" and
                f["evidence"].get("encoding") == encodings]
        expect(name, len(mine), 1)
        expect(f"{name}: id", mine[0]["secret_id"], ids[f"{name}.txt"])
        expect(f"{name}: inner", mine[0].get("inner"), inner)
        if inner:
            expect(f"{name}: region", mine[0]["region"], None)
            expect(f"{name}: line", mine[0]["inner_region"]["start_line"],
                   1 if encodings[-1] in ("base64", "sqlite", "pickle") else 3)
        else:
            check_region(repo, f"{name}.enc", mine[0], encodings,
                         marks[name])


def check_region(repo, name, finding, encodings, secret):
    """What stands there encodes the secret."""
    with open(os.path.join(repo.path, name), "rb") as file:
        data = file.read()
    region = finding["region"]
    piece = data[region["start_byte"]:region["end_byte"]]
    expect(f"{name}: line", region["start_line"],
           data[:region["start_byte"]].count(b"\n") + 1)
    if encodings == ["base64"] and b"\\n" not in piece:
        whole = base64.b64decode(b"".join(piece.split()) + b"==",
                                 altchars=b"-_")
        expect_in(name, secret.encode(), whole)
        assert len(whole) < len(secret) + 6
    if encodings == ["hex"]:
        expect(name, bytes.fromhex(piece.decode()), secret.encode())
    if encodings == ["utf-16le"]:
        expect(name, piece.decode("utf-16-le"), secret)


def notebooks_and_http_archives_are_read_as_text(place):
    repo = place.repo("json")
    put(repo, "n.ipynb", notebook('k = "a"\nMARK-\\\nx\n"\tMARK-ab"\n'))
    put(repo, "h.har", har('a "MARK-\u00e9x" MARK\u002dcd'))
    # an escape hides the keyword from who reads the bytes alone
    put(repo, "e.har", b'{"log": {"text": "M\\u0041RK-efgh"}}')
    repo.git("add", "-A")
    repo.git("commit", "-qm", "json")
    _, found, _ = findings(repo)
    expect("paths", sorted({f["path"] for f in found}),
           ["e.har", "h.har", "n.ipynb"])
    hidden = [f for f in found if f["path"] == "e.har"]
    expect("encoding", hidden[0]["evidence"]["encoding"], ["json"])


class Login:
    """Kept with its attributes, as credentials of Google are."""

    def __init__(self, **state):
        self.__dict__.update(state)


def pickles_name_their_values(place):
    """In the file the length of a text stands before it, which can be a
    letter. A store of cookies is told as such alone."""
    repo = place.repo("pickles")
    rng = random.Random(SEED + 4)
    chars = string.ascii_letters + string.digits
    token = "1//0" + "".join(rng.choice(chars) for _ in range(99))
    key = "".join(rng.choice(chars) for _ in range(24))
    login = Login(_refresh_token=token, _client_secret=key, scopes={"a"})
    put(repo, "token.pickle", pickle.dumps(login))
    put(repo, "cookies.pkl", pickle.dumps([
        {"name": "sessionid", "value": key[::-1], "domain": "shop.invalid",
         "path": "/", "expiry": 1800000000, "secure": True}]))
    laughs = ["ha"]
    for _ in range(40):
        laughs = [laughs] * 10
    put(repo, "laughs.pickle", pickle.dumps(laughs))
    # what is no text, again and again; and thousands of pickles in a row
    blob = b"x" * 1000000 + b"\xff"
    put(repo, "bytes.pickle", pickle.dumps([blob] * 200000, 4))
    put(repo, "row.pickle", b"\x80\x02N." * 500000)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "pickles")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    _, lines = repo.report("--index", "--disable=marked", "--disable=inside")
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    assert spent < 20, spent
    found = sorted((f["path"], f.get("inner"), f["rule"]) for f in lines
                   if f["type"] == "finding")
    expect("found", found, [
        ("cookies.pkl", None, "cookie-jar-pickle"),
        ("token.pickle", "pickle", "google-oauth-refresh-token"),
        ("token.pickle", "pickle", "oauth-client-secret")])


def rules_of_paths_hold_inside(place):
    repo = place.repo("inside")
    put(repo, "a.zip", zipped({"app/store/one": b"x", "app/other": b"y",
                               "/store/two": b"z", "./store/three": b""}))
    repo.git("add", "-A")
    repo.git("commit", "-qm", "inside")
    _, found, _ = findings(repo)
    expect("inner", sorted(f["inner"] for f in found),
           ["./store/three", "/store/two", "app/store/one"])
    expect("prints", len({f["fingerprint"] for f in found}), 3)
    expect("store", {f["store"] for f in found}, {None})
    expect_in("human", "a.zip!app/store/one", repo.hygiene("scan").stdout)
    code, found, _ = findings(repo, "--decode-depth=0")
    expect("undecoded", (code, found), (0, []))


def depth_is_bounded(place):
    repo = place.repo("depth")
    data = b"MARK-abcdefgh and so on, and on and on"
    for depth in range(1, 7):
        data = base64.b64encode(data)
        put(repo, f"{depth}.txt", data)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "depth")
    for most in (1, 2, 4, 8):
        _, found, _ = findings(repo, f"--decode-depth={most}")
        expect(f"depth {most}", sorted(f["path"] for f in found),
               [f"{n}.txt" for n in range(1, min(most, 6) + 1)])


def a_change_is_seen_in_a_delta(place):
    """Versions of a long file, packed as deltas, say what each says alone."""
    repo = place.repo("deltas")
    rng = random.Random(SEED + 1)
    lines = [f"line {n} {rng.random()}" for n in range(400)]
    for version in range(30):
        at = rng.randrange(len(lines))
        text = TEXT.format(mark(rng))
        kind = rng.choice(["base64", "pem", "percent", "hex", "yaml"])
        if rng.random() < 0.7:
            lines[at] = FORMS[kind][0](text).decode().rstrip("\n")
        else:
            lines[at] = f"changed {rng.random()}"
        put(repo, "long.txt", "\n".join(lines).encode())
        repo.git("add", "-A")
        repo.git("commit", "-qm", str(version))
    repo.git("gc", "-q", "--aggressive")
    _, found, _ = findings(repo, "--history")
    _, plain, _ = findings(repo, "--history", "--libgit2")
    expect("findings", found, plain)
    assert len(found) > 10, len(found)


def a_copy_is_asked_by_its_own_path(place):
    """What is encoded in a file and said nothing there, in the file that the
    pack makes from it: rules of paths hold in decoded text."""
    rules = place.write("inside.yml", INSIDE)
    rng = random.Random(SEED + 3)
    text = f"\ufeffsome words\nMORE-{mark(rng)}\nand more of it\n"
    run = base64.b64encode(text.encode("utf-16-le"))
    lines = [mark(rng).encode() for _ in range(300)]
    lines[200] = b'x = "' + run + b'"'
    for names in (("plain", "a.inside"), ("a.inside", "plain")):
        repo = place.repo(names[0])
        for i, name in enumerate(names):
            put(repo, name, b"\n".join(lines + [b"longer"] * i))
        repo.git("add", "-A", "-f")
        repo.git("commit", "-q", "-m", "files", GIT_HYGIENE="0")
        oids = [repo.out("rev-parse", f"HEAD:{name}") for name in names]
        # without names the larger one is the base
        repo.git("pack-objects", "-q", ".git/objects/pack/pack",
                 data="\n".join(oids) + "\n")
        repo.git("prune-packed", "-q")
        expect("a delta", deltas_of(repo), [(oids[0], oids[1])])
        for jobs in ("--jobs=1", "--jobs=2", "--libgit2"):
            found = findings(repo, "--history", "--rules", rules, jobs)[1]
            expect(f"{names} {jobs}", [f["path"] for f in found], ["a.inside"])


def what_cannot_be_unpacked_is_told(place):
    repo = place.repo("told")
    whole = zipped({"a.txt": b"word " * 400})
    broken = bytearray(gzip.compress(random.Random(1).randbytes(5000)))
    put(repo, "cut.gz", bytes(broken[:2000]))
    put(repo, "cut.zip", whole[:30])
    encrypted = bytearray(whole)
    for at in (6, whole.index(b"PK\1\2") + 8):
        encrypted[at] |= 1
    put(repo, "locked.zip", bytes(encrypted))
    put(repo, "image.png", b"\x89PNG\r\n\x1a\n" + bytes(200))
    repo.git("add", "-A")
    repo.git("commit", "-qm", "told")
    code, _, skipped = findings(repo, "--index")
    expect("code", code, 3)
    reasons = sorted((s["reason"], s.get("inner")) for s in skipped)
    expect("reasons", reasons, [
        ("corrupt", None), ("corrupt", None), ("unsupported", "a.txt")])


def bombs(place):
    """Zeros in gzip, zip in zip in zip, a tar that claims a terabyte."""
    zeros = gzip.compress(bytes(64 << 20), 9)
    yield "gz", gzip.compress(gzip.compress(bytes(256 << 20), 9), 9)
    yield "zeros", zeros * 40
    inner = zipped({f"{n}.bin": bytes(16 << 20) for n in range(4)})
    yield "nested", zipped({f"{n}.zip": zipped({
        f"{m}.zip": inner for m in range(16)}) for n in range(16)})
    info = tarfile.TarInfo("huge")
    info.size = 1 << 40
    yield "tar", info.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 16)
    yield "many", zipped({f"{n}": b"" for n in range(120000)},
                         zipfile.ZIP_STORED)
    # gzip files without content, one after another
    yield "empty", gzip.compress(b"") * 100000


def bombs_are_bounded(place):
    for name, data in bombs(place):
        repo = place.repo(f"bomb-{name}")
        put(repo, "bomb", data)
        repo.git("add", "-A")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        code, found, skipped = findings(repo, "--index")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime - before.ru_utime
        expect(f"{name}: found", found, [])
        assert spent < 60, (name, spent, time.monotonic() - start)
        if name != "empty":
            expect(f"{name}: code", code, 3)
            assert skipped, name


def damage_is_survived(place):
    """Random changes of archives: never a crash, and an answer."""
    repo = place.repo("damage")
    rng = random.Random(SEED + 2)
    text = TEXT.format(mark(rng)).encode() * 3
    kinds = [zipped({"a/b.txt": text, "c.txt": text}), stream(text),
             tarred({"a/b.txt": text, "c": text}),
             tarred({"a/b.txt": text}, "w:gz"), bz2.compress(text),
             lzma.compress(text),
             zipped({"x.zip": zipped({"a": text}, zipfile.ZIP_LZMA)})]
    for number in range(150):
        data = bytearray(rng.choice(kinds))
        for _ in range(rng.randrange(1, 6)):
            data[rng.randrange(4, len(data))] = rng.randrange(256)
        if rng.random() < 0.3:
            del data[rng.randrange(len(data)):]
        put(repo, f"{number}", bytes(data))
    repo.git("add", "-A")
    code, _, _ = findings(repo, "--index")
    expect_in("code", code, (1, 3))


def a_purge_takes_out_what_is_encoded(place):
    """The encoded piece is replaced in texts, archives go as a whole, and a
    search of every version for what was there finds nothing."""
    if not shutil.which("git-filter-repo"):
        return
    repo = place.repo("purge")
    secret = mark(random.Random(SEED + 3))
    text = TEXT.format(secret)
    put(repo, "kept.txt", b"nothing\n")
    for name in ("base64", "yaml", "hex", "zip", "tgz", "utf16le", "sqlite"):
        put(repo, f"{name}.enc", FORMS[name][0](text))
    repo.git("add", "-A")
    repo.git("commit", "-qm", "one")
    clean = os.path.join(place.path, "clean.git")
    done = repo.hygiene("purge", "--apply", "--into", clean)
    expect("purge", done.returncode, 0)
    left = place.run(clean, "git", "ls-tree", "-r", "--name-only",
                     "HEAD").stdout.split()
    expect("left", left, ["base64.enc", "hex.enc", "kept.txt", "yaml.enc"])
    for name in left:
        data = place.run(clean, "git", "show", f"HEAD:{name}").stdout
        for piece in (secret, secret.encode().hex(),
                      base64.b64encode(f"= MARK-{secret}".encode()).decode()):
            expect_not_in(name, piece, data)
    again = place.run(clean, place.program, "scan", "--format=jsonl",
                      ok=False)
    expect("again", again.returncode, 0)


run_all([
    every_form_is_found,
    notebooks_and_http_archives_are_read_as_text,
    pickles_name_their_values,
    rules_of_paths_hold_inside,
    depth_is_bounded,
    a_change_is_seen_in_a_delta,
    a_copy_is_asked_by_its_own_path,
    what_cannot_be_unpacked_is_told,
    bombs_are_bounded,
    damage_is_survived,
    a_purge_takes_out_what_is_encoded,
], sys.argv[1])
