#!/usr/bin/env python3
"""Runs the examples of docs/scale.md as their engines would, and wants what one
scan says.

usage: scale_doc.py <git-hygiene> <root>
"""
import glob
import os
import re
import sys

import yaml

from scratch import Place


def blocks(root):
    """(the heading above, language, text)"""
    with open(os.path.join(root, "docs", "scale.md"), encoding="utf-8") as file:
        text = file.read()
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        heading = re.findall(r"^#+ (.*)$", text[:match.start()], re.M)[-1]
        yield heading, match.group(1), match.group(2)


def block(root, heading, language):
    found = [text for head, lang, text in blocks(root)
             if (head, lang) == (heading, language)]
    assert len(found) == 1, (heading, found)
    return found[0]


class Engine:
    """A repository, and what a scan of it says."""

    def __init__(self, program):
        self.place = Place(program)
        self.repo = self.place.repo("repo")
        for number in range(12):
            self.repo.commit_files(
                {f"d{number}/a.txt": f"MARK-{'abcdefghijkl'[number]}\n",
                 "b.txt": f"version {number}\n"})
        self.whole = self.run("git hygiene scan --format=jsonl", 1)

    def run(self, script, *codes, cwd=None, **env):
        done = self.place.run(cwd or self.repo.path, "sh", "-c", script,
                              ok=False, **env)
        assert done.returncode in codes, done
        return done.stdout

    def take(self, name):
        """A result in the repository's folder, which is left as it was."""
        with open(os.path.join(self.repo.path, name), encoding="utf-8") as file:
            text = file.read()
        assert text == self.whole, text
        self.repo.git("clean", "-qfdx")


def gitlab(engine, root):
    jobs = yaml.safe_load(block(root, "GitLab", "yaml"))
    count = jobs["hygiene-shard"]["parallel"]
    for index in range(1, count + 1):
        engine.run("\n".join(jobs["hygiene-shard"]["script"]), 0,
                   CI_NODE_INDEX=str(index), CI_NODE_TOTAL=str(count))
    made = glob.glob(os.path.join(engine.repo.path, "shard-*.jsonl"))
    assert len(made) == count, made
    engine.run("\n".join(jobs["hygiene"]["script"]), 1)
    report = jobs["hygiene"]["artifacts"]["reports"]["secret_detection"]
    assert os.path.getsize(os.path.join(engine.repo.path, report))
    engine.take("hygiene.jsonl")


def github(engine, root):
    jobs = yaml.safe_load(block(root, "GitHub", "yaml"))["jobs"]
    for shard in jobs["shard"]["strategy"]["matrix"]["shard"]:
        for step in jobs["shard"]["steps"]:
            if "run" in step:
                engine.run(step["run"].replace("${{ matrix.shard }}",
                                               str(shard)), 0)
    for step in jobs["hygiene"]["steps"]:
        if "run" in step:
            engine.run(step["run"], 1)
    assert os.path.getsize(os.path.join(engine.repo.path, "hygiene.sarif"))
    engine.take("hygiene.jsonl")


def kubernetes(engine, root):
    spec = yaml.safe_load(block(root, "Kubernetes", "yaml"))["spec"]
    assert spec["completionMode"] == "Indexed"
    pod = spec["template"]["spec"]["containers"][0]
    volumes = {v["name"] for v in spec["template"]["spec"]["volumes"]}
    assert {m["name"] for m in pod["volumeMounts"]} == volumes
    env = {row["name"]: row["value"] for row in pod["env"]}
    assert env["HYGIENE_SHARD_COUNT"] == str(spec["completions"])
    reports = os.path.join(engine.repo.path, "reports")
    os.mkdir(reports)
    script, = pod["args"]
    script = script.replace("/reports", reports)
    script = script.replace("/repo ", engine.repo.path + " ")
    assert pod["command"] == ["sh", "-c"]
    for index in range(spec["completions"]):
        engine.run(script, 0, cwd="/", JOB_COMPLETION_INDEX=str(index), **env)
    engine.run("git hygiene merge reports/*.jsonl >all", 1)
    engine.take("all")


def slurm(engine, root):
    script = block(root, "Slurm", "sh")
    least, greatest = map(int, re.search(r"--array=(\d+)-(\d+)",
                                         script).groups())
    os.mkdir(os.path.join(engine.repo.path, "reports"))
    for index in range(least, greatest + 1):
        engine.run(script.replace("/srv/repo", "."), 0,
                   SLURM_ARRAY_TASK_ID=str(index),
                   SLURM_ARRAY_TASK_MIN=str(least),
                   SLURM_ARRAY_TASK_MAX=str(greatest), SLURM_ARRAY_TASK_STEP="1",
                   SLURM_ARRAY_TASK_COUNT=str(greatest - least + 1))
    engine.run("git hygiene merge reports/*.jsonl >all", 1)
    engine.take("all")


def parallel(engine, root):
    script = block(root, "GNU parallel", "sh")
    text = engine.run(script, 1)
    assert text == engine.whole, text
    engine.repo.git("clean", "-qfdx")
    script = block(root, "Many repositories", "sh")
    listed = "\n".join([engine.repo.path, engine.place.path + "/nosuch"])
    engine.place.write("list", listed + "\n")
    whole = engine.run("git hygiene scan --repos-from=list", 1,
                       cwd=engine.place.path)
    engine.run(script, 1, cwd=engine.place.path)
    with open(os.path.join(engine.place.path, "all.jsonl"),
              encoding="utf-8") as file:
        assert file.read() == whole


def main():
    engine = Engine(sys.argv[1])
    for run in (gitlab, github, kubernetes, slurm, parallel):
        run(engine, sys.argv[2])


if __name__ == "__main__":
    main()
