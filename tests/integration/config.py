#!/usr/bin/env python3
"""Settings and .hygiene.yml: where they come from, who has a say.

usage: config.py <git-hygiene>
"""
import os
import sys

from scratch import expect, expect_in, expect_not_in, run_all

SECRET = "a = 'MARK-abcdef'\n"

OWN_RULE = """version: 1
rules:
  - id: own-file
    title: A file of ours
    severity: high
    confidence: high
    why: A test.
    path: '*.own'
    examples:
      match: [{path: a.own}]
      nomatch: [{path: a.txt}]
"""


def shown(repo, *args, **kwargs):
    done = repo.hygiene("config", "--show-origin", "--show-scope", *args,
                        ok=True, **kwargs)
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    return {row[2].split("=", 1)[0]: (row[0], row[1], row[2].split("=", 1)[1])
            for row in rows}


def each_level_goes_before_those_below(place):
    repo = place.repo("repo")
    home = place.env["HOME"]
    expect("default", shown(repo)["hygiene.failOn"],
           ("default", "default", "low"))
    repo.git("config", "--global", "hygiene.failOn", "medium")
    expect("global", shown(repo)["hygiene.failOn"],
           ("global", f"file:{home}/.gitconfig", "medium"))
    repo.git("config", "hygiene.failon", "high")
    expect("local", shown(repo)["hygiene.failOn"],
           ("local", f"file:{repo.path}/.git/config", "high"))
    expect("environment", shown(
        repo, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="Hygiene.FailOn",
        GIT_CONFIG_VALUE_0="critical")["hygiene.failOn"],
        ("command", "command line:", "critical"))
    done = repo.git("-c", "hygiene.failOn=it's", "hygiene", "config",
                    "failOn")
    expect("git -c", done.stdout, "hygiene.failOn=it's\n")
    done = repo.hygiene("-c", "hygiene.failOn=never", "config", "failOn",
                        GIT_CONFIG_PARAMETERS="'hygiene.failon'='low'")
    expect("-c", done.stdout, "hygiene.failOn=never\n")
    expect("protected", shown(repo, "--no-repo-config")["hygiene.failOn"][2],
           "medium")


def other_files_can_be_named(place):
    repo = place.repo("repo")
    other = place.write("other", "[hygiene]\n\tjobs = 2\n"
                        "[include]\n\tpath = more\n")
    place.write("more", "[hygiene]\n\tfailOn = high\n")
    values = shown(repo, GIT_CONFIG_GLOBAL=other)
    expect("jobs", values["hygiene.jobs"], ("global", f"file:{other}", "2"))
    expect("included", values["hygiene.failOn"][2], "high")
    expect("rules", values["hygiene.rules"][0], "default")


def a_misspelt_key_is_told(place):
    repo = place.repo("repo")
    repo.git("config", "hygiene.failsOn", "high")
    done = repo.hygiene("config")
    expect_in("warning", "did you mean hygiene.failOn?", done.stderr)
    done = repo.hygiene("config", "failsOn")
    expect("code", done.returncode, 129)


def the_key_of_fingerprints_is_not_shown(place):
    repo = place.repo("repo")
    repo.git("config", "hygiene.fingerprintKey", "quite secret")
    expect_not_in("value", "quite secret",
                  repo.hygiene("config", "--show-origin").stdout)


def settings_take_effect(place):
    repo = place.repo("repo")
    repo.commit_files({"app.py": SECRET})
    expect("standard", repo.report()[0], 1)
    repo.git("config", "hygiene.failOn", "critical")
    expect("failOn", repo.report()[0], 0)
    expect("option", repo.report("--fail-on=high")[0], 1)
    expect("not the repository's", repo.report("--no-repo-config")[0], 1)
    repo.git("config", "hygiene.maxBlobSize", "4")
    expect("maxBlobSize", repo.report()[0], 3)
    repo.git("config", "hygiene.failOn", "nonsense")
    done = repo.hygiene("scan")
    expect("bad", (done.returncode, "usage" in done.stderr), (128, False))
    expect_in("where", f"'nonsense' (file:{repo.path}/.git/config)",
              done.stderr)


def a_setting_that_cannot_be_read_stops_the_scan(place):
    repo = place.repo("repo")
    repo.commit_files({"app.py": SECRET})
    for key, value in (("jobs", "many"), ("jobs", "-1"),
                       ("maxBlobSize", "big"), ("failOn", "")):
        done = repo.hygiene("-c", f"hygiene.{key}={value}", "scan")
        expect(f"{key}={value}", done.returncode, 128)
        expect_in("named", f"hygiene.{key} takes", done.stderr)
    for name, value in (("GIT_CONFIG_COUNT", "x"),
                        ("GIT_CONFIG_PARAMETERS", "'hygiene.failOn=low'x")):
        done = repo.hygiene("scan", **{name: value})
        expect(name, done.returncode, 128)


def the_repository_can_add_rules(place):
    repo = place.repo("repo")
    repo.commit_files({"x.own": "1\n", ".hygiene.yml": OWN_RULE})
    expect("added", [path for path, _ in repo.counting()], ["x.own"])
    expect("not believed", repo.report("--no-repo-config")[0], 0)
    expect("switched off", repo.report(
        GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="hygiene.repoConfig",
        GIT_CONFIG_VALUE_0="false")[0], 0)
    expect_in("shown", "file:.hygiene.yml\trule=own-file",
              repo.hygiene("config", "--show-origin").stdout)


def the_repository_can_leave_paths_out_and_it_is_counted(place):
    repo = place.repo("repo")
    repo.commit_files({
        "app.py": SECRET, "vendor/b.py": SECRET, "vendor/c.py": "x\n",
        ".hygiene.yml": "version: 1\nexclude: [vendor/]\n"})
    code, rows = repo.report()
    expect("code", code, 1)
    expect("found", [path for path, _ in repo.counting()], ["app.py"])
    expect("excluded", rows[-1]["excluded"], 2)
    expect_in("human", "without 2 that .hygiene.yml excludes",
              " ".join(repo.hygiene("scan").stdout.split()))
    expect("all", len(repo.counting("--no-repo-config")), 2)


def the_repository_cannot_weaken_rules(place):
    repo = place.repo("repo")
    repo.commit_files({"app.py": SECRET})
    for text, why in (
            ("version: 1\ndisable: ['*']\n", "disable"),
            ("version: 1\nrules:\n  - override: test-content\n"
             "    severity: info\n", "cannot override"),
            ("version: 1\nrules:\n  - extend: test-content\n"
             "    except_values: ['.']\n", "except_values"),
            ("version: 1\nexclude: ['!a']\n", ".hygiene.yml:2:"),
            ("exclude: [a]\n", "version")):
        repo.write(".hygiene.yml", text)
        done = repo.hygiene("scan")
        expect(text, done.returncode, 128)
        expect_in(text, why, done.stderr)


def an_extension_adds_paths(place):
    repo = place.repo("repo")
    repo.commit_files({"my/place/x": "1\n", ".hygiene.yml":
                       "version: 1\nrules:\n  - extend: test-path\n"
                       "    path: 'my/place/*'\n"})
    expect("found", [path for path, _ in repo.counting()], ["my/place/x"])


def a_symlink_is_not_followed(place):
    repo = place.repo("repo")
    repo.commit_files({"README": "x\n"})
    os.symlink(place.write("outside.yml", "version: 1\nexclude: ['**']\n"),
               os.path.join(repo.path, ".hygiene.yml"))
    expect("code", repo.hygiene("scan").returncode, 128)


CASES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__"
         and name not in ("shown",)]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
