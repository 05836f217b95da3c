"""Runs the program as the tests of hostile repositories want it: within a time
and a memory, with an exit code of its own, and never ended by a signal."""
import os
import re
import subprocess
import tempfile
import time

CODES = (0, 1, 3, 128, 129)
MAX_SECONDS = 5          # of processor time, of all threads
MAX_SECONDS_SANITIZED = 8
MAX_SECONDS_WAITED = 60  # a machine that does other things besides
MAX_MEMORY = 512 << 20
# Memory that is asked for and not used is in the sanitizer's map all the same,
# an eighth of it: of four gigabytes, where --max-blob-size allows for them.
MAX_MEMORY_SANITIZED = (512 + 256) << 20
# libgit2 1.5 loses what it compared with when it refuses to open; what was
# freed is to be reused soon, so that memory can be measured
SANITIZER_OPTIONS = ("detect_leaks=0:allocator_may_return_null=1:"
                     "quarantine_size_mb=8")


def is_sanitized(program):
    with open(program, "rb") as file:
        return b"__asan_init" in file.read()


class Bounded:
    """A program and what it may take; counts what it took."""

    def __init__(self, program):
        self.program = program
        sanitized = is_sanitized(program)
        self.most_seconds = MAX_SECONDS_SANITIZED if sanitized else MAX_SECONDS
        self.most_memory = MAX_MEMORY_SANITIZED if sanitized else MAX_MEMORY
        self.slowest, self.largest = 0.0, 0

    def run(self, cwd, env, *args, wrapper=(), codes=CODES):
        """(exit code, stdout, stderr); fails beyond a bound."""
        env = dict(env, ASAN_OPTIONS=SANITIZER_OPTIONS)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            until = time.monotonic() + MAX_SECONDS_WAITED
            child = subprocess.Popen(
                [*wrapper, self.program, *args], cwd=cwd, env=env,
                stdin=subprocess.DEVNULL, stdout=out, stderr=err)
            seconds, memory = wait(child, until, args)
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read().decode("utf-8", "surrogateescape"))
        self.slowest = max(self.slowest, seconds)
        self.largest = max(self.largest, memory)
        self.judge(args, child.returncode, texts, codes)
        if seconds > self.most_seconds or memory > self.most_memory:
            raise AssertionError(f"{args}: {seconds:.1f} s, "
                                 f"{memory >> 20} MiB")
        return child.returncode, texts[0], texts[1]

    @staticmethod
    def judge(args, code, texts, codes):
        if code not in codes or "Sanitizer" in texts[1] or \
                "runtime error" in texts[1]:
            raise AssertionError(f"{args}: exit code {code}, {texts[1][:2000]}")
        if code in (128, 129) and not re.search("^(fatal|error): ", texts[1],
                                                re.M):
            raise AssertionError(f"{args}: {code} without a word: {texts}")


def wait(child, until, args):
    """(seconds of processor time, most memory); it is ended when it hangs."""
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10
        if time.monotonic() > until:
            child.kill()
            child.wait()
            raise AssertionError(f"{args}: still running")
        time.sleep(0.005)
