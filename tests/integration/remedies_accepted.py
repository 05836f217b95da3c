"""What somebody has accepted or excluded is left alone by ignore, untrack,
purge and fix, and each says so; --no-repo-config counts all of it.

usage: remedies_accepted.py GIT-HYGIENE
"""
import json
import os
import sys

from remedy_repo import session_files
from scratch import expect, expect_in, run_all

KEY = "SECRET_KEY = 'd3b07384d113edec49eaa6238ad5ff00c86f'\n"


def bytes_into(repo, name, content):
    path = os.path.join(repo.path, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def stores(place):
    """A repository with the same session files below app/ and tests/."""
    repo = place.repo("r")
    repo.git("config", "user.email", "ann@example.com")
    for folder in ("app", "tests"):
        for name, content in session_files():
            bytes_into(repo, f"{folder}/flask_session/{name.decode()}", content)
    repo.commit(**{"main.py": "x = 1\n"})
    return repo


def untracked_by(repo, *options):
    lines = repo.hygiene("untrack", "--dry-run", *options).stdout.splitlines()
    return sorted({line.split("/")[0] for line in lines})


def plan_of(repo, *options):
    plan = repo.hygiene("purge", "--plan", "--format=json", *options)
    return json.loads(plan.stdout)


def all_agree(repo, folders, accepted=0, excluded=0):
    expect("untrack", untracked_by(repo), folders)
    entries = [line for line in repo.hygiene("ignore").stdout.splitlines()
               if line and not line.startswith("#")]
    expect("ignore", sorted(line.split("/")[1] for line in entries), folders)
    expect("ignore --check", repo.hygiene("ignore", "--check").returncode,
           1 if folders else 0)
    plan = plan_of(repo)
    expect("purge", sorted({path["path"].split("/")[0]
                            for path in plan["paths"]}), folders)
    expect("what the plan leaves out",
           (plan["accepted_findings"], plan["excluded_paths"]),
           (accepted, excluded))
    report = repo.hygiene("fix", "--dry-run")
    expect("fix", report.returncode, 1 if folders else 0)
    expect_in("fix says so", "--no-repo-config", report.stdout)


def a_baseline_holds(place):
    repo = stores(place)
    repo.hygiene("baseline", "--reason", "fixtures", "--", "tests", ok=True)
    all_agree(repo, ["app"], accepted=3)
    expect("told otherwise", untracked_by(repo, "--no-repo-config"),
           ["app", "tests"])
    plan = plan_of(repo, "--no-repo-config")
    expect("nothing is left out", plan["accepted_findings"], 0)
    expect("untrack --yes",
           repo.hygiene("untrack", "--yes").returncode, 0)
    tracked = repo.out("ls-files").splitlines()
    expect("accepted files stay tracked",
           sum(path.startswith("tests/") for path in tracked), 3)


def excluded_paths_hold(place):
    repo = stores(place)
    repo.write(".hygiene.yml", "version: 1\nexclude: ['tests/**']\n")
    all_agree(repo, ["app"], excluded=3)
    repo.write(".hygiene.yml", "version: 1\nexclude: ['**']\n")
    all_agree(repo, [], excluded=7)


def a_certificate_names_what_it_leaves_out(place):
    repo = stores(place)
    repo.hygiene("baseline", "--reason", "all", ok=True)
    plan = os.path.join(place.path, "plan.json")
    repo.hygiene("purge", "--plan", "-q", "-o", plan)
    for options in ([], [f"--against={plan}"], [f"--against={repo.path}"]):
        done = repo.hygiene("purge", "--verify", "--format=json", *options)
        expect(f"exit code {options}", done.returncode, 0)
        expect(f"count {options}",
               json.loads(done.stdout)["accepted_findings"], 6)
    done = repo.hygiene("purge", "--verify", "--no-repo-config", "-q")
    expect("all counted", done.returncode, 1)


def rules_of_settings_hold(place):
    """The rules of the place come from hygiene.rules."""
    repo = place.repo("r")
    repo.commit(**{"a/store/b": "x\n", "c.txt": "MARK-secretword\n"})
    expect("untrack", repo.hygiene("untrack", "-n").stdout, "a/store/b\n")
    plan = plan_of(repo)
    expect("secrets", [secret["rule"] for secret in plan["secrets"]],
           ["test-content"])


def a_comment_keeps_a_secret_from_the_purge(place):
    repo = place.repo("r")
    repo.commit(**{"c.txt": "MARK-secretword hygiene:allow test-content ok\n"})
    plan = plan_of(repo)
    expect("secrets", plan["secrets"], [])
    expect("accepted", plan["accepted_findings"], 1)


def a_setting_is_no_secret_to_purge(place):
    repo = place.repo("r")
    repo.commit(**{"app.py": "from flask import Flask\napp = Flask('x')\n"
                             "app.config['SESSION_COOKIE_SECURE'] = False\n" +
                             KEY})
    rules = {secret["rule"] for secret in plan_of(repo)["secrets"]}
    _, rows = repo.report()
    settings = {row["rule"] for row in rows if row["type"] == "finding"
                and (row["evidence"] or {}).get("setting")}
    if not settings:
        raise AssertionError("the scan finds no setting to tell apart")
    expect("settings among the secrets", rules & settings, set())
    if not rules:
        raise AssertionError("the key is not among the secrets")


def a_bad_baseline_is_fatal(place):
    repo = stores(place)
    repo.write(".hygiene-baseline", "not a baseline\n")
    for command in (["ignore"], ["untrack", "-n"], ["purge"], ["fix"]):
        expect(f"{command}", repo.hygiene(*command).returncode, 128)


if __name__ == "__main__":
    sys.exit(run_all([
        a_baseline_holds,
        excluded_paths_hold,
        a_certificate_names_what_it_leaves_out,
        rules_of_settings_hold,
        a_comment_keeps_a_secret_from_the_purge,
        a_setting_is_no_secret_to_purge,
        a_bad_baseline_is_fatal,
    ], sys.argv[1]))
