#!/usr/bin/env python3
"""Completions as shells use them: bash with bash-completion and git's own
completion, zsh with its completion of git, fish with its own. A shell that is
not installed is left out, and named; without any the test is skipped (77)."""
import os
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1])
FISH_START = sys.argv[2]  # what the package has fish read at its start
SKIPPED = 77
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"

# line as typed, and what must and must not be among the offers
CASES = [
    ("git hygiene sc", {"scan"}, {"audit"}),
    ("git-hygiene sc", {"scan"}, {"audit"}),
    ("git hygiene scan --st", {"--staged"}, {"--index"}),
    ("git -C . hygiene scan --wor", {"--worktree"}, set()),
    ("git hygiene audit --format=", {"human", "json"}, {"sarif"}),
    ("git hygiene scan --format=s", {"sarif"}, {"human"}),
    ("git hygiene scan --fail-on ", {"low", "never"}, {"info"}),
    ("git hygiene scan --report sar", {"sarif="}, {"gitlab="}),
    ("git hygiene hook in", {"install"}, {"status"}),
    ("git hygiene hook run pre-", {"pre-commit", "pre-push"}, {"update"}),
    ("git hygiene help unt", {"untrack"}, {"scan"}),
    ("git hygiene rules show flask-session-", {"flask-session-file"},
     {"install"}),
    ("git-hygiene -c hygiene.jobs=1 ignore --ch", {"--check"}, set()),
]


def completion(shell):
    return subprocess.run([PROGRAM, "help", "--completion", shell], check=True,
                          capture_output=True, text=True).stdout


def environment(home):
    return {"HOME": home, "PATH": f"{os.path.dirname(PROGRAM)}:/usr/bin:/bin",
            "TERM": "dumb", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": home,
            "BASH_COMPLETION_USER_DIR": home}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def bash_offers(home, line):
    """Calls what readline would, with words cut as readline cuts them."""
    script = r"""
        . "$0"
        shopt -s extglob
        COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9 COMP_KEY=9
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _completion_loader "$1"
        set -- $(complete -p "$1")
        while [ "$1" != -F ]; do shift; done
        "$2" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" \
            "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    """
    words = line.replace("=", " = ").split(" ")
    words = [word for word in words[:-1] if word] + [words[-1]]
    run = subprocess.run(
        ["bash", "--norc", "-c", script, BASH_COMPLETION, line, *words],
        env=environment(home), cwd=home, capture_output=True, text=True,
        timeout=60, check=False)
    assert not run.stderr, (line, run.stderr)
    return set(run.stdout.split())


def fish_offers(home, line):
    run = subprocess.run(
        ["fish", "-c", 'complete -C "$argv[1]"', "--", line],
        env=environment(home), cwd=home, capture_output=True, text=True,
        timeout=60, check=False)
    offers = {row.split("\t")[0] for row in run.stdout.splitlines()}
    # fish repeats what stands before "=" in "--name=value"
    before = line.split(" ")[-1].partition("=")
    return {offer.removeprefix(before[0] + "=") if before[1] else offer
            for offer in offers}


class Zsh:
    """An interactive zsh on a terminal of its own."""

    def __init__(self, home):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(home)
            os.execvpe("zsh", ["zsh", "-f", "-i"], environment(home))
        # ^X lists what fits and says when it is done: while input waits, zsh
        # lists nothing.
        self.send("PS1=; stty -echo; unsetopt beep prompt_sp; LISTMAX=1000\n")
        self.send(f"fpath=({home}/zsh $fpath); autoload -Uz compinit; "
                  f"compinit -u -d {home}/dump; "
                  "zstyle ':completion:*' verbose no; "
                  "probe() { zle list-choices; zle -R; print do''ne; }; "
                  "zle -N probe; bindkey '^X' probe; print rea''dy\n")
        self.read_until("ready")

    def send(self, text):
        os.write(self.fd, text.encode())

    def read_until(self, mark):
        text = ""
        end = time.monotonic() + 30
        while mark not in text and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.5)[0]:
                text += os.read(self.fd, 65536).decode(errors="replace")
        assert mark in text, f"zsh said no {mark!r} but {text!r}"
        return text

    def offers(self, line):
        self.send(line + "\x18")
        offers = set(self.read_until("done").split())
        self.send("\x15")
        return offers - set(line.split())

    def close(self):
        self.send("exit\n")
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def check(shell, offers_of, cases):
    failures = []
    for line, wanted, unwanted in cases:
        offers = offers_of(line)
        if wanted - offers or unwanted & offers:
            failures.append(f"{shell}: {line!r} offers {sorted(offers)}")
    return failures


def try_bash(home):
    write(f"{home}/completions/git-hygiene", completion("bash"))
    return check("bash", lambda line: bash_offers(home, line), CASES)


def try_fish(home):
    write(f"{home}/fish/completions/git-hygiene.fish", completion("fish"))
    with open(FISH_START, encoding="utf-8") as start:
        write(f"{home}/fish/conf.d/git-hygiene.fish", start.read())
    return check("fish", lambda line: fish_offers(home, line), CASES)


def try_zsh(home):
    write(f"{home}/zsh/_git-hygiene", completion("zsh"))
    zsh = Zsh(home)
    try:
        # zsh offers "sarif" and adds the "=" itself
        cases = [(line, {word.rstrip("=") for word in wanted},
                  {word.rstrip("=") for word in unwanted})
                 for line, wanted, unwanted in CASES]
        return check("zsh", zsh.offers, cases)
    finally:
        zsh.close()


def main():
    shells = {"fish": try_fish, "zsh": try_zsh}
    if os.path.exists(BASH_COMPLETION):
        shells["bash"] = try_bash
    failures = []
    tried = [shell for shell in sorted(shells) if shutil.which(shell)]
    for shell in tried:
        with tempfile.TemporaryDirectory() as home:
            failures += shells[shell](home)
    print("tried:", *tried, "of bash fish zsh")
    print("\n".join(failures))
    if not tried:
        return SKIPPED
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
