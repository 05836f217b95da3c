#!/usr/bin/env python3
"""Runs `monitor` on session directories that are made here: what it finds and
counts, what it calls off, and what it deletes.

usage: monitor.py <git-hygiene> [<options of unittest>]
"""
import json
import os
import pty
import subprocess
import sys
import time

from session_store import (COUNTER, MASKED, NEVER, TOKEN, Case, cached,
                           hex_name, main, names, session, write)


class Report(Case):
    def test_counts_files_by_what_they_are(self):
        now = self.write_every_kind()
        report, rows = self.report()
        self.assertEqual((report["type"], report["format"]), ("monitor", 1))
        self.assertEqual((report["threshold"], report["off"],
                          report["complete"]), (500, False, True))
        self.assertEqual(list(rows), ["flask_session"])
        self.assert_fields(
            rows["flask_session"], sessions=4, live=1, expired=1, never=1,
            unknown=1, companions=1, transients=1, others=1, unread=0,
            mode="0700", wide_files=0, widest_mode=None, tracked=0,
            ignored=True, in_worktree=True, exists=True, problems=[],
            next_expiry=time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                      time.gmtime(now + 3600)))

    def test_oldest_newest_and_bytes_are_those_of_the_sessions(self):
        first = write(self.store, hex_name("a"), session(NEVER, user_id=1))
        second = write(self.store, hex_name("b"), session(NEVER, user_id=22))
        counter = write(self.store, COUNTER, cached(NEVER, 2))
        os.utime(first, (1700000000, 1700000000))
        os.utime(second, (1800000000, 1800000000))
        os.utime(counter, (1600000000, 1600000000))
        _, rows = self.report()
        self.assert_fields(
            rows["flask_session"], oldest="2023-11-14T22:13:20Z",
            newest="2027-01-15T08:00:00Z",
            bytes=os.path.getsize(first) + os.path.getsize(second))

    def test_an_empty_store_is_well(self):
        _, rows = self.report()
        self.assert_fields(rows["flask_session"], sessions=0, oldest=None,
                           newest=None, next_expiry=None, problems=[])

    def test_more_than_the_threshold_is_off(self):
        for word in "abc":
            write(self.store, hex_name(word), session(NEVER, user_id=1))
        self.report("--threshold=3")
        _, rows = self.report("--threshold=2", code=1)
        self.assert_fields(rows["flask_session"],
                           problems=["over-threshold"])
        self.report("--threshold=0")

    def test_wide_modes_are_off(self):
        write(self.store, hex_name("a"), session(NEVER, user_id=1), 0o640)
        write(self.store, COUNTER, cached(NEVER, 1), 0o604)
        write(self.store, ".gitkeep", b"", 0o644)
        os.chmod(self.store, 0o755)
        _, rows = self.report(code=1)
        self.assert_fields(
            rows["flask_session"], mode="0755", wide_files=2,
            widest_mode="0644", problems=["directory-mode", "file-mode"])

    def test_a_slip_of_the_base_is_off(self):
        # SESSION_FILE_MODE = 600, decimal, is 01130
        write(self.store, hex_name("a"), session(NEVER, user_id=1), 0o1130)
        _, rows = self.report(code=1)
        self.assert_fields(rows["flask_session"], widest_mode="1130",
                           problems=["file-mode"])

    def test_expired_files_are_off_when_asked(self):
        write(self.store, hex_name("old"), session(1000000000, user_id=1))
        self.report()
        _, rows = self.report("--fail-on-expired", code=1)
        self.assert_fields(rows["flask_session"], problems=["expired"])

    def test_tracked_files_are_off_also_when_deleted(self):
        write(self.store, ".gitkeep", b"")
        path = write(self.store, hex_name("a"), session(NEVER, user_id=1))
        self.git("add", "-f", ".")
        _, rows = self.report(code=1)
        self.assert_fields(rows["flask_session"], tracked=1,
                           problems=["tracked"])
        os.remove(path)
        _, rows = self.report(code=1)
        self.assert_fields(rows["flask_session"], tracked=1, sessions=0)

    def test_a_store_that_git_would_add_is_off(self):
        for text in ("", "/other/\n", "flask_session/" + hex_name("a")):
            write(self.store, hex_name("a"), session(NEVER, user_id=1))
            self.ignore(text)
            _, rows = self.report(code=1)
            self.assert_fields(rows["flask_session"], ignored=False,
                               problems=["not-ignored"])
        with open(os.path.join(self.store, ".gitignore"), "w",
                  encoding="utf-8") as file:
            file.write("*\n")
        self.report()

    def test_outside_of_a_repository_git_has_no_say(self):
        folder = os.path.join(self.root, "var", "store")
        os.makedirs(folder, 0o700)
        write(folder, hex_name("a"), session(NEVER, user_id=1))
        _, rows = self.report(folder)
        self.assert_fields(rows[folder], sessions=1, in_worktree=False,
                           ignored=None, tracked=0, problems=[])

    def test_a_named_directory_is_asked_of_its_own_repository(self):
        write(self.store, hex_name("a"), session(NEVER, user_id=1))
        self.repo, repo = self.root, self.repo
        _, rows = self.report(os.path.join(repo, "flask_session"))
        self.assert_fields(rows[os.path.join(repo, "flask_session")],
                           ignored=True, in_worktree=True)

    def test_a_named_directory_may_be_a_symlink(self):
        write(self.store, hex_name("a"), session(NEVER, user_id=1))
        os.symlink("flask_session", os.path.join(self.repo, "link"))
        _, rows = self.report("link")
        self.assert_fields(rows["link"], sessions=1, ignored=True)

    def test_links_in_a_store_are_not_followed(self):
        write(self.root, "target", session(NEVER, user_id=1))
        os.symlink(os.path.join(self.root, "target"),
                   os.path.join(self.store, hex_name("a")))
        os.mkfifo(os.path.join(self.store, hex_name("b")))
        _, rows = self.report()
        self.assert_fields(rows["flask_session"], sessions=0, others=0)

    def test_what_is_too_large_to_read_is_not_called_well(self):
        write(self.store, hex_name("a"), b"\0" * (2 << 20))
        report, rows = self.report(code=3)
        self.assertFalse(report["complete"])
        self.assert_fields(rows["flask_session"], unread=1, complete=False)

    def test_sessions_of_other_frameworks_are_known(self):
        folder = self.make_store("flask_session/php")
        write(folder, "sess_0123456789abcdefghijklmnop", b"user_id|i:7;")
        _, rows = self.report()
        self.assert_fields(rows["flask_session/php"], sessions=1, unknown=1)

    def test_a_directory_that_is_not_there_ends_the_run(self):
        _, said = self.run_monitor("no-such", code=128)
        self.assertIn("no-such: no such directory", said)
        self.run_monitor("no/such", code=128)

    def test_a_person_reads_what_is_off(self):
        self.write_every_kind()
        os.chmod(self.store, 0o755)
        out, _ = self.run_monitor(code=1)
        self.assertIn("4 sessions of at most 500: 1 live, 1 expired, "
                      "1 without end, 1 of unknown end;\n    beside them", out)
        self.assertIn("  ! mode 0755 of the directory is wider than 0700\n",
                      out)
        self.assertLessEqual(max(map(len, out.splitlines())), 80)

    def test_hostile_names_are_escaped(self):
        folder = os.fsencode(self.repo) + b"/evil\x1b[31m\xff"
        os.mkdir(folder, 0o700)
        write(os.fsdecode(folder), hex_name("a"), session(NEVER, user_id=1))
        self.ignore("evil*\nflask_session/\n")
        out, _ = self.run_monitor()
        self.assertIn('"evil\\033[31m\\377"', out)
        report, _ = self.report()
        self.assertIn("ZXZpbBtbMzFt/w==", [
            row.get("path_base64") for row in report["directories"]])

    def test_secrets_in_names_are_masked(self):
        store = self.make_store(TOKEN + "/flask_session")
        self.ignore("/*/flask_session/\nflask_session/\n")
        write(store, hex_name("old"), session(1000000000, user_id=1))
        shown = MASKED + "/flask_session"
        out, _ = self.run_monitor()
        self.assertIn(shown, out)
        _, rows = self.report()
        self.assertEqual(list(rows), ["flask_session", shown])
        out, _ = self.run_monitor("--prune-expired", "--yes")
        self.assertIn(shown + "/" + hex_name("old"), out)
        self.assertNotIn(TOKEN, out)
        self.assertEqual(names(store), [])


class Search(Case):
    def paths(self):
        out, _ = self.run_monitor("--format=json", code=1)
        return [row["path"] for row in json.loads(out)["directories"]]

    def setUp(self):
        super().setUp()
        os.chmod(self.store, 0o755)  # off, so that the code is always 1

    def test_by_usual_name_and_by_content(self):
        self.make_store("backend/temp_sessions")
        odd = self.make_store("var/state")
        write(odd, hex_name("a"), session(NEVER, user_id=1))
        self.make_store("src/code")
        self.assertEqual(self.paths(), ["backend/temp_sessions",
                                        "flask_session", "var/state"])

    def test_a_package_of_that_name_is_none(self):
        write(self.make_store("lib/flask_session"), "__init__.py", b"")
        self.assertEqual(self.paths(), ["flask_session"])

    def test_a_cache_of_values_is_none(self):
        cache = self.make_store("cache")
        write(cache, COUNTER, cached(NEVER, 1))
        write(cache, hex_name("a"), cached(NEVER, {"colour": "red"}))
        self.assertEqual(self.paths(), ["flask_session"])

    def test_other_repositories_and_links_are_left_out(self):
        self.make_store("nested/flask_session")
        os.mkdir(os.path.join(self.repo, "nested/.git"))
        os.symlink(self.store, os.path.join(self.repo, "tmp_sessions"))
        self.make_store(".git/flask_session")
        self.assertEqual(self.paths(), ["flask_session"])

    def test_more_names_can_be_given(self):
        self.make_store("logins")
        out, _ = self.run_monitor("--format=json", "--session-dir=logins",
                                  code=1)
        self.assertEqual(
            [row["path"] for row in json.loads(out)["directories"]],
            ["flask_session", "logins"])


class Prune(Case):
    def setUp(self):
        super().setUp()
        self.write_every_kind()
        self.before = names(self.store)
        self.left = [n for n in self.before if n != hex_name("old")]

    def test_a_dry_run_deletes_nothing(self):
        out, _ = self.run_monitor("--prune-expired", "--dry-run")
        self.assertIn("flask_session/" + hex_name("old"), out)
        self.assertIn("Would delete 1 expired session", out)
        self.assertEqual(names(self.store), self.before)

    def test_yes_deletes_the_expired_ones_alone(self):
        outside = write(self.root, hex_name("out"), session(1000000000, a=1))
        os.symlink(outside, os.path.join(self.store, hex_name("link")))
        out, _ = self.run_monitor("--prune-expired", "--yes")
        self.assertIn("Deleted 1 expired session, ", out)
        self.assertEqual(names(self.store),
                         sorted(self.left + [hex_name("link")]))
        self.assertTrue(os.path.exists(outside))
        out, _ = self.run_monitor("--prune-expired", "--yes")
        self.assertEqual(out, "No expired session.\n")

    def test_an_expired_counter_stays(self):
        write(self.store, COUNTER, cached(1000000000, 3))
        self.run_monitor("--prune-expired", "--yes")
        self.assertIn(COUNTER, names(self.store))

    def test_without_a_terminal_it_does_not_guess(self):
        _, said = self.run_monitor("--prune-expired", code=129)
        self.assertIn("--yes", said)
        self.assertEqual(names(self.store), self.before)

    def answer(self, text):
        master, terminal = pty.openpty()
        with self.start("--prune-expired", stdin=terminal,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE) as process:
            os.close(terminal)
            os.write(master, text)
            out, said = process.communicate(timeout=20)
        os.close(master)
        self.assertEqual(process.returncode, 0, out + said)
        self.assertIn(b"Delete 1 expired session? [y/N]", said)

    def test_it_asks_and_takes_yes(self):
        self.answer(b"y\n")
        self.assertEqual(names(self.store), self.left)

    def test_it_asks_and_takes_anything_else_as_no(self):
        for text in (b"n\n", b"\n", b"\x04"):
            self.answer(text)
            self.assertEqual(names(self.store), self.before)

    def test_options_that_do_not_go_together(self):
        self.run_monitor("--prune-expired", "--watch", code=129)
        self.run_monitor("--prune-expired", "--format=json", code=129)
        self.run_monitor("--yes", code=129)


if __name__ == "__main__":
    main(sys.argv)
