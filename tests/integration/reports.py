#!/usr/bin/env python3
"""Reads every report with the parser of its format, the published schema, and
what importers are known to demand: of scans with 0, 1, some hostile and 30,000
findings. docs/formats.md names the source of each demand.

usage: reports.py <print_report> <schemas>
"""
import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import jsonschema

KINDS = ["empty", "one", "case", "hostile", "many"]
FINDINGS = {"empty": 0, "one": 1, "case": 1480, "hostile": 28, "many": 30000}
MANY = 30000
# What may never stand in the text of a report: controls, bidirectional
# overrides, zero-width characters (base/utf8.h).
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f"
                    "\u2028-\u202e\u2060-\u206f\ufeff]")


class Reports:
    def __init__(self, program, schemas):
        self.program = program
        self.schemas = schemas
        self.known = {}

    def bytes(self, form, kind, *options):
        key = (form, kind, options)
        if key not in self.known:
            done = subprocess.run([self.program, form, kind, *options],
                                  stdout=subprocess.PIPE, check=True)
            self.known[key] = done.stdout
        return self.known[key]

    def text(self, form, kind):
        return self.bytes(form, kind).decode("utf-8")  # strict

    def json(self, form, kind):
        return json.loads(self.text(form, kind), object_pairs_hook=no_twice)

    def schema(self, name):
        with open(f"{self.schemas}/{name}", encoding="utf-8") as file:
            return json.load(file)


def no_twice(pairs):
    expect("members", len(pairs), len({key for key, _ in pairs}))
    return dict(pairs)


def expect(what, actual, expected):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def check(what, condition):
    if not condition:
        raise AssertionError(what)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


# SARIF: the schema of OASIS, then what GitHub documents ("SARIF support for
# code scanning") and what DefectDojo's parser does.

def sarif_is_what_the_schema_says(reports):
    schema = reports.schema("sarif-schema-2.1.0.json")
    validator = jsonschema.Draft4Validator(schema)
    for kind in KINDS:
        log = reports.json("sarif", kind)
        log["runs"][0]["results"] = log["runs"][0]["results"][:100]
        for error in validator.iter_errors(log):
            raise AssertionError(f"{kind}: {error.message} at "
                                 f"{list(error.absolute_path)}")


def sarif_rule(rule):
    for key in "shortDescription", "fullDescription", "help":
        check(f"{rule['id']} {key}", 0 < len(rule[key]["text"]))
    for key in "shortDescription", "fullDescription":
        check(f"{rule['id']} {key}", len(rule[key]["text"]) <= 1024)
    properties = rule["properties"]
    check("score", 0 < float(properties["security-severity"]) <= 10)
    check("score is text", isinstance(properties["security-severity"], str))
    check("tags", 1 <= len(properties["tags"]) <= 10)
    check("precision", properties["precision"] in
          ("very-high", "high", "medium", "low"))


def sarif_location(location):
    place = location["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    check(f"uri {uri}", re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+",
                                     uri))
    region = place["region"]
    for key in region:
        check(f"{key} {region[key]}", region[key] >= 1)
    check("order", region["startLine"] <= region["endLine"])


def sarif_result(result, rules):
    expect("rule", rules[result["ruleIndex"]]["id"], result["ruleId"])
    check("level", result["level"] in ("note", "warning", "error"))
    check("message", result["message"]["text"])
    expect("locations", len(result["locations"]), 1)
    check("related", len(result.get("relatedLocations", [])) < 100)
    for location in result["locations"] + result.get("relatedLocations", []):
        sarif_location(location)
    prints = result["partialFingerprints"]
    check("line hash", re.fullmatch(r"[0-9a-f]+:[0-9]+",
                                    prints["primaryLocationLineHash"]))
    for key in prints:  # DefectDojo refuses the whole import otherwise
        check(key, "/" not in key or re.search(r"/v[0-9]+$", key))


def sarif_is_what_github_takes(reports):
    for kind in KINDS:
        data = reports.bytes("sarif", kind)
        log = reports.json("sarif", kind)
        expect("version", log["version"], "2.1.0")
        check("schema", log["$schema"])
        expect("runs", len(log["runs"]), 1)
        run = log["runs"][0]
        check("category", re.fullmatch(r"git-hygiene/[a-z-]+/",
                                       run["automationDetails"]["id"]))
        rules = run["tool"]["driver"]["rules"]
        check("rules", len(rules) <= 25000)
        for rule in rules:
            sarif_rule(rule)
        check("results", len(run["results"]) <= 25000)
        for result in run["results"]:
            sarif_result(result, rules)
        check("10 MB", len(gzip.compress(data)) < 10_000_000)


def sarif_says_what_it_leaves_out(reports):
    run = reports.json("sarif", "many")["runs"][0]
    expect("results", len(run["results"]), 25000)
    levels = [result["level"] for result in run["results"]]
    expect("worst first", levels,
           sorted(levels, key=["error", "warning", "note"].index))
    notes = run["invocations"][0]["toolExecutionNotifications"]
    check("says so", any("5000 results" in note["message"]["text"]
                         for note in notes))


def sarif_groups_stores_and_secrets(reports):
    results = reports.json("sarif", "case")["runs"][0]["results"]
    expect("results", len(results), 4)
    prints = [tuple(sorted(result["partialFingerprints"].items()))
              for result in results]
    expect("identities", len(set(prints)), 4)
    files = max(result["properties"]["files"] for result in results)
    expect("files of the store", files, 1476)


def sarif_marks_what_was_accepted(reports):
    results = reports.json("sarif", "hostile")["runs"][0]["results"]
    marked = [result for result in results if "suppressions" in result]
    expect("accepted", len(marked), 1)
    expect("status", marked[0]["suppressions"][0]["status"], "accepted")
    run = reports.json("sarif", "hostile")["runs"][0]
    expect("complete", run["invocations"][0]["executionSuccessful"], False)


def sarif_messages_make_no_links(reports):
    for result in reports.json("sarif", "hostile")["runs"][0]["results"]:
        text = result["message"]["text"]
        bare = re.sub(r"\\.", "", text)  # §3.11.6
        check(text, "[" not in bare and "]" not in bare)
        check(text, re.fullmatch(r"(?:[^{}]|\{\{|\}\})*", text))  # §3.11.5


# GitLab: schema 15.0.7 in gitlabhq, validators/schemas/15.0.7/
# secret-detection-report-format.json, whose demands these are.

TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")


def gitlab_maker(maker):
    for key in "id", "name", "version":
        check(key, maker[key])
    check("vendor", maker["vendor"]["name"])


def gitlab_vulnerability(item):
    check("id", re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                             item["id"]))
    check("name", 0 < len(item["name"]) <= 255)
    check("description", 0 < len(item["description"]) <= 1048576)
    check("solution", len(item.get("solution", "")) <= 7000)
    check("severity", item["severity"] in
          ("Info", "Unknown", "Low", "Medium", "High", "Critical"))
    check("identifiers", item["identifiers"])
    for identifier in item["identifiers"]:
        for key in "type", "name", "value":
            check(key, identifier[key])
        check("url", re.match(r"(https?|ftp)://.+",
                              identifier.get("url", "http://x")))
    for link in item["links"]:
        check("link", re.match(r"(https?|ftp)://.+", link["url"]))
    check("commit", item["location"]["commit"]["sha"])
    check("line", item["location"]["start_line"] >= 1)
    for entry in item["tracking"]["items"]:
        for signature in entry["signatures"]:
            check("signature", signature["algorithm"] and signature["value"])
    check("raw", "raw_source_code_extract" not in item)


def gitlab_takes_it(reports):
    for kind in KINDS:
        report = reports.json("gitlab", kind)
        expect("version", report["version"], "15.0.7")
        scan = report["scan"]
        gitlab_maker(scan["analyzer"])
        gitlab_maker(scan["scanner"])
        expect("type", scan["type"], "secret_detection")
        check("status", scan["status"] in ("success", "failure"))
        for key in "start_time", "end_time":
            check(key, TIME.fullmatch(scan[key]))
        for message in scan.get("messages", []):
            check("level", message["level"] in ("info", "warn", "fatal"))
            check("value", message["value"])
        for item in report["vulnerabilities"]:
            gitlab_vulnerability(item)
        ids = [item["id"] for item in report["vulnerabilities"]]
        expect("ids", len(set(ids)), len(ids))
    expect("empty", reports.json("gitlab", "empty")["vulnerabilities"], [])
    expect("many", len(reports.json("gitlab", "many")["vulnerabilities"]),
           MANY)


def gitlab_shows_no_markdown_of_a_path(reports):
    for item in reports.json("gitlab", "hostile")["vulnerabilities"]:
        # the path comes first, in a code span of as many backticks as it needs
        text = item["description"]
        ticks = re.match("`*", text)[0]
        end = re.search(f"(?<!`){ticks}(?!`)", text[len(ticks):])
        check(text, ticks and end)
        rest = text[len(ticks) + end.end():]
        check(rest, not re.search(r"[<\[]|(?<!\\)[`*]", rest))


# JUnit: the schema of Jenkins' plugin; GitLab drops equal names of a class.

def junit_is_what_the_schema_says(reports):
    if not shutil.which("xmllint"):
        raise AssertionError("xmllint is not installed (libxml2-utils)")
    for kind in KINDS:
        done = subprocess.run(
            ["xmllint", "--noout", "--schema",
             f"{reports.schemas}/junit-10.xsd", "-"],
            input=reports.bytes("junit", kind), stderr=subprocess.PIPE)
        check(done.stderr.decode()[:500], done.returncode == 0)


def junit_counts_are_right(reports):
    for kind, failures in [("empty", 0), ("one", 1), ("case", 4),
                           ("many", MANY)]:
        suite = ElementTree.fromstring(reports.bytes("junit", kind))[0]
        cases = suite.findall("testcase")
        expect("tests", int(suite.get("tests")), len(cases))
        expect("failures", len(suite.findall("testcase/failure")), failures)
        expect("failures", int(suite.get("failures")), failures)
        names = [(case.get("classname"), case.get("name")) for case in cases]
        expect("names", len(set(names)), len(names))
        check("30 MB", len(reports.bytes("junit", kind)) < 30_000_000)
    suite = ElementTree.fromstring(reports.bytes("junit", "hostile"))[0]
    expect("errors", suite.get("errors"), "1")
    expect("skipped", suite.get("skipped"), "1")


# Workflow commands.

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*,?)+)"
                     r"::([^\r\n]*)")


def github_lines_are_commands_of_ours(reports):
    for kind in KINDS:
        lines = reports.text("github", kind).split("\n")
        expect("last", lines.pop(), "")
        check("total", lines.pop().startswith("git-hygiene: "))
        levels = []
        for line in lines:
            match = COMMAND.fullmatch(line)
            check(line, match)
            check(line, re.fullmatch(r"(?:[^%]|%25|%3A|%2C|%0A|%0D)*", line))
            levels.append(match[1])
        for level in set(levels):
            check(level, levels.count(level) <= 11)
    check("incomplete", "title=Incomplete scan" in
          reports.text("github", "hostile"))


# Code Climate.

def code_climate_has_what_gitlab_reads(reports):
    for kind, count in [("empty", 0), ("one", 1), ("case", 4),
                        ("hostile", None), ("many", MANY)]:
        issues = reports.json("codeclimate", kind)
        expect("issues", len(issues), len(issues) if count is None else count)
        for issue in issues:
            check("text", issue["description"] and issue["check_name"])
            check("severity", issue["severity"] in
                  ("info", "minor", "major", "critical", "blocker"))
            check("path", issue["location"]["path"])
            check("begin", issue["location"]["lines"]["begin"] >= 1)
        prints = {issue["fingerprint"] for issue in issues}
        expect("fingerprints", len(prints), len(issues))


# rdjson.

def rdjson_is_what_the_schema_says(reports):
    validator = jsonschema.Draft4Validator(
        reports.schema("rdjson-DiagnosticResult.json"))
    for kind in KINDS:
        result = reports.json("rdjson", kind)
        result["diagnostics"] = result["diagnostics"][:200]
        for error in validator.iter_errors(result):
            raise AssertionError(f"{kind}: {error.message}")


def rdjson_suggests_lines_for_gitignore(reports):
    diagnostics = reports.json("rdjson", "case")["diagnostics"]
    last = diagnostics[-1]
    expect("path", last["location"]["path"], ".gitignore")
    suggestion = last["suggestions"][0]
    expect("insertion", suggestion["range"]["start"],
           suggestion["range"]["end"])
    check("lines", "/backend/flask_session/\n" in suggestion["text"])


# gitleaks JSON, as DefectDojo's parser reads it.

def gitleaks_has_what_importers_read(reports):
    for kind in KINDS:
        findings = reports.json("gitleaks", kind)
        check("list", isinstance(findings, list))
        for item in findings:
            for key in ("RuleID", "Description", "Match", "Secret", "File",
                        "Commit", "Author", "Email", "Date", "Message",
                        "Fingerprint"):
                check(key, isinstance(item[key], str))
            check("told apart by it", item["Description"])
            check("tags", isinstance(item["Tags"], list))
            check("redacted", item["Secret"].startswith("redacted:"))
            for key in "StartLine", "EndLine", "StartColumn", "EndColumn":
                check(key, isinstance(item[key], int))
    # DefectDojo takes findings of one title, secret and line for one
    secrets = {item["Secret"] for item in reports.json("gitleaks", "many")}
    expect("many", len(secrets), MANY)


# CSV.

def csv_has_a_row_for_each_finding(reports):
    for kind in KINDS:
        text = reports.text("csv", kind)
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        expect(kind, len(rows), 1 + FINDINGS[kind])
        expect("columns", {len(row) for row in rows}, {len(rows[0])})
        expect("line ends", text.count("\n"), text.count("\r\n"))
        expect("lines", text.count("\r\n"), len(rows))
        for row in rows:
            for cell in row:
                check(repr(cell), not re.match(r"[=+\-@\t\r]", cell))


# Porcelain.

def porcelain_has_seven_fields(reports):
    for kind in KINDS:
        lines = reports.text("porcelain", kind).split("\n")
        expect("last", lines.pop(), "")
        for line in lines:
            check(line, line.isascii() and line.isprintable()
                  or "\t" in line)
            fields = line.split("\t")
            expect(line, len(fields), 4 if fields[0] == "skipped" else 7)
    expect("empty", reports.bytes("porcelain", "empty"), b"")


def porcelain_z_has_paths_as_they_are(reports):
    data = reports.bytes("porcelain", "hostile", "-z")
    check("end", data.endswith(b"\0"))
    paths = [record.split(b"\t", 6)[-1] for record in data.split(b"\0")[:-1]]
    check("newlines", b"a\nb\r\nc" in paths)
    check("bytes", b"\xff\xfe\x80 no utf-8 \xed\xa0\x80" in paths)
    check("tab", b"tab\there\x1b[31m\x07" in paths)


# Markdown.

def markdown_fits_into_a_comment(reports):
    for kind in KINDS:
        text = reports.text("markdown", kind)
        check(kind, len(text) < 65536)
    check("says so", "more, none of them worse" in
          reports.text("markdown", "many"))


def markdown_rows_have_four_cells(reports):
    for kind in KINDS:
        for line in reports.text("markdown", kind).split("\n"):
            if not line.startswith("|"):
                continue
            # a bar behind an odd number of backslashes ends no cell
            bars = re.findall(r"(?<!\\)(?:\\\\)*\|", line)
            expect(line, len(bars), 5)
            spans = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line)
            bare = re.sub(r"\\.", "", spans)
            check(line, not re.search(r"[<>\[\]]", bare))


# All of them.

def no_report_has_unsafe_characters(reports):
    for form in ("sarif", "gitlab", "junit", "github", "codeclimate", "rdjson",
                 "gitleaks", "csv", "porcelain", "markdown", "jsonl", "json",
                 "html"):
        for kind in "empty", "one", "case", "hostile":
            found = UNSAFE.search(reports.text(form, kind))
            check(f"{form} {kind}: {found}", not found)


CASES = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__code__", None)
         and value.__code__.co_varnames[:1] == ("reports",)]


def main():
    reports = Reports(sys.argv[1], sys.argv[2])
    failed = 0
    for case in CASES:
        try:
            case(reports)
        except AssertionError as error:
            failed += 1
            print(f"FAILED {case.__name__}: {error}")
    print(f"{len(CASES) - failed} of {len(CASES)} passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
