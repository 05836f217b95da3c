"""Scans while git repacks, collects garbage, packs refs and takes pushes beside
them: never a crash, never an error, and what was there before is always found.

usage: concurrent.py <git-hygiene> [<rounds>]
"""
import json
import os
import subprocess
import sys
import threading

from scratch import expect, run_all

ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
BRANCHES = 8


class Disturber(threading.Thread):
    """Runs commands in turn until it is told to stop."""

    def __init__(self, place, commands):
        super().__init__()
        self.place, self.commands = place, commands
        self.stopped = threading.Event()
        self.rounds = 0

    def run(self):
        while not self.stopped.is_set():
            for cwd, argv in self.commands:
                subprocess.run(argv, cwd=cwd, env=self.place.env,
                               stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, check=False)
            self.rounds += 1

    def stop(self):
        self.stopped.set()
        self.join()


def repository_with_secrets(place):
    """One secret on each branch, so that a branch that is missed shows."""
    server = place.repo("server.git", "--bare")
    repo = place.repo("work")
    repo.git("remote", "add", "origin", server.path)
    for i in range(BRANCHES):
        repo.git("checkout", "-q", "--orphan", f"b{i}")
        repo.commit_files({f"f{i}": f"MARK-{chr(97 + i) * 6}\n",
                           "long": f"{i}\n" * 500})
        repo.git("push", "-q", "origin", f"b{i}")
    return server, repo


def one_scan(server):
    done = server.hygiene("scan", "--format=jsonl",
                          ASAN_OPTIONS="detect_leaks=0")
    expect("exit code", (done.returncode, done.stderr), (1, ""))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    found = {row["path"] for row in rows if row["type"] == "finding"}
    expect("found", found >= {f"f{i}" for i in range(BRANCHES)}, True)
    expect("skipped", [r for r in rows if r["type"] == "skipped"], [])
    expect("complete", rows[-1]["complete"], True)


def disturbed(place, server, commands):
    disturber = Disturber(place, commands)
    disturber.start()
    try:
        for _ in range(ROUNDS):
            one_scan(server)
    finally:
        disturber.stop()
    expect("it was disturbed", disturber.rounds > 0, True)


def push(repo):
    """A branch that moves, so that there is something to pack each time."""
    return (repo.path, ["sh", "-c",
            "date +%N >moving && git add moving && "
            "git commit -qm x && git push -qf origin HEAD:moving"])


def gc_and_pushes(place):
    server, repo = repository_with_secrets(place)
    disturbed(place, server, [
        push(repo), (server.path, ["git", "gc", "-q", "--prune=now"])])


def repacks_and_pushes(place):
    server, repo = repository_with_secrets(place)
    disturbed(place, server, [
        push(repo), (server.path, ["git", "repack", "-adq"]),
        (server.path, ["git", "prune-packed"])])


def refs_that_move(place):
    """Packed, written loose once more, packed again. A file under refs/ that
    does not end in .lock is a ref to git, so also while it is still empty."""
    server, _ = repository_with_secrets(place)
    tips = server.out("for-each-ref", "--format=%(refname) %(objectname)")
    loose = place.write("loose.sh", "".join(
        f"echo {oid} >{name}.lock; mv {name}.lock {name}\n"
        for name, oid in (line.split() for line in tips.splitlines())))
    disturbed(place, server, [
        (server.path, ["git", "pack-refs", "--all", "--prune"]),
        (server.path, ["sh", loose])])


def unpacked_and_packed_again(place):
    """Objects are loose, then packed, then loose: old packs vanish."""
    server, _ = repository_with_secrets(place)
    aside = os.path.join(place.path, "aside")
    os.mkdir(aside)
    disturbed(place, server, [
        (server.path, ["sh", "-c",
                       "git repack -adq && cp objects/pack/*.pack "
                       f"'{aside}/p' && chmod u+w '{aside}/p'"]),
        (server.path, ["sh", "-c",
                       "git unpack-objects -q <" f"'{aside}/p'"]),
        (server.path, ["git", "repack", "-Adq"])])


CASES = [gc_and_pushes, repacks_and_pushes, refs_that_move,
         unpacked_and_packed_again]


if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
