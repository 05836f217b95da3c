#!/usr/bin/env python3
"""What `cmake --install` puts into place is complete, and the list of
libraries (SPDX 2.3) names all that the program asks the loader for."""
import json
import os
import re
import subprocess
import sys
import tempfile

PROGRAM, CMAKE, BUILD = sys.argv[1:4]

# What the C library and the compiler bring.
SYSTEM = re.compile(r"lib(c|m|dl|rt|pthread|gcc_s|asan|ubsan|tsan|stdc\+\+)\.so"
                    r"|ld-linux")
# SPDX 2.3 §7, §6, §11: fields that a consumer may rely on.
PACKAGE_FIELDS = {"SPDXID", "name", "versionInfo", "downloadLocation",
                  "licenseConcluded", "licenseDeclared", "copyrightText"}


def output(*words):
    return subprocess.run(words, check=True, capture_output=True,
                          text=True).stdout


def files_are_in_place(prefix):
    wanted = {
        "bin/git-hygiene", "bin/git-hygiene-import-gitleaks",
        "share/man/man1/git-hygiene.1",
        "share/man/man1/git-hygiene-import-gitleaks.1",
        "share/bash-completion/completions/git-hygiene",
        "share/zsh/site-functions/_git-hygiene",
        "share/fish/vendor_completions.d/git-hygiene.fish",
        "share/fish/vendor_conf.d/git-hygiene.fish",
        "share/git-hygiene/rules.d/flask-session.yml",
        "share/doc/git-hygiene/LICENSE",
        "share/doc/git-hygiene/docs/rules.md",
        "share/doc/git-hygiene/sbom.spdx.json",
    } | {f"share/man/man1/git-hygiene-{name}.1"
         for name in output(PROGRAM, "help", "--list").split()}
    there = {os.path.relpath(os.path.join(folder, name), prefix)
             for folder, _, names in os.walk(prefix) for name in names}
    assert wanted <= there, wanted - there
    for name in there:
        size = os.path.getsize(os.path.join(prefix, name))
        assert size > 0, f"{name} is empty"


def libraries_are_listed(prefix):
    path = f"{prefix}/share/doc/git-hygiene/sbom.spdx.json"
    with open(path, encoding="utf-8") as sbom:
        document = json.load(sbom)
    assert document["spdxVersion"] == "SPDX-2.3"
    assert document["dataLicense"] == "CC0-1.0"
    assert document["SPDXID"] == "SPDXRef-DOCUMENT"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                        document["creationInfo"]["created"])
    assert document["creationInfo"]["creators"]
    assert document["documentNamespace"].startswith("https://")
    ids = {"SPDXRef-DOCUMENT"}
    for package in document["packages"]:
        assert PACKAGE_FIELDS <= set(package), package
        assert re.fullmatch(r"SPDXRef-[a-zA-Z0-9.-]+", package["SPDXID"])
        assert package["versionInfo"], package
        assert package["SPDXID"] not in ids
        ids.add(package["SPDXID"])
    program = "SPDXRef-git-hygiene"
    related = {}
    for relation in document["relationships"]:
        ends = [relation["spdxElementId"], relation["relatedSpdxElement"]]
        assert set(ends) <= ids, relation
        kind = relation["relationshipType"]
        if kind == "RUNTIME_DEPENDENCY_OF":
            ends.reverse()
        assert ends[0] == ("SPDXRef-DOCUMENT" if kind == "DESCRIBES" else
                           program), relation
        related.setdefault(kind, set()).add(ends[1])
    needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", PROGRAM))
    with open(PROGRAM, "rb") as file:
        opened = re.findall(rb"\0(lib[a-z0-9-]+\.so\.\d+)\0", file.read())
    loaded_later = {name.decode() for name in opened} - set(needed)
    assert loaded_later, "libarchive is loaded when an archive is met"
    expected = {"DESCRIBES": {program}, "DYNAMIC_LINK": packages_of(needed),
                "RUNTIME_DEPENDENCY_OF": packages_of(loaded_later)}
    assert related == expected, (related, expected)
    assert ids == set().union({"SPDXRef-DOCUMENT"}, *related.values()), ids


def packages_of(libraries):
    return {"SPDXRef-" + name.partition(".so")[0] for name in libraries
            if not SYSTEM.match(name)}


def main():
    with tempfile.TemporaryDirectory() as prefix:
        output(CMAKE, "--install", BUILD, "--prefix", prefix)
        files_are_in_place(prefix)
        libraries_are_listed(prefix)


if __name__ == "__main__":
    main()
