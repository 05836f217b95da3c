#!/usr/bin/env python3
"""Inspects every file of tests/data/samples.

inspect_samples.tsv says what each is: verdict, decoder, kind, expiry and names of
keys. Beside that the samples are their own witnesses: MANIFEST.tsv says how
the session id is exposed, and the Set-Cookie lines in a NOTE.txt say when its
sessions end. No value of any file may be printed without --show-secrets; that
is tried with one file of each kind in each folder, or with --all with all.

usage: inspect_samples.py GIT_HYGIENE SAMPLES_FOLDER [--all]
"""

import base64
import csv
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys

NOW = "2026-11-23"
SHORTEST_VALUE = 8

# MANIFEST.tsv -> evidence.id
EXPOSURES = {
    "sid in clear: usable as is": "clear",
    "sid or id in clear: cookie also needs the app secret where one is set":
        "keyed",
    "sid only as a hash": "hashed",
}


def inspect(program, sample, *options):
    """Returns what is printed of a sample; it comes by standard input, so
    that its name, which can be a session id, is no part of that."""
    run = subprocess.run(
        [program, "inspect", f"--now={NOW}", f"--path={sample}", *options, "-"],
        stdin=sample.open("rb"), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]})
    if run.returncode or run.stderr:
        sys.exit(f"{sample}: exit {run.returncode}, {run.stderr.decode()}")
    return run.stdout


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows)
        return [row for row in rows if row]


def summarize(report):
    """The columns of inspect_samples.tsv."""
    evidence = report["evidence"] or {}
    return [
        report["verdict"],
        evidence.get("decoder") or "-",
        evidence.get("kind") or "-",
        evidence.get("expires") or "-",
        ",".join(evidence.get("keys", [])) or "-",
    ]


def check_state(report):
    expires = (report["evidence"] or {}).get("expires")
    state = (report["evidence"] or {}).get("state")
    if expires in (None, "never"):
        right = (None, "unknown", "never")
    else:
        right = ("live" if expires >= NOW else "expired",)
    if state not in right:
        yield f"state is {state} with expiry {expires}"


def noted_ends(note):
    """The days and hours in the Set-Cookie lines of a NOTE.txt."""
    text = note.read_text(encoding="utf-8") if note.exists() else ""
    for day, month, year, clock in re.findall(
            r"Expires=\w+, (\d+)[- ](\w+)[- ](\d+) ([\d:]+) GMT", text):
        end = datetime.datetime.strptime(
            f"{day} {month} {year} {clock}", "%d %b %Y %H:%M:%S")
        yield end.strftime("%Y-%m-%dT%H:%M:%SZ")


def check_note(report, note):
    ends = set(noted_ends(note))
    evidence = report["evidence"]
    if not ends or report["verdict"] != "session" or report["cookie"]:
        return
    if evidence["expires"] not in ends:
        yield f"ends {evidence['expires']}, the cookie says {sorted(ends)}"


def check_exposure(report, exposure):
    evidence = report["evidence"] or {}
    right = EXPOSURES.get(exposure)
    if right and evidence.get("id") != right:
        yield f"session id is {evidence.get('id')}, not {right}"


def nodes(value):
    """All nodes of a tree."""
    if value:
        yield value
        for item in value.get("items", []):
            yield from nodes(item)


def values_of(node):
    """The bytes of a value, as they could be seen."""
    value = node.get("value")
    if node["type"] == "bytes":
        value = base64.b64decode(value or "")
        yield value
        yield value.hex().encode()
        yield base64.b64encode(value)
    elif isinstance(value, str):
        yield value.encode()
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value).encode()


def names_told(report, tree):
    """What is printed by right and can stand in a value as well: names of
    keys, names of cookies, the date of expiry."""
    evidence = report["evidence"] or {}
    told = {node.get("key") for node in tree}
    return told | {evidence.get("expires")} | set(evidence.get("keys", []))


def check_masked(report, tree, printed):
    """Every value that --show-secrets prints, searched for in what is printed
    without it."""
    told = names_told(report, tree)
    for node in tree:
        for value in values_of(node):
            if len(value) >= SHORTEST_VALUE and value in printed and \
                    value.decode(errors="replace") not in told:
                yield f"prints the value of {node.get('key')}"
    if any("value" in node and node["type"] != "bool"
           for node in nodes(report["value"])):
        yield "has values in its JSON"


def check_shown(report, tree, printed):
    """--show-secrets prints each text that is plain ASCII as it is."""
    for node in tree:
        text = node.get("value")
        if node["type"] == "text" and re.fullmatch(r"[\w .:/@-]+", text) and \
                f'"{text}"'.encode() not in printed:
            yield f"--show-secrets hides {node.get('key')}"
    if len(tree) != len(list(nodes(report["value"]))):
        yield "shows another tree with --show-secrets"


def check_values(program, sample, report):
    shown = inspect(program, sample, "--format=json", "--all",
                    "--show-secrets")
    tree = list(nodes(json.loads(shown)["value"]))
    masked = inspect(program, sample, "--all")
    masked += inspect(program, sample, "--all", "--format=json")
    yield from check_masked(report, tree, masked)
    yield from check_shown(
        report, tree, inspect(program, sample, "--all", "--show-secrets"))


def main():
    if sys.argv[3:] not in ([], ["--all"]):
        sys.exit(__doc__)
    every_value = len(sys.argv) > 3
    kinds = set()
    program = os.path.abspath(sys.argv[1])
    os.chdir(sys.argv[2])
    table = {row[0]: row[1:] for row in
             read_rows(pathlib.Path(__file__).with_suffix(".tsv"))}
    manifest = {row[0]: row[1:] for row in read_rows("MANIFEST.tsv")}
    mistakes = 0
    samples = [path for path in sorted(pathlib.Path(".").rglob("*"))
               if path.is_file() and path.name != "NOTE.txt"
               and len(path.parts) > 1]
    for sample in samples:
        report = json.loads(inspect(program, sample, "--format=json"))
        wrong = []
        expected = table.get(str(sample), ["none", "-", "-", "-", "-"])
        if summarize(report) != expected:
            wrong.append(f"is {summarize(report)}, not {expected}")
        word, *rest = manifest.get(str(sample), ["", ""])
        if word == "none" and report["verdict"] != "none":
            wrong.append("is a look-alike")
        wrong += check_exposure(report, rest[0] if rest else "")
        wrong += check_state(report)
        wrong += check_note(report, pathlib.Path(sample.parts[0], "NOTE.txt"))
        kind = (sample.parts[0], *summarize(report)[:3])
        if every_value or kind not in kinds:
            wrong += check_values(program, sample, report)
        kinds.add(kind)
        for what in wrong:
            print(f"{sample}: {what}")
        mistakes += len(wrong)
    missing = set(table) - {str(sample) for sample in samples}
    for path in sorted(missing):
        print(f"{path}: no such sample")
    print(f"{len(samples)} samples, {mistakes} mistakes")
    sys.exit(1 if mistakes or missing else 0)


if __name__ == "__main__":
    main()
