#!/usr/bin/env python3
"""Accepting findings: what a baseline suppresses after the history changed,
and what comments and .gitleaksignore do.

usage: baseline.py <git-hygiene>
"""
import json
import os
import stat
import sys

from scratch import expect, expect_in, expect_not_in, run_all

SECRET = "a = 'MARK-abcdef'\n"
OTHER = "b = 'MARK-qwerty'\n"


def start(place):
    repo = place.repo("repo")
    repo.commit_files({"README": "one\n"})
    repo.commit_files({"app.py": "x = 1\n" + SECRET, "a/store/s1": "s"})
    repo.commit_files({"lib.py": "y = 1\n"})
    return repo


def accept(repo, *args):
    done = repo.hygiene("baseline", "--reason", "known", *args)
    expect("baseline", (done.returncode, done.stdout), (0, ""))
    return repo.read(".hygiene-baseline")


def a_baseline_accepts_what_is_there_and_no_more(place):
    repo = start(place)
    expect("before", repo.report()[0], 1)
    accept(repo)
    code, rows = repo.report()
    expect("code", code, 0)
    expect("summary", (rows[-1]["findings"], rows[-1]["suppressed"]), (0, 2))
    expect("marks", [row["suppressed"]["by"] for row in rows
                     if row["type"] == "finding"], ["baseline"] * 2)
    repo.commit_files({"app.py": "x = 1\n" + SECRET + OTHER})
    expect("another", [path for path, _ in repo.counting()], ["app.py"])
    repo.commit_files({"copy.py": SECRET})
    expect("another path", [path for path, _ in repo.counting()],
           ["app.py", "copy.py"])


def it_survives_moved_lines_and_reformatting(place):
    repo = start(place)
    accept(repo)
    repo.commit_files({"app.py": "#\n" * 50 + "  a  =  \"MARK-abcdef\" ;\n"})
    expect("code", repo.report()[0], 0)


def it_survives_rebase_and_squash(place):
    repo = start(place)
    accept(repo)
    base = repo.out("rev-list", "--max-parents=0", "HEAD")
    repo.git("checkout", "-q", "-b", "side", base)
    repo.commit_files({"side.txt": "1\n"})
    repo.git("rebase", "-q", "side", "main")
    expect("rebased", repo.report()[0], 0)
    repo.git("reset", "-q", "--soft", "side")
    repo.git("commit", "-qm", "squashed", GIT_HYGIENE="0")
    repo.git("reflog", "expire", "--expire=now", "--all")
    expect("squashed", repo.report()[0], 0)
    repo.commit_files({"app.py": OTHER})
    expect("another", [path for path, _ in repo.counting()], ["app.py"])


def words(first, count):
    """Distinct words that the rule takes for secrets."""
    return ["".join(chr(97 + (number // 26 ** i) % 26) for i in range(6))
            for number in range(first, first + count)]


def reformatted(text):
    """Other quotes, indents, line ends and places; the same secrets."""
    lines = [f"    {line.replace(chr(39), chr(34))} ;\r\n"
             for line in reversed(text.splitlines())]
    return "# moved\r\n" * 40 + "".join(lines)


def states(repo, *args):
    """What is accepted and what counts: sets of (rule, path, secret)."""
    _, rows = repo.report(*args)
    sets = set(), set()
    for row in rows:
        if row["type"] == "finding":
            sets["suppressed" not in row].add(
                (row["rule"], row["path"], row["secret_id"]))
    return sets


def exactly_what_was_accepted_stays_accepted(place):
    """40 secrets and 5 sessions are accepted, 35 others are not: more in the
    same files, and the same ones at other paths."""
    repo = place.repo("repo")
    base = repo.commit_files({"README": "one\n"})
    old, new = words(1000, 40), words(5000, 30)
    for number in range(20):
        pair = old[2 * number:2 * number + 2]
        repo.commit_files({f"src/f{number}.py": "".join(
            f"k = 'MARK-{word}'\n" for word in pair)})
    repo.commit_files({f"a/store/s{n}": f"session {n}" for n in range(5)})
    report = place.write("report.jsonl",
                         repo.hygiene("scan", "--format=jsonl").stdout)
    accept(repo)
    repo.commit_files({})
    accepted, _ = states(repo)
    expect("accepted", len(accepted), 45)
    for number in range(10):
        path = f"src/f{number}.py"
        repo.commit_files({path: repo.read(path) + "".join(
            f"n = 'MARK-{word}'\n" for word in new[3 * number:3 * number + 3])})
    repo.commit_files({f"copy{n}.py": f"k = 'MARK-{old[n]}'\n"
                       for n in range(5)})
    _, counting = states(repo)
    expect("counting", len(counting), 35)

    def check(what):
        for args in ((), ("--baseline", report)):
            expect(f"{what} {args[:1]}", states(repo, *args),
                   (accepted, counting))

    check("edited")
    repo.commit_files({path: reformatted(repo.read(path)) for path in
                       repo.out("ls-files", "*.py").split()})
    check("reformatted")
    repo.git("checkout", "-q", "-b", "side", base)
    repo.commit_files({"side.txt": "1\n"})
    repo.git("rebase", "-q", "side", "main")
    check("rebased")
    repo.git("reset", "-q", "--soft", "side")
    repo.git("commit", "-qm", "squashed", GIT_HYGIENE="0")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")
    check("squashed")
    again = repo.commit_files({"src/f0.py": "nothing\n"})
    check("only in history")
    expect("one commit holds all", repo.out(
        "rev-list", "--count", f"side..{again}"), "2")


def a_redacted_report_is_a_baseline(place):
    repo = start(place)
    done = repo.hygiene("scan", "--format=jsonl")
    expect_not_in("report", "MARK-abcdef", done.stdout)
    report = place.write("report.jsonl", done.stdout)
    expect("as it is", repo.report("--baseline", report)[0], 0)
    repo.commit_files({"app.py": OTHER})
    expect("another", len(repo.counting("--baseline", report)), 1)
    accept(repo, "--from", report)
    expect_in("reason", '"reason":"known"', repo.read(".hygiene-baseline"))
    expect("from it", len(repo.counting()), 1)


def a_baseline_holds_nothing_of_the_secret(place):
    repo = start(place)
    text = accept(repo, "--owner", "ann@example.com")
    expect_not_in("secret", "abcdef'", text)
    lines = text.splitlines()
    expect("sorted", lines, sorted(lines, key=str.encode))
    expect("header", json.loads(lines[0])["baseline"], 1)
    expect("owner", {json.loads(line)["owner"] for line in lines[1:]},
           {"ann@example.com"})


def branches_merge_by_union(place):
    repo = start(place)
    repo.commit_files({".gitattributes": ".hygiene-baseline merge=union\n"})
    accept(repo)
    repo.git("add", "-A")
    repo.git("commit", "-qm", "baseline")
    repo.git("checkout", "-q", "-b", "side")
    for branch, path in (("side", "s.py"), ("main", "m.py")):
        repo.git("checkout", "-q", branch)
        repo.commit_files({path: f"k = 'MARK-{branch}'\n"})
        accept(repo)
        repo.commit_files({})
    repo.git("merge", "-q", "-m", "merge", "side")
    expect("after the merge", repo.counting(), [])
    expect("entries", len(repo.read(".hygiene-baseline").splitlines()), 5)


def a_conflict_in_it_is_told(place):
    repo = start(place)
    repo.write(".hygiene-baseline", "<<<<<<< HEAD\n")
    done = repo.hygiene("scan")
    expect("code", done.returncode, 128)
    expect_in("message", "unresolved merge", done.stderr)


def what_has_expired_counts_again_and_is_named(place):
    repo = start(place)
    accept(repo, "--expires", "2030-01-31", "--owner", "ann@example.com")
    expect("last day", repo.report("--now", "2030-01-31")[0], 0)
    code, rows = repo.report("--now", "2030-02-01")
    expect("day after", (code, rows[-1]["findings"]), (1, 2))
    expect("marked", rows[1]["suppressed"]["expired"], True)
    human = repo.hygiene("scan", "--now", "2030-02-01").stdout
    expect_in("named", "until 2030-01-31 (ann@example.com)", human)


def an_expired_entry_is_renewed(place):
    repo = start(place)
    accept(repo, "--expires", "2020-01-01")
    expect("expired", repo.report()[0], 1)
    text = accept(repo, "--expires", "2099-12-31")
    expect("one entry each", len(text.splitlines()), 3)
    expect("renewed", repo.report()[0], 0)


def prune_takes_out_what_fits_nothing(place):
    repo = start(place)
    text = accept(repo)
    line = text.splitlines()[1].replace('"fingerprint":"',
                                        '"fingerprint":"' + "0" * 32)
    start_at = line.index("0" * 32) + 32
    line = line[:start_at] + line[start_at + 32:]
    repo.write(".hygiene-baseline", text + line + "\n")
    accept(repo)
    expect("kept", len(repo.read(".hygiene-baseline").splitlines()), 4)
    repo.commit_files({"new.py": OTHER})
    accept(repo, "--prune")
    expect("pruned", repo.read(".hygiene-baseline"), text)
    expect("none accepted", [path for path, _ in repo.counting()], ["new.py"])


def prune_needs_every_rule(place):
    repo = start(place)
    text = accept(repo)
    for args in (["--no-builtin-rules"], ["--select=x"], ["--index"]):
        done = repo.hygiene("baseline", "--prune", *args)
        expect("code", done.returncode, 129)
    expect("kept", repo.read(".hygiene-baseline"), text)


def what_is_found_in_a_named_folder_can_be_accepted(place):
    repo = start(place)
    repo.commit_files({"logins/sess_0123456789abcdef0123456789": "session"})
    named = "--session-dir=logins"
    accept(repo)
    expect("found", repo.hygiene("scan", named).returncode, 1)
    accept(repo, named)
    expect("accepted", repo.hygiene("scan", named).returncode, 0)


def prune_keeps_what_messages_hold(place):
    repo = place.repo("repo")
    repo.commit_files({"a": "1\n"}, "the key is MARK-abcdef")
    text = accept(repo, "--messages")
    expect("one", len(text.splitlines()), 2)
    accept(repo, "--prune")
    expect("kept", repo.read(".hygiene-baseline"), text)


def another_key_is_told(place):
    repo = start(place)
    accept(repo)
    repo.git("config", "hygiene.fingerprintKey", "of our own")
    done = repo.hygiene("scan")
    expect_in("warning", "another hygiene.fingerprintKey", done.stderr)
    expect("code", done.returncode, 1)


def the_file_keeps_its_mode_and_is_no_symlink(place):
    repo = start(place)
    accept(repo)
    path = os.path.join(repo.path, ".hygiene-baseline")
    os.chmod(path, 0o640)
    repo.commit_files({"app.py": OTHER})
    accept(repo)
    expect("mode", stat.S_IMODE(os.stat(path).st_mode), 0o640)
    target = place.write("target", "")
    os.remove(path)
    os.symlink(target, path)
    expect("code", repo.hygiene("baseline").returncode, 128)
    expect("untouched", os.path.getsize(target), 0)


def comments_accept_what_they_stand_beside(place):
    repo = place.repo("comments")
    good = ["a='MARK-abcdef' # hygiene:allow test-content a sample\n",
            "# hygiene:allow test-* a sample\na='MARK-abcdef'\n",
            "a='MARK-abcdef' // gitleaks:allow\n",
            "a='MARK-abcdef'  # pragma: allowlist secret\n",
            "# pragma: allowlist nextline secret\na='MARK-abcdef'\n",
            "/* hygiene:allow other,test-content */\na='MARK-abcdef'\n"]
    bad = ["a='MARK-abcdef' # hygiene:allow other-rule a sample\n",
           "a='MARK-abcdef' # hygiene:allow\n",
           "x=1 # hygiene:allow test-content not alone\na='MARK-abcdef'\n",
           "# gitleaks:allow\na='MARK-abcdef'\n",
           "a='MARK-abcdef'\n# hygiene:allow test-content too late\n"]
    repo.commit_files({f"good{i}": text for i, text in enumerate(good)})
    expect("good", repo.counting(), [])
    repo.commit_files({f"bad{i}": text for i, text in enumerate(bad)})
    expect("bad", len(repo.counting()), len(bad))
    _, rows = repo.report()
    reasons = {row["path"]: row["suppressed"]["reason"] for row in rows
               if row["type"] == "finding" and "suppressed" in row}
    expect("reason", reasons["good0"], "a sample")
    expect("without the repository's word",
           len(repo.counting("--no-repo-config")), len(good) + len(bad))


def every_place_of_a_secret_needs_its_comment(place):
    repo = place.repo("places")
    allowed = "a='MARK-abcdef' # hygiene:allow test-content why\n"
    repo.commit_files({"app.py": allowed})
    expect("one", repo.counting(), [])
    repo.commit_files({"app.py": allowed + "\n" + SECRET})
    expect("two", len(repo.counting()), 1)


def a_later_comment_counts_for_the_history(place):
    repo = place.repo("later")
    repo.commit_files({"app.py": SECRET})
    repo.commit_files(
        {"app.py": "a='MARK-abcdef' # hygiene:allow test-content why\n"})
    expect("allowed", repo.counting(), [])
    repo.commit_files({"app.py": SECRET})
    expect("taken back", len(repo.counting()), 1)


def gitleaksignore_counts_where_it_resolves(place):
    repo = place.repo("gitleaks")
    first = repo.commit_files({"app.py": "x\n" + SECRET, "b.py": OTHER})
    repo.write(".gitleaksignore",
               f"# comment\n{first}:app.py:generic-api-key:2\n")
    expect("by commit", [path for path, _ in repo.counting()], ["b.py"])
    repo.commit_files({"app.py": "x\ny\n" + SECRET})
    expect("moved", [path for path, _ in repo.counting()], ["b.py"])
    repo.write(".gitleaksignore", "b.py:generic-api-key:1\n"
               + "0" * 40 + ":app.py:generic-api-key:3\n")
    expect("any commit", [path for path, _ in repo.counting()], ["app.py"])


def a_reason_gives_no_secret_away(place):
    repo = place.repo("reason")
    repo.commit_files(
        {"app.py": "# hygiene:allow test-content MARK-abcdef "
                   "0123456789abcdef0123456789abcdef\n"})
    text = repo.hygiene("scan", "--format=jsonl").stdout
    expect_not_in("the match", "abcdef ", text)
    expect_not_in("a long word", "0123456789abcdef0123456789abcdef",
                  json.dumps([json.loads(line).get("suppressed")
                              for line in text.splitlines()]))


CASES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and name not in ("start", "accept", "words", "reformatted",
                          "states")]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
