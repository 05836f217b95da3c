"""Objects and refs of hostile repositories: each ends in time, within memory,
with the right exit code and a word about what could not be read.

usage: hostile.py <git-hygiene>
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zlib

import raw_objects as raw
from bounded import Bounded
from scratch import expect, expect_in, expect_not_in, run_all

BOUNDED = Bounded(os.path.abspath(sys.argv[1]))
SECRET = b"a = 'MARK-abcdef'\n"
COMMANDS = (
    ("scan",), ("scan", "--staged"), ("scan", "--worktree"), ("ignore",),
    ("ignore", "--check"), ("untrack", "-n"), ("purge",), ("audit",), ("fix",),
    ("inspect", "HEAD:README"), ("baseline", "--dry-run"), ("monitor",),
)


def scan(repo, *args, **kwargs):
    """(exit code, rows of the report)"""
    code, out, err = BOUNDED.run(repo.path, repo.place.env, "scan",
                                 "--format=jsonl", *args, **kwargs)
    if code >= 128:
        raise AssertionError(f"{args}: {err}")
    return code, [json.loads(line) for line in out.splitlines()]


def every_command(repo):
    """None of them may crash or hang, whatever it makes of it."""
    for command in COMMANDS:
        BOUNDED.run(repo.path, repo.place.env, *command)


def reasons(rows):
    return sorted({row["reason"] for row in rows if row["type"] == "skipped"})


def paths(rows):
    return sorted(row["path"] for row in rows if row["type"] == "finding")


def expect_skipped(repo, code, words, *args):
    got, rows = scan(repo, *args)
    expect("code", (got, reasons(rows)), (code, words))
    _, human, _ = BOUNDED.run(repo.path, repo.place.env, "scan", *args)
    expect_in("said", "Not looked at, but should be", human)
    return rows


def objects(repo):
    return os.path.join(repo.path, ".git", "objects")


def with_tree(place, *entries, folder=None):
    """A repository whose main is a commit of such a tree."""
    repo = place.repo("repo")
    at = folder or objects(repo)
    tree = raw.write_loose(at, b"tree", raw.tree(*entries))
    return with_commit(repo, tree)


def with_commit(repo, tree, *parents):
    commit = raw.write_loose(objects(repo), b"commit",
                             raw.commit(tree, *parents))
    repo.write(".git/refs/heads/main", commit + "\n")
    return repo


def blob(repo, content=SECRET):
    return raw.write_loose(objects(repo), b"blob", content)


# Sizes that are not true

def objects_larger_than_their_headers(place):
    for kind in (b"blob", b"tree", b"commit", b"tag"):
        repo = place.repo(f"larger-{kind.decode()}")
        good = repo.commit_files({"README": "hello\n"})
        content = b"x" * 200_000
        bad = raw.write_loose(objects(repo), kind, content, size=10)
        if kind == b"blob":
            tree = raw.write_loose(objects(repo), b"tree",
                                   raw.tree((b"100644", b"README", bad)))
            with_commit(repo, tree, good)
        elif kind == b"tree":
            with_commit(repo, bad, good)
        else:
            repo.write(".git/refs/heads/bad", bad + "\n")
        expect_skipped(repo, 3, ["corrupt"])
        every_command(repo)


def an_alternate_with_objects_larger_than_their_headers(place):
    lender = place.repo("lender")
    bad = raw.write_loose(objects(lender), b"blob", b"x" * 200_000, size=10)
    repo = with_tree(place, (b"100644", b"README", bad))
    repo.write(".git/objects/info/alternates", objects(lender) + "\n")
    rows = expect_skipped(repo, 3, ["corrupt"])
    expect("object", [r["object"] for r in rows if r["type"] == "skipped"],
           [bad])
    every_command(repo)


def four_gigabytes_are_claimed(place):
    repo = place.repo("claims")
    store = objects(repo)
    size = 4 << 30
    names = [f"{i:02x}" * 20 for i in (0x11, 0x22, 0x33)]
    raw.write_loose(store, b"blob", b"x", size=size, oid=names[0])
    base = raw.object_id(b"blob", SECRET)
    delta = raw.delta_size(len(SECRET)) + raw.delta_size(size) + b"\x01x"
    raw.write_pack(store, [
        (names[1], raw.entry(raw.BLOB, b"x", size=size)),
        (base, raw.entry(raw.BLOB, SECRET)),
        (names[2], raw.entry(raw.REF_DELTA, delta,
                             base=bytes.fromhex(base))),
    ])
    tree = raw.write_loose(store, b"tree", raw.tree(
        *((b"100644", f"f{i}".encode(), name)
          for i, name in enumerate(names))))
    with_commit(repo, tree)
    rows = expect_skipped(repo, 3, ["too-large"])
    expect("each", len([r for r in rows if r["type"] == "skipped"]), 3)
    expect_skipped(repo, 3, ["corrupt"], "--max-blob-size=16g")
    every_command(repo)


def zeros(place):
    """400 MB of them in some hundred KB: refused by size; 200 MB are read."""
    for mib, code in ((400, 3), (200, 0)):
        repo = place.repo(f"zeros{mib}")
        content = bytes(mib << 20)
        oid = "44" * 20
        path = raw.loose_path(objects(repo), oid)
        os.makedirs(os.path.dirname(path))
        packer = zlib.compressobj(9)
        with open(path, "wb") as file:
            file.write(packer.compress(b"blob %d\0" % len(content)))
            file.write(packer.compress(content) + packer.flush())
        tree = raw.write_loose(objects(repo), b"tree",
                               raw.tree((b"100644", b"zeros", oid)))
        with_commit(repo, tree)
        got, rows = scan(repo)
        expect("code", (got, reasons(rows)),
               (code, ["too-large"] if code else []))


# Deltas

def deltas_in_circles(place):
    repo = place.repo("circles")
    a, b, own = ("aa" * 20), ("bb" * 20), ("cc" * 20)
    delta = raw.delta_size(5) + raw.delta_size(5) + b"\x90\x05"
    raw.write_pack(objects(repo), [
        (name, raw.entry(raw.REF_DELTA, delta, base=bytes.fromhex(base)))
        for name, base in ((a, b), (b, a), (own, own))])
    tree = raw.write_loose(objects(repo), b"tree", raw.tree(
        (b"100644", b"a", a), (b"100644", b"b", b), (b"100644", b"own", own)))
    with_commit(repo, tree)
    rows = expect_skipped(repo, 3, ["corrupt"])
    expect("each", len([r for r in rows if r["type"] == "skipped"]), 3)
    every_command(repo)


def a_chain_of_5000_deltas(place):
    repo = place.repo("chain")
    delta = raw.delta_size(len(SECRET)) + raw.delta_size(len(SECRET)) + \
        b"\x90" + bytes([len(SECRET)])
    entries = [("%040x" % 1, raw.entry(raw.BLOB, SECRET))]
    for i in range(2, 5002):
        entries.append(("%040x" % i, raw.entry(
            raw.REF_DELTA, delta, base=bytes.fromhex("%040x" % (i - 1)))))
    raw.write_pack(objects(repo), entries)
    tree = raw.write_loose(objects(repo), b"tree", raw.tree(
        *((b"100644", b"f%04d" % i, "%040x" % i) for i in (1, 100, 5001))))
    with_commit(repo, tree)
    code, rows = scan(repo)
    # a chain longer than git writes may be refused, but not in silence
    found = paths(rows)
    skipped = [r["object"] for r in rows if r["type"] == "skipped"]
    expect("all told", len(found) + len(skipped), 3)
    expect("the first", found[:2], ["f0001", "f0100"])
    expect("code", code, 1)


# Trees

def a_bomb_of_trees(place):
    """10 levels of 10 folders: 10 billion paths in 12 objects."""
    repo = place.repo("bomb")
    oid = blob(repo)
    level = raw.tree(*((b"100644", b"f%d" % i, oid) for i in range(10)))
    for _ in range(10):
        oid = raw.write_loose(objects(repo), b"tree", level)
        level = raw.tree(*((b"40000", b"d%d" % i, oid) for i in range(10)))
    tree = raw.write_loose(objects(repo), b"tree", level)
    with_commit(repo, tree)
    for args in ((), ("--libgit2",), ("--range=main",)):
        code, rows = scan(repo, *args)
        expect("code", (code, reasons(rows)), (1, ["limit"]))
        expect("blobs", rows[-1]["blobs"], 1)
    every_command(repo)


def many_bombs_of_trees(place):
    """One in each of 300 commits without a parent, no tree the same, and a
    commit that takes all away again."""
    repo = place.repo("bombs")
    store = objects(repo)
    for number in range(300):
        oid = blob(repo, b"MARK-abcdef %d" % number)
        level = raw.tree(*((b"100644", b"f%d" % i, oid) for i in range(10)))
        for _ in range(10):
            oid = raw.write_loose(store, b"tree", level)
            level = raw.tree(*((b"40000", b"d%d" % i, oid)
                               for i in range(10)))
        tree = raw.write_loose(store, b"tree", level)
        commit = raw.write_loose(store, b"commit", raw.commit(tree))
        repo.write(f".git/refs/heads/b{number}", commit + "\n")
    empty = raw.write_loose(store, b"tree", b"")
    with_commit(repo, empty, commit)
    for args in ((), ("--libgit2",), ("--range=main",)):
        code, rows = scan(repo, *args)
        expect("code", (code, reasons(rows)), (1, ["limit"]))
    every_command(repo)


def ids_that_begin_alike(place):
    """A table that takes an id's first bytes for its hash has them all in one
    place."""
    repo = with_tree(place, *((b"100644", b"f%06d" % i, "%032x%08x" % (7, i))
                              for i in range(200_000)),
                     (b"100644", b"secret", blob(place.repo("repo"))))
    code, rows = scan(repo)
    expect("code", (code, reasons(rows)), (1, ["missing"]))


def names_of_one_hash(number):
    """Names of eight bytes that all have one hash in a table that multiplies by
    a number that everybody knows, and shifts."""
    odd, start, whole = 0xD6E8FEB86659FD93, 0x9E3779B97F4A7C15 ^ 8, 2 ** 64
    inverse = pow(odd, -1, whole)
    high = 0
    while number:
        high += 1
        word = (high << 32 | high ^ 0x1234) * inverse % whole
        word = (word ^ word >> 32) * inverse % whole ^ start
        name = word.to_bytes(8, "little")
        if not set(name) & set(b"\0/"):
            number -= 1
            yield name


def names_of_one_place_in_a_table(place):
    repo = place.repo("alike")
    secret, other = blob(repo), blob(repo, b"x")
    with_commit(repo, raw.write_loose(objects(repo), b"tree", raw.tree(
        *((b"100644", name, other) for name in names_of_one_hash(150_000)),
        (b"100644", b"secret", secret))))
    code, rows = scan(repo)
    expect("code", (code, reasons(rows), paths(rows)), (1, [], ["secret"]))


def a_tree_that_is_10000_deep(place):
    repo = place.repo("deep")
    oid = blob(repo)
    oid = raw.write_loose(objects(repo), b"tree",
                          raw.tree((b"100644", b"f", oid)))
    for _ in range(10_000):
        oid = raw.write_loose(objects(repo), b"tree",
                              raw.tree((b"40000", b"d", oid)))
    with_commit(repo, oid)
    expect_skipped(repo, 3, ["limit"])
    every_command(repo)


NAMES = (
    b"..", b".", b".git", b".GIT", b"/etc/passwd", b"a/b", b"../../x", b"\n",
    b"\r", b"\x1b[31m", b"\xff\xfe", b"\xe2\x80\xaepy.x", b"-rf", b"--",
    b"~", b"con", b"%s%n", b" ", b"\x7f", b"x" * 100_000, b":(exclude)x",
)


def names_that_git_refuses(place):
    """The secret is found under each, and told in safe characters."""
    for number, name in enumerate(NAMES):
        repo = place.repo(f"names{number}")
        with_commit(repo, raw.write_loose(objects(repo), b"tree", raw.tree(
            (b"100644", name, blob(repo)))))
        code, out, _ = BOUNDED.run(repo.path, place.env, "scan",
                                   "--format=jsonl")
        if len(name) > 4096:
            expect("long", (code, '"limit"' in out), (3, True))
        else:
            expect(f"code for {name}", code, 1)
        _, human, err = BOUNDED.run(repo.path, place.env, "scan")
        for text in (out, human, err):
            for bad in ("\x1b", "\x7f", "\u202e", "\udcff", "\r"):
                expect_not_in(f"{name}", bad, text)
        folder = raw.write_loose(objects(repo), b"tree", raw.tree(
            (b"40000", name, raw.write_loose(objects(repo), b"tree", raw.tree(
                (b"100644", b"f", blob(repo)))))))
        with_commit(repo, folder)
        every_command(repo)


def trees_out_of_order(place):
    """Same names twice, wrong order: every blob is looked at."""
    repo = place.repo("order")
    first, second, third = (blob(repo, b"MARK-" + name) for name in
                            (b"first", b"second", b"third"))
    parent = raw.write_loose(objects(repo), b"tree", raw.tree(
        (b"100644", b"a", first), (b"100644", b"z", first)))
    tree = raw.write_loose(objects(repo), b"tree", raw.tree(
        (b"100644", b"z", first), (b"100644", b"a", second),
        (b"100644", b"a", third), (b"100644", b"0", first)))
    old = raw.write_loose(objects(repo), b"commit", raw.commit(parent))
    with_commit(repo, tree, old)
    code, rows = scan(repo)
    expect("code", code, 1)
    blobs = {row["secret_id"] for row in rows if row["type"] == "finding"}
    expect("secrets", len(blobs), 3)


def trees_that_end_early(place):
    whole = raw.tree((b"100644", b"a", "11" * 20))
    for number, content in enumerate((
            whole[:-1], whole + b"1", whole + b"100644 b", b"\0", b"100644",
            b"100644 \0" + whole[-20:], whole[:9], b"9" + whole)):
        repo = place.repo(f"cut{number}")
        with_commit(repo, raw.write_loose(objects(repo), b"tree", content))
        code, rows = scan(repo)
        expect("code", code, 3)
        expect_in("reason", "corrupt", reasons(rows))
        every_command(repo)


def entries_of_the_wrong_kind(place):
    """A file that is a tree, a folder that is a blob, a circle."""
    repo = place.repo("kinds")
    secret = blob(repo)
    inner = raw.write_loose(objects(repo), b"tree",
                            raw.tree((b"100644", b"f", secret)))
    tree = raw.write_loose(objects(repo), b"tree", raw.tree(
        (b"100644", b"file", inner), (b"40000", b"folder", secret),
        (b"0", b"zero", secret), (b"777777", b"sevens", secret),
        (b"160000", b"link", secret)))
    with_commit(repo, tree)
    code, rows = scan(repo)
    expect("code", code, 1)
    expect_in("told", "corrupt", reasons(rows))
    every_command(repo)


def a_tree_that_holds_itself(place):
    """Its id is not true, so it can."""
    repo = place.repo("itself")
    oid = "ab" * 20
    raw.write_loose(objects(repo), b"tree", raw.tree(
        (b"40000", b"d", oid), (b"100644", b"f", blob(repo))), oid=oid)
    with_commit(repo, oid)
    code, rows = scan(repo)
    expect("code", (code, reasons(rows)), (1, ["limit"]))


# Commits, tags, refs

def a_commit_with_10000_parents(place):
    repo = place.repo("parents")
    store = objects(repo)
    trees = [raw.write_loose(store, b"tree", raw.tree(
        (b"100644", b"f", blob(repo, b"x%d" % i)))) for i in range(100)]
    parents = [raw.write_loose(store, b"commit", raw.commit(
        trees[i % 100], message=b"%d" % i)) for i in range(10_000)]
    tree = raw.write_loose(store, b"tree", raw.tree(
        (b"100644", b"f", blob(repo)), (b"100644", b"g", blob(repo))))
    with_commit(repo, tree, *parents)
    code, rows = scan(repo)
    expect("code", (code, reasons(rows)), (1, []))
    expect("commits", rows[-1]["commits"], 10_001)


def a_commit_with_one_parent_60000_times(place):
    """Which has none of its files: that is one change a file."""
    repo = place.repo("repeated")
    store = objects(repo)
    empty = raw.write_loose(store, b"tree", b"")
    parent = raw.write_loose(store, b"commit", raw.commit(empty))
    oid = blob(repo)
    tree = raw.write_loose(store, b"tree", raw.tree(
        *((b"100644", b"f%04d" % i, oid) for i in range(1500))))
    with_commit(repo, tree, *[parent] * 60_000)
    for args in ((), ("--libgit2",), ("--range=main",)):
        code, rows = scan(repo, *args)
        expect("code", (code, reasons(rows)), (1, []))
        expect("findings", len(paths(rows)), 1500)
    every_command(repo)


def a_commit_with_9000_parents_of_other_trees(place):
    """Each name of one of them must be looked for in all others: what the
    commit changed is told in part."""
    repo = place.repo("wide")
    store = objects(repo)
    oid = blob(repo)
    parents = [raw.write_loose(store, b"commit", raw.commit(
        raw.write_loose(store, b"tree",
                        raw.tree((b"100644", b"own%05d" % i, oid)))))
               for i in range(9000)]
    tree = raw.write_loose(store, b"tree", raw.tree(
        *((b"100644", b"f%04d" % i, oid) for i in range(1000))))
    with_commit(repo, tree, *parents)
    for args in ((), ("--libgit2",), ("--range=main",)):
        code, rows = scan(repo, *args)
        expect("code", (code, reasons(rows)), (1, ["limit"]))
        expect("object", [r["object"] for r in rows
                          if r["type"] == "skipped"], [tree])
        expect("first", paths(rows)[0], "f0000")


def many_commits_with_many_parents(place):
    """A pack of some kilobytes: each is a delta that names 60,000. The first
    few parents are followed in any case."""
    repo = place.repo("links")
    oid = blob(repo)
    old = raw.write_loose(objects(repo), b"commit", raw.commit(raw.write_loose(
        objects(repo), b"tree", raw.tree((b"100644", b"old", oid)))))
    tree = raw.write_loose(objects(repo), b"tree", raw.tree(
        (b"100644", b"new", oid)))
    first = raw.commit(tree, *[old] * 60_000, message=b"000\n")
    kept = len(first) - len(b"000\n")
    copy = bytes([0x80 | 0x70]) + kept.to_bytes(3, "little")
    sizes = raw.delta_size(len(first)) * 2
    base = raw.object_id(b"commit", first)
    entries = [(base, raw.entry(raw.COMMIT, first))]
    for i in range(1, 71):
        delta = sizes + copy + b"\4%03d\n" % i
        entries.append((
            raw.object_id(b"commit", first[:kept] + b"%03d\n" % i),
            raw.entry(raw.REF_DELTA, delta, base=bytes.fromhex(base))))
    raw.write_pack(objects(repo), entries)
    with_commit(repo, tree, *(name for name, _ in entries))
    told = []
    for args in ((), ("--jobs=1",), ("--libgit2",), ("--range=main",)):
        code, rows = scan(repo, *args)
        expect("code", (code, reasons(rows)), (1, ["limit"]))
        expect("paths", paths(rows), ["new", "old"])
        expect("commits", rows[-1]["commits"], 73)
        told.append([row["object"] for row in rows
                     if row["type"] == "skipped"])
    expect("one commit, always the same", told, [told[0][:1]] * 4)
    _, human, _ = BOUNDED.run(repo.path, repo.place.env, "scan")
    expect_in("said", "parents of commits: of this one", human)
    BOUNDED.run(repo.path, repo.place.env, "purge")


def many_stashes_with_many_parents(place):
    """A stash entry is three commits at most, however many its first names."""
    repo = place.repo("stashes")
    store = objects(repo)
    tree = raw.write_loose(store, b"tree", raw.tree(
        (b"100644", b"f", blob(repo))))
    parent = raw.write_loose(store, b"commit", raw.commit(tree))
    stash = raw.write_loose(store, b"commit", raw.commit(
        tree, *[parent] * 60_000))
    repo.write(".git/refs/heads/main", parent + "\n")
    repo.write(".git/refs/stash", stash + "\n")
    line = f"{stash} {stash} A <a@b.test> 1700000000 +0000\tx\n"
    repo.write(".git/logs/refs/stash", line * 10_000)
    for args in ((), ("--libgit2",)):
        code, rows = scan(repo, "--history", "--stash", *args)
        expect("code", (code, paths(rows), reasons(rows)), (1, ["f"], []))


def many_secrets_in_many_versions(place):
    """A plan looks once at each version, not for each secret in it."""
    repo = place.repo("versions")
    secrets = ["MARK-" + "".join(chr(97 + (i >> 4 * j) % 16) for j in range(3))
               + "abcdefghijkl" for i in range(300)]
    for version in range(60):
        repo.commit_files({"keys": f"{version}\n" + "\n".join(secrets)})
    _, out, _ = BOUNDED.run(repo.path, repo.place.env, "purge", "--plan",
                            codes=(0, 1))
    name = re.search("/[^ ]*/replacements.txt", out)[0]
    with open(name, encoding="utf-8") as file:
        lines = file.read().splitlines()
    shutil.rmtree(os.path.dirname(name))
    got = {line.partition("==>")[0].removeprefix("literal:") for line in lines}
    expect("values", (len(lines), {f"MARK-{value}" for value in got} -
                      set(secrets)), (len(secrets), set()))


def many_secrets_in_messages_and_many_refs(place):
    """A plan knows what names each of the commits without asking all refs."""
    repo = place.repo("messages")
    count = 32_000
    text = []
    for i in range(count):
        message = f"{i} MARK-abcdefghijklmno"
        text.append("commit refs/heads/main\n"
                    f"committer a <a@example.test> {1700000000 + i} +0000\n"
                    f"data {len(message)}\n{message}\n")
    text.append("M 100644 inline keys\ndata 21\nMARK-abcdefghijklmno\n\n")
    repo.git("fast-import", "--quiet", data="".join(text))
    head = repo.out("rev-parse", "main")
    repo.write(".git/packed-refs", "# pack-refs with: sorted \n" + "".join(
        f"{head} refs/tags/t{i:06d}\n" for i in range(count)))
    code, out, _ = BOUNDED.run(repo.path, repo.place.env, "purge", "--plan")
    expect("code", code, 0)
    expect_in("counted", "32,000", out)


def many_patterns_and_paths(place):
    """Each path is compared with few of the patterns; where all of them look
    like it, that is refused, and the file with the most of them named."""
    for kind, lines, name, code in (
            ("few", 20_000, "f%d", 0),
            ("all", 250_000, "abcd0123456789-%d", 128)):
        repo = place.repo(f"patterns-{kind}")
        text = "".join(f"*a*b*c{i}*d\n" for i in range(lines))
        repo.commit_files({".gitignore": text})
        parent = repo.out("rev-parse", "HEAD")
        oid = blob(repo, b"x")
        ignore = repo.out("rev-parse", "HEAD:.gitignore")
        tree = raw.write_loose(objects(repo), b"tree", raw.tree(
            (b"100644", b".gitignore", ignore),
            *((b"100644", name.encode(), oid) for name in
              sorted(name % i for i in range(2000)))))
        with_commit(repo, tree, parent)
        repo.git("reset", "-q", "--hard")
        got, _, err = BOUNDED.run(repo.path, repo.place.env, "ignore",
                                  "--suggest")
        expect(kind, got, code)
        if code:
            expect_in(kind, ": .gitignore: 250000 patterns with wildcards "
                      "are too many", err)


def a_secret_in_the_name_of_a_full_folder(place):
    """It is looked for in every path once, not once for each of them."""
    repo = place.repo("full-folder")
    oid = blob(repo, b"x")
    tree = raw.write_loose(objects(repo), b"tree", raw.tree(
        *((b"100644", name.encode(), oid) for name in
          sorted(f"f{i}" for i in range(20_000)))))
    with_commit(repo, raw.write_loose(objects(repo), b"tree", raw.tree(
        (b"40000", b"MARK-abcdef", tree))))
    code, rows = scan(repo, "--history")
    expect("code", code, 1)
    expect_not_in("masked", "MARK-abcdef", json.dumps(rows))


def ignore_files_that_all_take_it_back(place):
    """Each needs an entry of its own, chosen among its own paths alone."""
    repo = place.repo("taken-back")
    count = 3000
    repo.commit_files({f"d{i % 50}/e{i}/{name}": text for i in range(count)
                       for name, text in ((".gitignore", "!.bash_history\n"),
                                          (".bash_history", f"{i}\n"))})
    _, out, _ = BOUNDED.run(repo.path, repo.place.env, "ignore")
    expect_in("proof", f"ignores {count:,} of {count:,} paths found", out)


def commits_that_are_none(place):
    """Each is told by its id; what can be read still is."""
    tree = "11" * 20
    for number, content in enumerate((
            b"", b"tree ", b"tree " + b"z" * 40, raw.commit(tree)[:-40],
            b"parent " + b"1" * 40 + b"\n" + raw.commit(tree),
            raw.commit(tree) + b"\0" * 70_000,
            raw.commit(tree, author=b"\x1b[31m\xff <" + b"a" * 100_000),
            b"tree " + tree.encode())):
        repo = place.repo(f"none{number}")
        oid = raw.write_loose(objects(repo), b"commit", content)
        repo.write(".git/refs/heads/main", oid + "\n")
        code, rows = scan(repo)
        expect(f"code of {number}", code, 3)
        every_command(repo)


def tags_in_circles(place):
    repo = place.repo("tags")
    repo.commit_files({"README": "hello\n"})
    a, b = "a1" * 20, "b2" * 20
    for oid, other in ((a, b), (b, a)):
        raw.write_loose(objects(repo), b"tag", (
            f"object {other}\ntype tag\ntag t\n"
            "tagger A <a@b.test> 0 +0000\n\nx\n").encode(), oid=oid)
    repo.write(".git/refs/tags/t", a + "\n")
    expect_skipped(repo, 3, ["corrupt"])
    every_command(repo)


def fifty_thousand_refs(place):
    repo = place.repo("refs")
    head = repo.commit_files({"f": SECRET.decode()})
    lines = sorted(f"{head} refs/heads/b{i}" for i in range(50_000))
    repo.write(".git/packed-refs",
               "# pack-refs with: peeled fully-peeled sorted \n" +
               "\n".join(lines) + "\n")
    code, rows = scan(repo)
    expect("code", (code, reasons(rows)), (1, []))
    expect("refs", rows[1]["exposure"]["refs_count"], 50_001)


PACKED = (
    "x\n", "\0\n", "1" * 39 + " refs/heads/a\n",
    "1" * 40 + " ../../x\n", "1" * 40 + "\n", "1" * 40 + " refs/heads/a",
    "1" * 40 + " refs/heads/\x1b[31m\n", "z" * 40 + " refs/heads/a\n",
    "1" * 40 + " " + "x" * 100_000 + "\n",
)


def packed_refs_that_cannot_be_read(place):
    """Refused or told; never as if there were no such refs."""
    for number, text in enumerate(PACKED):
        repo = place.repo(f"packed{number}")
        repo.commit_files({"README": "hello\n"})
        repo.write(".git/packed-refs", text)
        code, _, err = BOUNDED.run(repo.path, place.env, "scan",
                                   codes=(3, 128))
        expect_not_in("escapes", "\x1b", err)
        every_command(repo)


HEADS = ("", "\n", "x" * 100_000, "ref: ", "ref: HEAD\n", "ref: ../../x\n",
          "1" * 40, "1" * 40 + "\n", "\0" * 50)
UNBORN = ("ref: refs/heads/loop\n", "ref: refs/heads/\x1b[31m\n")


def heads_that_name_nothing(place):
    for number, text in enumerate(HEADS + UNBORN):
        repo = place.repo(f"head{number}")
        repo.commit_files({"README": "hello\n"})
        repo.write(".git/refs/heads/loop", "ref: refs/heads/loop\n")
        repo.write(".git/HEAD", text)
        code, _, _ = BOUNDED.run(repo.path, place.env, "scan")
        is_repository = not subprocess.run(
            ["git", "-C", repo.path, "rev-parse", "--git-dir"], check=False,
            env=dict(place.env, GIT_CEILING_DIRECTORIES=place.path),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        # git regards the last two as branches without a commit
        expect(f"code of {text[:40]!r}", code,
               0 if text in UNBORN else 3 if is_repository else 128)
        every_command(repo)


GARBAGE = ("commit-graph", "commit-graphs/commit-graph-chain",
           "../pack/multi-pack-index", "../pack/{pack}.bitmap",
           "../pack/{pack}.rev", "../pack/{pack}.mtimes", "../pack/x.keep",
           "../pack/tmp_pack_x", "packs")


def garbage_that_is_not_needed(place):
    """Graphs, bitmaps and the like only make git fast: nothing is lost."""
    for content in (b"", b"x", b"CGPH\1\1\xff\xff", b"MIDX\1\1" + b"\xff" * 50,
                    os.urandom(5000)):
        repo = place.repo(f"garbage{len(content)}{content[:1].hex()}")
        repo.commit_files({"f": SECRET.decode()})
        repo.git("repack", "-adq")
        pack = [name[:-4] for name in os.listdir(objects(repo) + "/pack")
                if name.endswith(".idx")][0]
        for name in GARBAGE:
            path = os.path.join(objects(repo), "info",
                                name.format(pack=pack))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if os.path.exists(path):
                os.unlink(path)
            with open(path, "wb") as file:
                file.write(content)
        code, rows = scan(repo)
        expect("code", (code, reasons(rows)), (1, []))
        every_command(repo)


def indexes_of_packs_that_lie(place):
    """Cut, empty, of another version, with offsets that lead outside."""
    for number, change in enumerate((
            lambda b: b[:-1], lambda b: b"", lambda b: b[:1000],
            lambda b: b[:4] + b"\0\0\0\x09" + b[8:],
            lambda b: b[:8] + b"\xff" * 1024 + b[1032:],
            lambda b: b[:-48] + b"\xff" * 8 + b[-40:],
            lambda b: b[:-48] + b"\x7f" * 8 + b[-40:])):
        repo = place.repo(f"idx{number}")
        repo.commit_files({"README": "hello\n"})
        repo.git("repack", "-adq")
        folder = objects(repo) + "/pack/"
        index = folder + [name for name in os.listdir(folder)
                          if name.endswith(".idx")][0]
        with open(index, "rb") as file:
            content = file.read()
        os.chmod(index, 0o644)
        with open(index, "wb") as file:
            file.write(change(content))
        expect_skipped(repo, 3, reasons(scan(repo)[1]))
        every_command(repo)


def a_commit_graph_that_lies(place):
    """Git believes of it that the commit with the secret changes nothing."""
    repo = place.repo("repo")
    repo.commit_files({"README": "hello\n"})
    repo.commit_files({"README": "hello\n", "app.py": SECRET.decode()})
    repo.git("commit-graph", "write", "--reachable")
    path = os.path.join(objects(repo), "info", "commit-graph")
    with open(path, "rb") as file:
        graph = file.read()[:-20]
    before, after = (bytes.fromhex(repo.out("rev-parse", f"{name}^{{tree}}"))
                     for name in ("HEAD~", "HEAD"))
    expect("tree", graph.count(after), 1)
    graph = graph.replace(after, before)
    os.chmod(path, 0o644)
    with open(path, "wb") as file:
        file.write(graph + hashlib.sha1(graph).digest())
    expect_not_in("git", "app.py", repo.out("log", "--name-only"))
    code, rows = scan(repo)
    expect("found", (code, paths(rows)), (1, ["app.py"]))
    every_command(repo)


CASES = [
    objects_larger_than_their_headers,
    an_alternate_with_objects_larger_than_their_headers,
    four_gigabytes_are_claimed, zeros, deltas_in_circles,
    a_chain_of_5000_deltas, a_bomb_of_trees, many_bombs_of_trees,
    ids_that_begin_alike, names_of_one_place_in_a_table,
    a_tree_that_is_10000_deep,
    names_that_git_refuses, trees_out_of_order, trees_that_end_early,
    entries_of_the_wrong_kind, a_tree_that_holds_itself,
    a_commit_with_10000_parents, a_commit_with_one_parent_60000_times,
    a_commit_with_9000_parents_of_other_trees, many_commits_with_many_parents,
    many_stashes_with_many_parents,
    many_secrets_in_many_versions, many_secrets_in_messages_and_many_refs,
    many_patterns_and_paths, a_secret_in_the_name_of_a_full_folder,
    ignore_files_that_all_take_it_back,
    commits_that_are_none, tags_in_circles,
    fifty_thousand_refs, packed_refs_that_cannot_be_read,
    heads_that_name_nothing, garbage_that_is_not_needed,
    indexes_of_packs_that_lie, a_commit_graph_that_lies,
]


def main():
    wanted = sys.argv[2:]
    cases = [case for case in CASES if not wanted or case.__name__ in wanted]
    failed = run_all(cases, sys.argv[1])
    print(f"slowest {BOUNDED.slowest:.1f} s, largest "
          f"{BOUNDED.largest >> 20} MiB")
    return failed


if __name__ == "__main__":
    sys.exit(main())
