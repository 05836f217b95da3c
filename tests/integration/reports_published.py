#!/usr/bin/env python3
"""Reports in the hands of the published validators: ajv, Microsoft's SARIF
multitool with GitHub's rules, rdformat-validator. They are found by node, in
NODE_PATH for instance; where none is installed, the test is skipped.

usage: reports_published.py <print_report> <schemas>
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

KINDS = ["empty", "one", "case", "hostile", "many"]
AJV = """
const Ajv = require('ajv-draft-04');
const fs = require('fs');
const ajv = new Ajv({strict: false, validateFormats: false});
const check = ajv.compile(JSON.parse(fs.readFileSync(process.argv[1])));
if (!check(JSON.parse(fs.readFileSync(process.argv[2]))))
    { console.log(check.errors.slice(0, 3)); process.exit(1); }
"""
# Of these rules a report cannot or need not satisfy: SARIF2005 wants the
# address of a home page, 2006 asks the network, the rest asks for content.
HARMLESS = {"SARIF2002", "SARIF2005", "SARIF2006", "SARIF2007", "SARIF2009",
            "SARIF2010", "SARIF2011"}


def resolve(name):
    """The folder of an npm package, or None."""
    if not shutil.which("node"):
        return None
    done = subprocess.run(
        ["node", "-p", f"require.resolve.paths('{name}').join('\\n')"],
        stdout=subprocess.PIPE, text=True, check=True)
    for folder in done.stdout.split("\n"):
        if os.path.isdir(os.path.join(folder, name)):
            return os.path.join(folder, name)
    return None


def run(*argv):
    env = dict(os.environ, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1")
    return subprocess.run(argv, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=env)


def check_ajv(folder, path, schemas):
    schema = os.path.join(schemas, "sarif-schema-2.1.0.json")
    done = run("node", "-e", AJV, schema, path)
    return done.stdout if done.returncode else ""


def check_multitool(folder, path, schemas):
    log = path + ".log.sarif"
    program = os.path.join(folder, "Sarif.Multitool")
    done = run(program, "validate", path, "--rule-kind", "Sarif;Ghas",
               "--output", log, "--log", "ForceOverwrite")
    if not os.path.exists(log):  # its exit code says nothing
        return done.stdout
    with open(log, encoding="utf-8-sig") as file:
        results = json.load(file)["runs"][0]["results"]
    return "".join(
        f"{result['ruleId']} {result['message']}\n" for result in results
        if result["ruleId"] not in HARMLESS)


def check_rdformat(folder, path, schemas):
    with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
        binary = json.load(file)["bin"]
    name = binary if isinstance(binary, str) else next(iter(binary.values()))
    done = run("node", os.path.join(folder, name), path)
    return done.stdout if done.returncode else ""


VALIDATORS = [("ajv-draft-04", "sarif", check_ajv),
              ("@microsoft/sarif-multitool-linux", "sarif", check_multitool),
              ("@umbrelladocs/rdformat-validator", "rdjson", check_rdformat)]


def main():
    program, schemas = sys.argv[1:3]
    tried = failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for package, form, check in VALIDATORS:
            folder = resolve(package)
            if not folder:
                print(f"{package} is not installed")
                continue
            for kind in KINDS:
                path = os.path.join(scratch, f"{kind}.{form}")
                with open(path, "wb") as file:
                    subprocess.run([program, form, kind], stdout=file,
                                   check=True)
                problems = check(folder, path, schemas)
                tried += 1
                failed += bool(problems)
                if problems:
                    print(f"FAILED {package} {kind}:\n{problems}")
    print(f"{tried - failed} of {tried} passed")
    sys.exit(77 if not tried else 1 if failed else 0)


if __name__ == "__main__":
    main()
