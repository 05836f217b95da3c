#!/usr/bin/env python3
"""The GitHub action and the GitLab component do what they say: their own
script lines are run here, as the runners run them, on a repository with a
finding and on a clean one."""
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

PROGRAM, ROOT = (os.path.abspath(path) for path in sys.argv[1:3])


def read(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as source:
        return list(yaml.safe_load_all(source))


def repository(folder, with_finding):
    os.makedirs(os.path.join(folder, "flask_session"))
    name = "2029240f6d1128be89ddc32729463129" if with_finding else "README.md"
    with open(os.path.join(folder, "flask_session", name), "w",
              encoding="utf-8") as out:
        out.write("x")
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


def run(script, folder, **env):
    home = os.path.dirname(folder)
    env |= {"HOME": home, "TMPDIR": home,
            "PATH": f"{os.path.dirname(PROGRAM)}:/usr/bin:/bin"}
    return subprocess.run(["bash", "-eo", "pipefail", "-c", script],
                          cwd=folder, env=env, capture_output=True, text=True,
                          check=False)


def action_step():
    action = read("action.yml")[0]
    step = action["runs"]["steps"][-1]
    outputs = {value["value"] for value in action["outputs"].values()}
    for name in re.findall(r"inputs\.([a-z-]+)", json.dumps(step["env"])):
        assert name in action["inputs"], name
    for name in re.findall(r"outputs\.([a-z-]+)", " ".join(outputs)):
        assert f'"{name}=' in step["run"], name
    # no text of an input is part of a script
    for each in action["runs"]["steps"]:
        assert "${{" not in each["run"], each
        assert each["shell"] == "bash"
    return step["run"]


def check_action(work, with_finding):
    folder = os.path.join(work, f"action-{with_finding}")
    repository(folder, with_finding)
    output, summary = (os.path.join(work, f"{name}-{with_finding}")
                       for name in ("output", "summary"))
    done = run(action_step(), folder, PROGRAM=PROGRAM, FAIL_ON="low",
               SARIF_FILE="out.sarif", ARGUMENTS="--index --history",
               GITHUB_OUTPUT=output, GITHUB_STEP_SUMMARY=summary)
    assert done.returncode == int(with_finding), done
    assert ("::" in done.stdout) == with_finding, done.stdout
    with open(output, encoding="utf-8") as lines:
        assert lines.read().split() == ["sarif-file=out.sarif",
                                        f"exit-code={int(with_finding)}"]
    with open(os.path.join(folder, "out.sarif"), encoding="utf-8") as sarif:
        results = json.load(sarif)["runs"][0]["results"]
    assert bool(results) == with_finding
    assert os.path.getsize(summary) > 0


def action_takes_no_commands(work):
    folder = os.path.join(work, "injection")
    repository(folder, False)
    run(action_step(), folder, PROGRAM=PROGRAM, FAIL_ON="low",
        SARIF_FILE="a;touch made", GITHUB_OUTPUT="/dev/null",
        ARGUMENTS="$(touch made) ; touch made\n`touch made` *")
    made = set(os.listdir(folder)) - {".git", "flask_session"}
    assert made <= {"a;touch made"}, made


def check_component(work, with_finding):
    spec, jobs = read("templates/git-hygiene.yml")
    job = jobs["git-hygiene"]
    inputs = spec["spec"]["inputs"]
    used = set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", json.dumps(job)))
    assert used == set(inputs), used ^ set(inputs)
    folder = os.path.join(work, f"component-{with_finding}")
    repository(folder, with_finding)
    done = run("\n".join(job["script"]), folder, CI_PROJECT_DIR=folder,
               HYGIENE_FAIL_ON=inputs["fail-on"]["default"],
               HYGIENE_ARGUMENTS=inputs["arguments"]["default"])
    assert done.returncode == int(with_finding), done
    for name in job["artifacts"]["reports"].values():
        with open(os.path.join(folder, name), encoding="utf-8") as report:
            json.load(report)


def main():
    with tempfile.TemporaryDirectory() as work:
        for with_finding in (True, False):
            check_action(work, with_finding)
            check_component(work, with_finding)
        action_takes_no_commands(work)


if __name__ == "__main__":
    main()
