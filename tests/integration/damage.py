"""Repositories of which a part is elsewhere, missing or damaged: what is told,
with which exit code, and that no random damage to what a scan had to read ever
yields a clean report.

usage: damage.py <git-hygiene> [<number of random damages> [<seed>
           [<of so many bytes of a pack and its index one is changed>]]]
"""
import json
import os
import random
import shutil
import subprocess
import sys

import raw_objects as raw
from scratch import expect, expect_in, run_all

DAMAGES = int(sys.argv[2]) if len(sys.argv) > 2 else 12
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else 1
EVERY = int(sys.argv[4]) if len(sys.argv) > 4 else 97
SECRET = "a = 'MARK-abcdef'\n"


def scan(repo, *args):
    """(exit code, rows of the report)"""
    done = repo.hygiene("scan", "--format=jsonl", *args,
                        ASAN_OPTIONS="detect_leaks=0")
    if done.returncode not in (0, 1, 3):
        return done.returncode, []
    return done.returncode, [json.loads(line)
                             for line in done.stdout.splitlines()]


def skipped(rows):
    return sorted((row["reason"], row["object"], row["path"])
                  for row in rows if row["type"] == "skipped")


def reasons(rows):
    return sorted({reason for reason, _, _ in skipped(rows)})


def path_of(repo, oid):
    return raw.loose_path(os.path.join(repo.path, ".git/objects"), oid)


def history(place, name, secret=False):
    """Two branches, a merge, a tag, folders, a file that is a delta."""
    repo = place.repo(name)
    lines = [f"line {i}\n" for i in range(200)]
    repo.commit_files({"README": "hello\n", "a/long": "".join(lines),
                       "a/b/c": "x\n"}, "one")
    repo.git("checkout", "-qb", "side")
    lines[100] = "changed\n"
    repo.commit_files({"a/long": "".join(lines)}, "two")
    repo.git("checkout", "-q", "main")
    repo.commit_files({"d/e": SECRET if secret else "y\n"}, "three")
    repo.git("merge", "-q", "-m", "four", "side")
    repo.git("tag", "-a", "-m", "tag", "v1", "side")
    return repo


# Parts that are elsewhere

def told(repo, *args):
    """What a person reads, each paragraph as one line."""
    return repo.hygiene("scan", *args, COLUMNS="200").stdout


def shallow_clones(place):
    full = history(place, "full", secret=True)
    place.run(place.path, "git", "clone", "-q", "--depth=1",
              "file://" + full.path, "shallow")
    repo = type(full)(place, os.path.join(place.path, "shallow"))
    code, rows = scan(repo)
    expect("findings", (code, reasons(rows)), (1, ["shallow"]))
    expect("summary", (rows[-1]["complete"], rows[-1]["skipped"]),
           (False, {"shallow": 1}))
    expect("--expect-complete", scan(repo, "--expect-complete")[0], 3)
    expect("index alone", scan(repo, "--index")[0], 1)
    expect("complete", scan(full, "--expect-complete")[0], 1)
    expect_in("human", "- 1 object at the edge of a shallow clone: older "
              "commits are not here (git fetch --unshallow)\n",
              told(repo, "--history"))
    full.git("update-index", "--split-index")
    expect_in("index", "- 1 object of a kind that is not supported: a split "
              "index cannot be read (git update-index --no-split-index makes "
              "it whole)\n", told(full))
    expect_in("nothing", "- no object to look at: there is neither a commit "
              "nor a tracked file\n", told(place.repo("empty")))


def partial_clones(place):
    full = history(place, "full")
    full.git("config", "uploadpack.allowFilter", "true")
    for what in ("blob:none", "tree:0"):
        name = what.replace(":", "")
        place.run(place.path, "git", "clone", "-q", "--bare",
                  "--filter=" + what, "file://" + full.path, name)
        repo = type(full)(place, os.path.join(place.path, name))
        missing = {line[1:] for line in repo.out(
            "rev-list", "--objects", "--all", "--missing=print").splitlines()
            if line.startswith("?")}
        code, rows = scan(repo)
        expect(what, (code, reasons(rows)), (3, ["missing"]))
        told = {oid for _, oid, _ in skipped(rows)}
        # what lies below a missing tree has no name here
        expect(f"{what}: told", told, missing)
        expect("summary", rows[-1]["skipped"], {"missing": len(missing)})


def git_lfs_pointers(place):
    oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
    pointer = (f"version https://git-lfs.github.com/spec/v1\n"
               f"oid sha256:{oid}\nsize 12345\n")
    repo = place.repo("lfs")
    repo.commit_files({"big.bin": pointer, "notes": pointer + "\nno\n" * 500})
    code, rows = scan(repo)
    expect("code", (code, reasons(rows)), (0, ["lfs-pointer"]))
    row = [r for r in rows if r["type"] == "skipped"]
    expect("told", [(r["object"], r["lfs_oid"], r["lfs_size"]) for r in row],
           [(repo.out("rev-parse", "HEAD:big.bin"), oid, 12345)])
    human = repo.hygiene("scan").stdout
    expect_in("human", "12345 bytes", human)
    expect("complete", rows[-1]["complete"], True)
    expect("--expect-complete", scan(repo, "--expect-complete")[0], 3)


def submodules(place):
    inner = history(place, "inner", secret=True)
    repo = place.repo("outer")
    repo.git("submodule", "add", "-q", inner.path, "lib")
    repo.commit_files({"README": "hello\n"})
    code, rows = scan(repo)
    expect("code", (code, skipped(rows)), (0, [("submodule", None, "lib")]))
    expect("--expect-complete", scan(repo, "--expect-complete")[0], 3)
    expect("in it", scan(type(repo)(
        place, os.path.join(repo.path, "lib")))[0], 1)


# One object

def one_object_of_each_kind(place):
    repo = history(place, "kinds")
    kinds = {
        "commit": "HEAD~1", "root commit": "side~1", "merge": "HEAD",
        "tree": "HEAD^{tree}", "folder": "HEAD:a", "old folder": "side~1:a",
        "blob": "HEAD:README", "old blob": "side~1:a/long", "tag": "v1",
    }
    for kind, name in kinds.items():
        oid = repo.out("rev-parse", name)
        path = path_of(repo, oid)
        with open(path, "rb") as file:
            content = file.read()
        os.chmod(path, 0o644)
        for damage, reason in ((None, "missing"), (b"", "corrupt"),
                               (content[:len(content) // 2], "corrupt"),
                               (content[:-1] + bytes([content[-1] ^ 1]),
                                "corrupt"), (content + b"x", "corrupt")):
            os.unlink(path)
            if damage is not None:
                with open(path, "wb") as file:
                    file.write(damage)
            code, rows = scan(repo)
            what = f"{kind} {reason}"
            expect(what, (code, reasons(rows)), (3, [reason]))
            expect(what, {o for _, o, _ in skipped(rows)}, {oid})
            with open(path, "wb") as file:
                file.write(content)
    expect("whole again", scan(repo)[0], 0)


def both_exit_codes(place):
    repo = history(place, "both", secret=True)
    os.unlink(path_of(repo, repo.out("rev-parse", "HEAD:README")))
    expect("findings", scan(repo)[0], 1)
    expect("--expect-complete", scan(repo, "--expect-complete")[0], 3)
    expect("never", scan(repo, "--fail-on=never")[0], 3)


# Nothing

def nothing_to_look_at(place):
    repo = place.repo("nothing")
    code, rows = scan(repo)
    expect("empty", (code, reasons(rows)), (3, ["nothing"]))
    human = repo.hygiene("scan").stdout
    expect_in("said", "neither a commit nor a tracked file", human)
    expect("staged", scan(repo, "--staged")[0], 0)
    repo.commit_files({}, "no file")
    expect("a commit", scan(repo)[0], 0)
    repo.commit_files({"README": "hello\n"})
    code, rows = scan(repo, "--", "REEDME")
    expect("misspelt", (code, reasons(rows)), (3, ["nothing"]))
    expect("pathspec", scan(repo, "--", "README")[0], 0)
    expect("an empty range", scan(repo, "--range=HEAD..HEAD")[0], 0)
    place.run(place.path, "git", "init", "-q", "--bare", "bare")
    bare = type(repo)(place, os.path.join(place.path, "bare"))
    expect("bare", scan(bare)[0], 3)


# Random damage

def files_to_damage(repo):
    """What a scan of history reads: objects, packs, refs."""
    found = []
    for base, _, names in os.walk(os.path.join(repo.path, ".git")):
        for name in names:
            path = os.path.join(base, name)
            part = os.path.relpath(path, os.path.join(repo.path, ".git"))
            if part.startswith("objects/info/") or part.endswith(".rev"):
                continue  # git's own helps, which nothing here reads
            if part.startswith(("objects/", "refs/")) or \
                    part in ("packed-refs", "index"):
                found.append(path)
    return sorted(found)


def damage(path, generator):
    """Changes a file in one of the ways in which disks and people do; without a
    ref, or the last lines of packed-refs, it is another sound repository."""
    with open(path, "rb") as file:
        content = bytearray(file.read())
    ways = ["flip", "flip", "flip", "zero", "swap"]
    if not path.endswith("packed-refs"):
        ways.append("cut")
    if "/objects/" in path:
        ways.append("remove")
    way = generator.choice(ways)
    # the first line of packed-refs says what git may leave out, and no ref
    start = content.find(b"\n") + 1 if path.endswith("packed-refs") else 0
    at = generator.randrange(start, len(content)) if content else 0
    os.chmod(path, 0o644)
    if way == "remove":
        os.unlink(path)
        return way
    if way == "flip" and content:
        content[at] ^= 1 << generator.randrange(8)
    elif way == "cut":
        del content[at:]
    elif way == "zero":
        content[at:at + 64] = bytes(len(content[at:at + 64]))
    elif content:
        other = generator.randrange(start, len(content))
        content[at], content[other] = content[other], content[at]
    with open(path, "wb") as file:
        file.write(content)
    return f"{way} at {at}"


def needed(repo):
    """Ids of all that refs and index reach."""
    return sorted({line.split()[0] for line in repo.out(
        "rev-list", "--objects", "--all", "--indexed-objects").splitlines()} |
        set(repo.out("show-ref", "-s").split()))


def contents_hold(repo, oids):
    """True when git reads each object and it has the id that it should."""
    run = subprocess.run(["git", "cat-file", "--batch"], cwd=repo.path,
                         env=repo.place.env, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL,
                         input="".join(o + "\n" for o in oids).encode())
    at = 0
    for oid in oids:
        end = run.stdout.find(b"\n", at)
        head = run.stdout[at:end].split()
        if end < 0 or len(head) != 3:
            return False
        content = run.stdout[end + 1:end + 1 + int(head[2])]
        if raw.object_id(head[1], content) != oid:
            return False
        at = end + 2 + int(head[2])
    return run.returncode == 0


def is_clean(repo, what, summary, oids):
    """False when something was told; fails where it should have been."""
    code, rows = scan(repo)
    if code not in (0, 3, 128):
        raise AssertionError(f"{what}: exit code {code}")
    if code or not rows[-1]["complete"]:
        return False
    if rows[-1] != summary or not contents_hold(repo, oids):
        raise AssertionError(f"{what}: clean")
    return True


def random_damage(place):
    """Never "complete" where what refs and index reach is not all there and
    true, read with git and hashed here. What only makes git fast, and check
    sums of what is sound, are of no account."""
    loose = history(place, "loose")
    packed = history(place, "packed")
    packed.git("gc", "-q", "--prune=now")
    generator = random.Random(SEED)
    summaries = {r.path: scan(r)[1][-1] for r in (loose, packed)}
    oids = {r.path: needed(r) for r in (loose, packed)}
    told = harmless = 0
    for number in range(DAMAGES):
        source = (loose, packed)[number % 2]
        repo = type(loose)(place, os.path.join(place.path, "damaged"))
        shutil.rmtree(repo.path, ignore_errors=True)
        shutil.copytree(source.path, repo.path, symlinks=True)
        path = generator.choice(files_to_damage(repo))
        way = damage(path, generator)
        what = f"{number}: {os.path.relpath(path, repo.path)} {way}"
        clean = is_clean(repo, what, summaries[source.path],
                         oids[source.path])
        told += not clean
        harmless += clean
    print(f"{DAMAGES} damages: {told} told, {harmless} of no account")


def each_byte_of_a_pack_and_its_index(place):
    """One bit of it turned. zlib's check sum and the sizes tell what is in a
    stream; what stands before it leads to another type, size or base."""
    repo = history(place, "flipped")
    repo.git("gc", "-q", "--prune=now")
    summary, oids = scan(repo)[1][-1], needed(repo)
    folder = os.path.join(repo.path, ".git/objects/pack")
    told = harmless = 0
    for name in sorted(os.listdir(folder)):
        if not name.endswith((".pack", ".idx")):
            continue
        path = os.path.join(folder, name)
        os.chmod(path, 0o644)
        with open(path, "rb") as file:
            content = file.read()
        for at in range(SEED % EVERY, len(content), EVERY):
            flipped = bytearray(content)
            flipped[at] ^= 1 << (at + SEED) % 8
            with open(path, "wb") as file:
                file.write(flipped)
            clean = is_clean(repo, f"{name}, byte {at}", summary, oids)
            told += not clean
            harmless += clean
        with open(path, "wb") as file:
            file.write(content)
    print(f"{told + harmless} bytes: {told} told, {harmless} of no account")


def a_fan_out_that_misleads(place):
    """git finds no object whose first byte it looks up in vain; a scan that
    goes through all ids has found them, and says what is wrong."""
    repo = place.repo("fan-out")
    texts = {}
    number = 0
    while len(texts) < 2:  # two ids that begin with 30
        text = f"line {number}\n"
        if raw.object_id(b"blob", text.encode()).startswith("30"):
            texts[f"f{number}"] = text
        number += 1
    repo.commit_files(texts)
    repo.git("gc", "-q", "--prune=now")
    folder = os.path.join(repo.path, ".git/objects/pack")
    name = next(n for n in os.listdir(folder) if n.endswith(".idx"))
    path = os.path.join(folder, name)
    expect("before", scan(repo, "--history")[1][-1]["complete"], True)
    os.chmod(path, 0o644)
    with open(path, "r+b") as file:
        file.seek(8 + 4 * 0x30)
        count = int.from_bytes(file.read(4), "big")
        file.seek(8 + 4 * 0x30)
        file.write((count - 1).to_bytes(4, "big"))
    code, rows = scan(repo, "--history")
    expect("code", code, 3)
    expect("complete", rows[-1]["complete"], False)
    expect("blobs", rows[-1]["blobs"], 2)
    expect("told", reasons(rows), ["corrupt"])
    said = " ".join(repo.hygiene("scan", "--history").stdout.split())
    expect_in("said", f"{name[-20:-4]}.pack: the fan-out table of its index "
              "leads past objects", said)


def a_place_that_is_empty(place):
    """A scan of what the repository does not have has looked at nothing."""
    repo = place.repo("plain")
    repo.commit_files({"README": "hello\n"})
    for option in ("--stash", "--notes", "--unreachable", "--other-index"):
        code, rows = scan(repo, option)
        expect(option, (code, reasons(rows)), (3, ["nothing"]))
        expect_in(option, "none of what was asked for",
                  repo.hygiene("scan", option).stdout)
        expect(f"{option} and more",
               scan(repo, option, "--index", "--messages")[0], 0)
    expect("--reflog", scan(repo, "--reflog")[0], 3)
    expect("--messages", scan(repo, "--messages")[0], 0)
    repo.git("notes", "add", "-m", "a note")
    expect("--notes", scan(repo, "--notes")[0], 0)
    repo.write("README", "changed\n")
    repo.git("stash", "push", "-q")
    expect("--stash", scan(repo, "--stash")[0], 0)
    repo.commit_files({"more": "taken back\n"})
    repo.git("reset", "-q", "--hard", "HEAD~")
    expect("--reflog", scan(repo, "--reflog")[0], 0)


def packs_that_cannot_be_listed(place):
    """What nothing names is told where its pack is of a kind that we cannot
    read: no commit misses it."""
    repo = place.repo("packs")
    repo.commit_files({"README": "hello\n"})
    oid = repo.git("hash-object", "-w", "--stdin",
                   data="MARK-lost\n").stdout.strip()
    name = repo.git("pack-objects", "-q", ".git/objects/pack/pack",
                    data=oid + "\n").stdout.strip()
    repo.git("prune-packed", "-q")
    expect("readable", scan(repo, "--all")[0], 1)
    pack = os.path.join(repo.path, f".git/objects/pack/pack-{name}.pack")
    for at, version, reason in [(7, 9, "unsupported"), (0, 0, "corrupt")]:
        os.chmod(pack, 0o644)
        with open(pack, "r+b") as file:
            file.seek(at)
            file.write(bytes([version]))
        code, rows = scan(repo, "--all")
        expect(reason, (code, reasons(rows)), (3, [reason]))
        expect("not asked for", scan(repo)[0], 0)


def time_is_told_apart(place):
    """A rule that takes too long ends in a word of its own; nothing of it is
    kept as if it were all."""
    repo = place.repo("slow")
    repo.commit_files({"f": ("a" * 50 + "!\n") * 400_000 + "z"})
    rules = place.write("slow.yml", SLOW)
    args = ("--no-builtin-rules", "--rules", rules, "--cache=" +
            os.path.join(place.path, "cache"))
    for _ in range(2):
        code, rows = scan(repo, "--timeout=1", *args)
        told = set(reasons(rows))
        expect("code", (code, told | {"limit"}), (3, {"limit", "timeout"}))
    expect_in("said", "for want of time",
              repo.hygiene("scan", "--timeout=1", *args).stdout)
    expect("too long", repo.hygiene("scan", "--timeout=1m").returncode, 129)


SLOW = """
version: 1
pack: slow
rules:
  - id: slow-rule
    title: Slow
    severity: high
    confidence: high
    why: A test.
    keywords: [aaaa]
    pattern: '((?:a|aa)+)z'
    store: none
    placeholders: true
    references: ['https://example.test/']
    examples:
      match: [{content: 'aaaaz'}]
      nomatch: [{content: 'b'}]
"""


CASES = [
    shallow_clones, partial_clones, git_lfs_pointers, submodules,
    one_object_of_each_kind, both_exit_codes, nothing_to_look_at,
    a_place_that_is_empty, packs_that_cannot_be_listed, time_is_told_apart,
    random_damage, each_byte_of_a_pack_and_its_index,
    a_fan_out_that_misleads,
]


if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
