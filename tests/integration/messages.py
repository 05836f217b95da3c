#!/usr/bin/env python3
"""Commits and annotated tags as text: a generated history held against what
git cat-file prints, ranges of it, and the hooks.

usage: messages.py <git-hygiene>
"""
import random
import re
import sys

from scratch import (clone_of_server, expect, expect_in, expect_not_in,
                     run_all)

MARK = re.compile(rb"MARK-([a-z]+)")


def object_of(repo, oid):
    kind = repo.out("cat-file", "-t", oid)
    return kind, repo.git("cat-file", kind, oid).stdout.encode()


def marked(repo, oids):
    """{(path, word)} of these objects and of the tags that they name."""
    found = set()
    for oid in oids:
        kind, text = object_of(repo, oid)
        path = "TAG_EDITMSG" if kind == "tag" else "COMMIT_EDITMSG"
        found |= {(path, word) for word in MARK.findall(text)}
        if kind == "tag" and b"\ntype tag\n" in text:
            found |= marked(repo, [text.split()[1].decode()])
    return found


def found_by_scan(repo, *args):
    """(path, number of objects) of each finding in a message; each word is
    one."""
    _, rows = repo.report("--messages", *args)
    rows = [r for r in rows if r["type"] == "finding"]
    for row in rows:
        expect("places", row["places"], ["message"])
        kind, text = object_of(repo, row["blob"])
        region = row["region"]
        word = text[region["start_byte"]:region["end_byte"]]
        expect("region", MARK.search(b"MARK-" + word) is not None, True)
        if kind == "commit":
            expect("first", row["exposure"]["first_commit"] is None, False)
    return sorted(row["path"] for row in rows)


def random_message(rng):
    lines = [rng.choice(["fix", "add more", "", "see MARK-", "#1"])
             for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.3:
        lines.append("key MARK-" + "".join(rng.choices("abcde", k=5)))
    return "\n".join(["subject"] + lines)


def grow(repo, rng, count):
    """Commits, merges, annotated tags, and tags of tags."""
    repo.commit_files({"README": "one\n"})
    for number in range(count):
        action = rng.random()
        message = random_message(rng)
        if action < 0.6:
            repo.git("commit", "-q", "--allow-empty", "-m", message)
        elif action < 0.75:
            repo.git("tag", "-a", "-m", message, f"t{number}")
        elif action < 0.85 and repo.out("tag"):
            tag = rng.choice(repo.out("tag").split())
            repo.git("tag", "-a", "-m", message, f"t{number}", tag)
        else:
            tree = repo.out("write-tree")
            commits = repo.out("rev-list", "HEAD").split()
            merge = repo.out("commit-tree", "-p", "HEAD", "-p",
                             rng.choice(commits), "-m", message, tree)
            repo.git("reset", "-q", "--soft", merge)


def paths_of(found):
    return sorted(path for path, _ in found)


def all_commits_and_tags_are_read(place):
    repo = place.repo("repo")
    grow(repo, random.Random(7), 120)
    tags = repo.out("for-each-ref", "--format=%(objectname)",
                    "refs/tags").split()
    commits = repo.out("rev-list", "--all").split()
    wanted = marked(repo, commits + tags)
    expect("enough", len(wanted) > 20 and
           len({path for path, _ in wanted}) == 2, True)
    expect("loose", found_by_scan(repo), paths_of(wanted))
    repo.git("gc", "-q")
    expect("packed", found_by_scan(repo, "--jobs=2"), paths_of(wanted))
    expect("not asked for", repo.counting(), [])


def a_range_has_the_messages_of_its_commits(place):
    repo = place.repo("repo")
    rng = random.Random(8)
    grow(repo, rng, 80)
    commits = repo.out("rev-list", "HEAD").split()
    total = 0
    for _ in range(25):
        low, high = rng.sample(commits, 2)
        inside = repo.out("rev-list", high, "^" + low).split()
        wanted = marked(repo, inside)
        total += len(wanted)
        expect(f"{low}..{high}", found_by_scan(repo, f"--range={low}..{high}",
                                               "--", "no/such/path"),
               paths_of(wanted))
    expect("enough", total > 20, True)


def headers_are_text_too(place):
    """An author, a tag inside of a merge, and a header nobody knows."""
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    text = repo.git("cat-file", "commit", "HEAD").stdout
    head, _, message = text.partition("\n\n")
    for number, changed in enumerate((
            head.replace("author Ann", "author MARK-author"),
            head + "\nmergetag object " + "1" * 40 +
            "\n tag v1\n \n MARK-inside", head + "\nother MARK-header")):
        oid = repo.git("hash-object", "-t", "commit", "-w", "--literally",
                       "--stdin", data=changed + "\n\n" + message).stdout
        repo.git("update-ref", f"refs/heads/odd{number}", oid.strip())
    expect("found", found_by_scan(repo), ["COMMIT_EDITMSG"] * 3)


def one_secret_in_many_messages_is_one_finding(place):
    repo = place.repo("repo")
    for number in range(3):
        repo.commit_files({}, f"{number} MARK-abcdef")
    code, rows = repo.report("--messages")
    expect("code", code, 1)
    expect("versions", rows[1]["versions"], 3)
    expect("newest", rows[1]["blob"], repo.out("rev-parse", "HEAD"))
    expect("refs", rows[1]["exposure"]["refs"], ["refs/heads/main"])
    human = repo.hygiene("scan", "--messages").stdout
    expect_in("named", "message of commit " +
              repo.out("rev-parse", "HEAD")[:10], human)
    expect_not_in("no such file", "EDITMSG", human)


def a_baseline_of_messages_survives_a_rebase(place):
    repo = place.repo("repo")
    base = repo.commit_files({"README": "one\n"})
    repo.commit_files({"a": "1\n"}, "the key is MARK-abcdef")
    done = repo.hygiene("baseline", "--messages", "--reason", "old", ok=True)
    expect_in("accepted", "1 accepted", done.stderr)
    repo.git("checkout", "-q", "-b", "side", base)
    repo.commit_files({"b": "1\n"})
    repo.git("rebase", "-q", "side", "main")
    expect("rebased", repo.report("--messages")[0], 0)
    repo.commit_files({}, "another: MARK-qwerty")
    expect("another", len(repo.counting("--messages")), 1)
    repo.hygiene("hook", "install", "--commit-msg", ok=True)
    done = repo.git("commit", "-q", "--allow-empty", "-m",
                    "again MARK-abcdef", ok=False)
    expect("in the hook", done.returncode, 0)


def push(repo, *args):
    return repo.git("push", "origin", *args, ok=False)


def both_sides_refuse_messages(place):
    server, repo = clone_of_server(place)
    for side, refused in ((repo, "this push is refused"),
                          (server, "remote: git-hygiene: this push")):
        side.hygiene("hook", "install", ok=True)
        repo.commit_files({"ok": side.path}, "the key is MARK-abcdef")
        repo.commit_files({}, "clean")
        bad = repo.out("rev-parse", "HEAD~1")
        done = push(repo, "HEAD:main")
        expect("commit", done.returncode, 1)
        expect_in("who", refused, done.stderr)
        expect_in("what", f"the message of commit {bad[:10]}", done.stderr)
        expect_in("way out", f"git rebase -i -r {bad[:10]}~", done.stderr)
        expect_not_in("no secret", "abcdef", done.stderr)
        repo.git("reset", "-q", "--hard", "HEAD~2")
        repo.git("tag", "-a", "-m", "MARK-abcdef", "v1")
        tag = repo.out("rev-parse", "v1")
        done = push(repo, "v1")
        expect("tag of an old commit", done.returncode, 1)
        expect_in("what", f"the message of tag {tag[:10]}", done.stderr)
        expect_in("way out", "git tag -f -a", done.stderr)
        repo.git("tag", "-a", "-f", "-m", "clean", "v1", "v1")
        expect("tag of the tag", push(repo, "v1").returncode, 1)
        repo.git("tag", "-d", "v1")
        repo.git("tag", "-a", "-m", "clean", "v-" + refused[:4])
        expect("clean", push(repo, "--tags").returncode, 0)
        repo.hygiene("hook", "uninstall", ok=True)


def a_tag_that_is_there_passes_under_another_name(place):
    server, repo = clone_of_server(place)
    repo.git("tag", "-a", "-m", "MARK-abcdef", "v1")
    expect("before", push(repo, "v1").returncode, 0)
    server.hygiene("hook", "install", ok=True)
    expect("again", push(repo, "v1:refs/tags/v2").returncode, 0)


def what_the_edge_of_a_shallow_clone_says_is_its_own(place):
    repo = place.repo("repo")
    repo.commit_files({"a": "MARK-abcdef\n"})
    edge = repo.commit_files({"b": "b\n"}, "see MARK-bcdefg")
    place.run(place.path, "git", "clone", "-q", "--depth=1",
              "file://" + repo.path, "shallow")
    shallow = type(repo)(place, place.path + "/shallow")
    _, rows = shallow.report("--history", "--messages")
    expect("first", {row["path"]: row["exposure"]["first_commit"]
                     for row in rows if row["type"] == "finding"},
           {"a": None, "COMMIT_EDITMSG": edge})


HELPERS = ("object_of", "marked", "found_by_scan", "random_message", "grow",
           "paths_of", "push")
CASES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and name not in HELPERS]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
