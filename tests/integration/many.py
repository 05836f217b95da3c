#!/usr/bin/env python3
"""Scans many repositories, some of them damaged, as one stream: each result is
that of a scan of its own, failures are named and stop nothing, a run that was
killed goes on, and shards of the list are cut by size and joined again.

usage: many.py <git-hygiene> [--repositories N]
"""
import argparse
import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

from scratch import Place

NOW = "--now=2026-11-28"


def make(place, count):
    """The paths of the list; three are damaged, and some hold a secret."""
    rng = random.Random(3)
    names = []
    for number in range(count):
        name = f"repo{number}" if number != 4 else "sp ace\xe4"
        repo = place.repo(name, *(["--bare"] if number % 7 == 3 else []))
        stream = "".join(
            f"commit refs/heads/main\ncommitter C <c@e.test> {1700000000 + i} "
            f"+0000\ndata 1\nx\nM 100644 inline f{i}\ndata 40\n"
            f"line {rng.randrange(10 ** 30):034}\n\n"
            for i in range(rng.randrange(1, 30)))
        place.run(repo.path, "git", "fast-import", "--quiet", data=stream)
        names.append(repo.path)
    shutil.rmtree(os.path.join(names[5], ".git", "objects"))
    with open(os.path.join(names[9], ".git", "config"), "w",
              encoding="utf-8") as file:
        file.write("[core\n\tbroken")
    shutil.rmtree(names[12])
    return names, {names[5], names[9], names[12]}


def run(place, *args, cwd=None, **kwargs):
    return place.run(cwd or place.path, place.program, "scan", *args, ok=False,
                     **kwargs)


def sections(text):
    """{repository: the lines of its report}, in order."""
    out = {}
    for line in text.splitlines():
        row = json.loads(line)
        if row["type"] in ("header", "failed"):
            name = row["repository"]
            assert name not in out, name
            out[name] = []
        out[name].append(line)
    return out


def equal(actual, expected):
    assert actual == expected, f"{actual!r}\n\nnot\n\n{expected!r}"


def damaged_ones_stop_nothing(place, names, damaged):
    listed = place.write("list", "\n".join(names) + "\n")
    done = run(place, NOW, "--repos-from", listed)
    equal(done.returncode, 3)
    assert f"3 of {len(names)} repositories could not be" in done.stderr, done
    found = sections(done.stdout)
    equal(list(found), names)
    failed = {name for name, lines in found.items()
              if json.loads(lines[0])["type"] == "failed"}
    equal(failed, damaged)
    for name in damaged:
        equal(len(found[name]), 1)
        assert json.loads(found[name][0])["message"], found[name]
    for number, name in enumerate(names, 1):
        header = json.loads(found[name][0])
        equal((header["number"], header["of"]), (number, len(names)))
        if name in damaged:
            continue
        alone = run(place, NOW, "--format=jsonl", name)
        expected = alone.stdout.splitlines()
        equal(found[name][1:], expected[1:])
        head = json.loads(expected[0])
        equal({key: header[key] for key in head}, head)
        equal(alone.returncode, 0)
    return listed, done.stdout


def a_list_can_come_from_a_pipe(place, names, whole):
    done = run(place, NOW, "--repos-from=-", data="\n".join(names))
    equal((done.returncode, done.stdout), (3, whole))
    odd = place.repo("new\nline").path
    done = run(place, NOW, "--repos-from=-", "-z", data=f"{odd}\0{names[0]}\0")
    equal(list(sections(done.stdout)), [odd, names[0]])
    # there is nothing in it to look at
    equal(done.returncode, 3)
    relative = run(place, NOW, "--repos-from=-", data="repo0\n\nrepo1")
    equal(list(sections(relative.stdout)), ["repo0", "repo1"])
    equal(relative.returncode, 0)


def no_repository_is_moved(place, names):
    """By variables that say where parts of one repository are."""
    other = place.repo("other")
    other.commit_files({"store/a": "x"})
    argv = [NOW, "--index", "--history", "--worktree", "--repos-from=-"]
    whole = run(place, *argv, data=names[0])
    equal(whole.returncode, 0)
    local = other.out("rev-parse", "--local-env-vars").split()
    values = {"GIT_INDEX_FILE": "/.git/index", "GIT_DIR": "/.git",
              "GIT_OBJECT_DIRECTORY": "/.git/objects",
              "GIT_COMMON_DIR": "/.git", "GIT_WORK_TREE": "",
              "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/.git/objects"}
    assert set(values) < set(local), local
    for name, value in values.items():
        moved = run(place, *argv, data=names[0], **{name: other.path + value})
        equal((moved.returncode, moved.stdout), (0, whole.stdout))


def findings_go_before_failures(place, names):
    repo = place.repo("guilty")
    repo.commit_files({"a.txt": "MARK-abc\n"})
    listed = f"{names[5]}\n{repo.path}\n{names[0]}\n"
    done = run(place, NOW, "--repos-from=-", data=listed)
    equal(done.returncode, 1)
    assert "1 of 3 repositories could not be scanned" in done.stderr
    for args, code in ((["--fail-on=critical"], 3), (["--fail-on=never"], 3),
                       (["--expect-complete"], 3), (["--fail-on=high"], 1)):
        done = run(place, NOW, "--repos-from=-", *args, data=listed)
        equal(done.returncode, code)
    # what looks like a repository is not searched for around it
    os.makedirs(os.path.join(repo.path, "sub", ".git"))
    done = run(place, "--repos-from=-", data=repo.path + "/sub\n")
    equal([json.loads(line)["type"] for line in done.stdout.splitlines()],
          ["failed"])
    equal(done.returncode, 3)


def long_lines_stop_nothing(place, names):
    """Names of refs that make a line of nine megabytes, and an author's of
    twelve, which is cut."""
    named = place.repo("refs")
    head = named.commit_files({"a.txt": "MARK-abc\n"})
    named.write(".git/packed-refs",
                "# pack-refs with: peeled fully-peeled sorted \n" + "".join(
                    f"{head} refs/heads/{i:02}{'a' * 450000}\n"
                    for i in range(20)))
    author = "x" + "\u20ac" * (4 << 20)
    written = place.repo("author")
    place.run(written.path, "git", "fast-import", "--quiet", data=(
        f"commit refs/heads/main\nauthor {author} <a@e.test> 1700000000 +0000\n"
        "committer C <c@e.test> 1700000000 +0000\ndata 1\nx\n"
        "M 100644 inline a.txt\ndata 9\nMARK-abc\n\n"))
    listed = [named.path, written.path, names[0]]
    done = run(place, NOW, "--repos-from=-", data="\n".join(listed))
    equal(done.returncode, 1)
    assert "1 of 3 repositories could not be" in done.stderr, done.stderr
    found = sections(done.stdout)
    equal(list(found), listed)
    failed, = (json.loads(line) for line in found[named.path])
    equal((failed["type"], failed["message"]),
          ("failed", "its report:2: a line of more than 8 MiB"))
    first = json.loads(found[written.path][1])["exposure"]["first_author"]
    equal(first, author[:342])


def read(name):
    with open(name, "rb") as file:
        return file.read()


def a_killed_run_goes_on(place, listed, whole):
    """Killed when about half of it is there, then again and again."""
    out = os.path.join(place.path, "resumed.jsonl")
    argv = [place.program, "scan", NOW, "--repos-from", listed, "--resume", out]
    kills = 0
    for part in (0.2, 0.5, 0.9):
        with subprocess.Popen(argv, env=place.env, cwd=place.path,
                              stderr=subprocess.PIPE) as process:
            while process.poll() is None:
                if os.path.exists(out) and \
                        os.path.getsize(out) > part * len(whole):
                    process.send_signal(signal.SIGKILL)
                    kills += 1
                    break
                time.sleep(0.005)
            process.wait()
            process.stderr.close()
        written = read(out)
        assert whole.encode().startswith(written[:written.rfind(b"\n") + 1])
    assert kills, "it was never killed"
    done = run(place, *argv[2:])
    equal((done.returncode, done.stdout), (3, ""))
    equal(read(out).decode(), whole)
    equal(os.stat(out).st_mode & 0o777, 0o600)
    inode = os.stat(out).st_ino
    done = run(place, *argv[2:])  # there is nothing left to do
    equal((done.returncode, read(out).decode()), (3, whole))
    equal(os.stat(out).st_ino, inode)
    lines = whole.splitlines(keepends=True)
    for cut in (1, len(lines[0]), len(lines[0]) + 5, len(whole) // 2,
                len(whole) - 1):
        with open(out, "wb") as file:
            file.write(whole.encode()[:cut])
        done = run(place, *argv[2:])
        equal((done.returncode, read(out).decode()), (3, whole))
    for args in (["--index"], ["--all"], ["--min-confidence=high"],
                 ["--disable=test-path"], ["--now=2026-11-27"],
                 ["--decode-depth=0"], ["--no-repo-config"]):
        goes_not_on(place, argv[2:] + args)
    for key, value in (("allowComments", "false"), ("repoConfig", "false"),
                       ("decodeDepth", "3"), ("fingerprintKey", "x"),
                       ("baseline", "other")):
        goes_not_on(place, argv[2:], "-c", f"hygiene.{key}={value}")
    names = place.write("fewer", "\n".join(read(listed).decode().splitlines()
                                           [1:]) + "\n")
    done = run(place, NOW, "--repos-from", names, "--resume", out)
    equal(done.returncode, 128)
    assert "another list" in done.stderr, done.stderr
    equal(read(out).decode(), whole)


def goes_not_on(place, args, *before):
    done = place.run(place.path, place.program, *before, "scan", *args,
                     ok=False)
    equal((done.returncode, done.stdout), (128, ""))
    assert "cannot go on here: it was made with other" in done.stderr, done


def two_runs_do_not_share_a_file(place, listed):
    out = place.write("shared", "")
    with open(out, "r+", encoding="utf-8") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        done = run(place, NOW, "--repos-from", listed, "--resume", out)
        equal((done.returncode, read(out)), (128, b""))
        assert "another run is writing to it" in done.stderr, done.stderr
    equal(run(place, NOW, "--repos-from", listed, "--resume",
              out).returncode, 3)


def files_of_others_are_left_alone(place, listed, whole):
    """What this run could not have written is not cut."""
    lines = whole.splitlines(keepends=True)
    alone = run(place, "--format=jsonl", "repo0").stdout
    end = next(i for i, line in enumerate(lines) if '"summary"' in line)
    assert end, lines[0]
    other = whole.replace('"number":1,', '"number":2,', 1)
    for text in ("a note", "a note\n", "{", '{"type":"head', '{"a":1}', "[1,2",
                 '{"type":"header","format":1,"version":"9', "\0\0\0", alone,
                 alone[:-2], other[:len(lines[0]) + 3],
                 "".join(lines[:end]) + lines[end + 1],
                 "".join(lines[:end + 1]) + "a note"):
        out = place.write("foreign", text)
        done = run(place, NOW, "--repos-from", listed, "--resume", out)
        ours = text in ("{", '{"type":"head')
        equal(done.returncode, 3 if ours else 128)
        equal(read(out).decode(), whole if ours else text)


def what_is_accepted_stays_the_same(place, names):
    """The baseline's content counts, whoever names it."""
    listed = place.write("two", "\n".join(names[:2]) + "\n")
    report = place.repo("to accept")
    report.commit_files({"a.txt": "MARK-abc\n"})
    report = report.hygiene("scan", "--format=jsonl").stdout
    baseline = place.write("accepted", "")
    out = os.path.join(place.path, "accepted.jsonl")
    args = [NOW, "--repos-from", listed, "--resume", out]
    equal(run(place, *args, "--baseline", baseline).returncode, 0)
    same = place.write("same", "")
    equal(run(place, *args, "--baseline", same).returncode, 0)
    place.write("accepted", report)
    goes_not_on(place, args + ["--baseline", baseline])
    os.unlink(out)
    setting = ["-c", "hygiene.baseline=" + baseline]
    argv = [place.program, *setting, "scan", *args]
    equal(place.run(place.path, *argv, ok=False).returncode, 0)
    equal(place.run(place.path, *argv, ok=False).returncode, 0)
    place.write("accepted", "")
    goes_not_on(place, args, *setting)


def a_crash_is_one_failure(place, listed, count):
    """Kills the process of one repository."""
    argv = [place.program, "scan", NOW, "--repos-from", listed]
    for _ in range(20):
        with subprocess.Popen(argv, env=place.env, text=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            children = f"/proc/{process.pid}/task/{process.pid}/children"
            if not os.path.exists(children):
                process.kill()
                return
            for _ in range(2000):
                with open(children, encoding="utf-8") as file:
                    ids = file.read().split()
                if ids:
                    os.kill(int(ids[0]), signal.SIGKILL)
                    break
                time.sleep(0.001)
            text, _ = process.communicate()
        found = sections(text)
        equal(len(found), count)
        killed = [lines for lines in found.values() if "signal 9" in lines[0]]
        if killed:
            equal((len(killed), process.returncode), (1, 3))
            return
    raise AssertionError("no process could be killed in time")


def weight(path):
    total = 1 << 20
    for folder in (path + "/.git/objects/pack", path + "/objects/pack"):
        if os.path.isdir(folder):
            return total + sum(
                os.path.getsize(os.path.join(folder, name))
                for name in os.listdir(folder) if name.endswith(".pack"))
    return total


def expected_shards(names, count):
    """The largest first to whoever has the least."""
    loads, shards = [0] * count, {}
    for index in sorted(range(len(names)),
                        key=lambda i: (-weight(names[i]), i)):
        least = loads.index(min(loads))
        loads[least] += weight(names[index])
        shards[names[index]] = least + 1
    return shards


def shards_are_cut_by_size_and_join(place, names, listed, whole):
    # more shards than repositories only where these are few
    counts = (2, len(names) + 3) if len(names) < 50 else (1, 2, 5)
    for count in counts:
        expected = expected_shards(names, count)
        outs = []
        for index in range(1, count + 1):
            outs.append(os.path.join(place.path, f"{index}-of-{count}"))
            run(place, NOW, "--repos-from", listed,
                f"--shard={index}/{count}", "--resume", outs[-1])
            mine = [name for name in names if expected[name] == index]
            equal(list(sections(read(outs[-1]).decode())), mine)
        merge = [place.program, "merge"]
        random.Random(count).shuffle(outs)
        done = place.run(place.path, *merge, *outs, outs[0], ok=False)
        equal((done.returncode, done.stdout), (3, whole))
        if count != 2:
            continue
        done = place.run(place.path, *merge, outs[0], ok=False)
        equal((done.returncode, done.stdout), (128, ""))
        assert "repositories are missing: numbers" in done.stderr, done.stderr
        done = place.run(place.path, *merge, place.write("whole", whole),
                         ok=False)
        equal((done.returncode, done.stdout), (128, ""))
        assert "whole:1: not the report of a shard" in done.stderr, done.stderr
        torn = place.write("torn", read(outs[1]).decode()[:-2])
        done = place.run(place.path, *merge, outs[0], torn, ok=False)
        equal((done.returncode, done.stdout), (128, ""))
        assert "torn" in done.stderr, done.stderr
        one = place.run(place.path, place.program, "-C", names[0], "scan", NOW,
                        "--shard=1/1").stdout
        done = place.run(place.path, *merge, outs[0],
                         place.write("one", one), ok=False)
        equal(done.returncode, 128)
        assert "of one repository and of many" in done.stderr, done.stderr


def what_does_not_go_together(place, listed):
    for args, says in (
            (["--repos-from", listed, "-o", "x"], "writes jsonl"),
            (["--repos-from", listed, "--format=html"], "writes jsonl"),
            (["--repos-from", listed, "--", "src"], "no pathspec"),
            (["--repos-from", listed, "--fail-on=no"], "--fail-on takes"),
            (["--repos-from", listed, "--commits-from=x"], "of one repo"),
            (["--repos-from", listed, "--ignored"], "with --worktree"),
            (["--repos-from", listed, "--libgit2", "--unreachable"],
             "--libgit2 goes without"),
            (["--repos-from", listed, "--range=main", "--all"],
             "a range of history goes without"),
            (["--repos-from", listed, "--color=x"], "--color takes"),
            (["--resume", "x"], "goes with --repos-from")):
        done = run(place, *args)
        equal((done.returncode, done.stdout), (129, ""))
        assert says in done.stderr, done.stderr
    done = place.run(place.path, place.program, "--git-dir=repo0/.git", "scan",
                     "--repos-from", listed, ok=False)
    equal((done.returncode, done.stdout), (129, ""))
    for args in (["--repos-from", "nosuch"], ["--repos-from", os.devnull],
                 ["--repos-from", listed, "--resume", "/dev/null"],
                 ["--repos-from", listed, "--rules", "nosuch"]):
        done = run(place, *args)
        equal((done.returncode, done.stdout), (128, ""))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--repositories", type=int, default=14)
    args = parser.parse_args()
    place = Place(args.program)
    names, damaged = make(place, args.repositories)
    listed, whole = damaged_ones_stop_nothing(place, names, damaged)
    a_killed_run_goes_on(place, listed, whole)
    files_of_others_are_left_alone(place, listed, whole)
    two_runs_do_not_share_a_file(place, listed)
    a_list_can_come_from_a_pipe(place, names, whole)
    what_is_accepted_stays_the_same(place, names)
    no_repository_is_moved(place, names)
    findings_go_before_failures(place, names)
    long_lines_stop_nothing(place, names)
    a_crash_is_one_failure(place, listed, len(names))
    shards_are_cut_by_size_and_join(place, names, listed, whole)
    what_does_not_go_together(place, listed)


if __name__ == "__main__":
    sys.exit(main())
