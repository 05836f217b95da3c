#!/usr/bin/env python3
"""Secrets in any text: found in the syntax of many languages, each once, by
the rule that knows most, with the reasons for it.

usage: secret_rules.py <git-hygiene>
"""
import base64
import json
import random
import string
import sys

from scratch import expect, expect_in, run_all

NO_RULES = ("-c", "hygiene.rules=")

# Path and line, for a name and a value.
SYNTAXES = {
    "app.py": "{name} = '{value}'",
    "app.rb": "config.{name} = \"{value}\"",
    "app.js": "const {name} = `{value}`;",
    "app.ts": "  {name}: '{value}',",
    "App.java": "private static final String {name} = \"{value}\";",
    "app.go": "{name} := \"{value}\"",
    "app.php": "'{name}' => '{value}',",
    "app.cs": "public const string {name} = \"{value}\";",
    "app.rs": "let {name} = \"{value}\";",
    "app.c": "#define X\nchar *{name} = \"{value}\";",
    "App.swift": "let {name} = \"{value}\"",
    "App.kt": "val {name} = \"{value}\"",
    "app.json": "{{\"{name}\": \"{value}\"}}",
    "app.yml": "  {name}: {value}",
    "app.properties": "app.{name}={value}",
    "app.toml": "{name} = \"{value}\"",
    "app.ini": "{name} = {value}",
    "run.sh": "export {name}={value}",
    "Dockerfile": "ENV {name}={value}",
    "prod.tfvars": "{name} = \"{value}\"",
    ".env": "{name}={value}",
}

GENERIC = {"generic-secret", "generic-secret-setting", "generic-password",
           "generic-secret-line", "generic-secret-pair", "env-file-secret"}


def random_value(source, length):
    while True:
        value = "".join(source.choices(string.ascii_letters + string.digits,
                                       k=length))
        if any(map(str.isdigit, value)) and any(map(str.islower, value)):
            return value


def findings(repo, *args):
    report = repo.hygiene(*NO_RULES, "scan", "--index", "--format=jsonl",
                          *args)
    rows = [json.loads(line) for line in report.stdout.splitlines()]
    return [row for row in rows if row["type"] == "finding"], rows[-1]


def assignments_are_found_in_every_syntax(place):
    source = random.Random(1)
    repo = place.repo("repo")
    for number in range(5):
        for name in ("api_key", "clientSecret", "DB_PASSWORD"):
            for path, line in SYNTAXES.items():
                value = random_value(source, 24)
                repo.write(f"{name}/{number}/{path}",
                           line.format(name=name, value=value) + "\n")
    repo.commit()
    found, _ = findings(repo)
    by_path = {row["path"] for row in found if row["rule"] in GENERIC}
    paths = {f"{name}/{number}/{path}" for path in SYNTAXES
             for name in ("api_key", "clientSecret", "DB_PASSWORD")
             for number in range(5)}
    missed = sorted(paths - by_path)
    expect("missed", missed[:9], [])
    expect("one finding a secret", len(found), len(paths))


def the_rule_that_knows_most_explains_a_secret(place):
    repo = place.repo("repo")
    token = "ghp_" + "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"
    pair = base64.b64encode(b"ci:kT4vq9LxWm2Zp").decode()
    repo.commit_files({
        "a.py": f"API_TOKEN = '{token}'\n",
        "b.py": f"headers = {{'Authorization': 'token {token}'}}\n",
        "c.py": "db_password = 'postgres://app:kT4vq9LxWm@db.acme.net/x'\n",
        "d.py": f"h = {{'Authorization': 'Basic {pair}'}}\n",
        "e.py": "SECRET_URL = 'https://ci:kT4vq9LxWm2Zp@git.acme.net/x'\n"})
    found, _ = findings(repo)
    rules = {row["path"]: row["rule"] for row in found}
    expect("rules", rules, {
        "a.py": "github-personal-token", "b.py": "github-personal-token",
        "c.py": "postgres-url", "d.py": "basic-auth-header",
        "e.py": "basic-auth-url"})
    expect("count", len(found), 5)
    why = {row["path"]: row["evidence"]["why"] for row in found}
    expect_in("checksum", "verified as basic-auth", why["d.py"])
    expect_in("prefix", "begins with ghp_", why["a.py"])
    text = repo.hygiene(*NO_RULES, "scan", "--index").stdout
    expect("one entry for the token", text.count("GitHub"), 1)
    expect_in("both places", "b.py:1", text)


def parts_of_a_secret_are_told(place):
    repo = place.repo("repo")
    rules = place.write("pair.yml", """version: 1
rules:
  - id: pair
    title: Pair
    severity: high
    confidence: high
    why: A test.
    keywords: [client_secret]
    pattern: 'client_secret=(\\w+)'
    with: { title: client id, pattern: 'client_id=(\\w+)', within: 2 }
    examples:
      match: [{content: "client_id=a1\\nclient_secret=b2"}]
      nomatch: [{content: "client_secret=b2"}]
""")
    repo.commit_files({"a": "client_id=kT4vq9\nx\nclient_secret=LxWm2Z\n",
                       "b": "client_secret=LxWm2Z\n"})
    found, _ = findings(repo, "--no-builtin-rules", "--rules", rules)
    expect("paths", [row["path"] for row in found], ["a"])
    parts = found[0]["evidence"]["parts"]
    expect("title", parts[0]["title"], "client id")
    expect("place", parts[0]["region"]["start_line"], 1)
    expect("secret", found[0]["region"]["start_line"], 3)


# Two lines that belong together, the rule that knows them, and the other parts.
PAIRS = [
    ("aws_access_key_id = AK" "IATEVHP3PWHTH6RCWR\n"
     "aws_secret_access_key = aBBML0w1kfd8ci6rgAu78ADsAR7FAiX5/OKthtmf\n",
     "aws-key-pair", ["access key id"]),
    ("accessKey: '2XZQ7LMW4KTD9VRB1CHN'\nwasabiSecretKey: "
     "'Vt8LqZ3xWk6Rm2Yd9Jc4Hp7Nb5GfTs1KwXe0QzMu'\n", "wasabi-secret-key",
     ["access key"]),
    ("id: 407408718192-k3v9d2q8x1m7c5b4n6z0a2s4d6f8g1h3.apps."
     "googleusercontent.com\nsecret: GOCS" "PX-kT4vq9LxWm2ZpR7cJd3sYb8Nx1Qw\n",
     "google-oauth-client-secret", ["client id"]),
    ("TWILIO_ACCOUNT_SID=AC" "1f0e3dad99908345f7439f8ffabdffc4\n"
     "TWILIO_AUTH_TOKEN=9f86d081884c7d659a2feaa0c55ad015\n",
     "twilio-auth-token", ["account SID"]),
    ("AZURE_CLIENT_ID=6ba7b810-9dad-41d1-80b4-00c04fd430c8\n"
     "AZURE_TENANT_ID=7c9e6679-7425-40de-944b-e07fc1f90ae7\n"
     "AZURE_CLIENT_SECRET=kT4" "8Q~vq9LxWm2ZpR7cJd3sYb8Nx1Qw0Vt7u5cD\n",
     "azure-client-secret", ["client id", "tenant id"]),
    ("spotify_client_id = 'b8f3e1d09c7a46528e1f0d3c2b5a6978'\n"
     "spotify_client_secret = '1c7e4b9a2d5f8036e7c1a4b8d2f59063'\n",
     "spotify-client-secret", ["client id"]),
    ("client_id: acme-web-01\nclient_secret: Tn5VqX8zRw2LkHc7MbYd3GfJ9\n",
     "oauth-client-secret", ["client id"]),
    ("DB_HOST=db.acme-prod.net\nDB_PASSWORD=h7QxT2mVz9LkRf\n",
     "database-login", ["host"]),
    ("define('DB_USER', 'shop');\ndefine('DB_PASSWORD', 'XZ6MmKGgyAU5Fz1t');\n"
     "define('DB_HOST', 'db.acme-prod.net');\n", "wordpress-config",
     ["host of the database", "user of the database"]),
]


def two_parts_are_one_finding(place):
    repo = place.repo("repo")
    repo.commit_files({f"{number}/app.cfg": pair[0]
                       for number, pair in enumerate(PAIRS)})
    found, _ = findings(repo)
    for number, (_, rule, titles) in enumerate(PAIRS):
        here = [row for row in found if row["path"] == f"{number}/app.cfg"]
        expect("rules", [row["rule"] for row in here], [rule])
        parts = [part["title"] for row in here if row["rule"] == rule
                 for part in row["evidence"].get("parts", [])]
        expect(f"parts for {rule}", parts, titles)
        why = [row["evidence"]["why"] for row in here if row["rule"] == rule]
        expect_in("why", f"with {titles[0]} beside it", why[0])


def what_is_less_sure_is_left_out_and_counted(place):
    repo = place.repo("repo")
    repo.commit_files({
        "a.py": "wif = '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4d"
                "Z1jvhTVqvbTLvyTJ'\n",
        "b.py": "api_key = 'kT4vq9LxWm2ZpR7cJd3sYb8N'\n"})
    found, summary = findings(repo)
    expect("all", (len(found), summary["unsure"]), (2, 0))
    found, summary = findings(repo, "--min-confidence=certain")
    expect("certain", [row["path"] for row in found], ["a.py"])
    expect("counted", summary["unsure"], 1)
    repo.git("config", "hygiene.minConfidence", "high")
    expect("setting", findings(repo)[1]["unsure"], 1)
    done = repo.hygiene("scan", "--min-confidence=sure")
    expect("another word", done.returncode, 129)


def each_level_of_confidence_holds_those_above_it(place):
    repo = place.repo("repo")
    repo.commit_files({
        "certain.py": "wif = '5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4d"
                      "Z1jvhTVqvbTLvyTJ'\n",
        "high.py": "a = 'lin_" "api_kT4vq9LxWm2ZpR7cJd3sYb8Nx1Qw0Vt7u5cDfGhJ'\n",
        "medium.py": "api_key = 'kT4vq9LxWm2ZpR7cJd3sYb8N'\n",
        "tests/low.py": "api_key = 'wV7mQz3xTk9LrN5pHd2Yc8Jb'\n"})
    levels = ["certain", "high", "medium", "low"]
    for number, level in enumerate(levels, 1):
        found, summary = findings(repo, f"--min-confidence={level}")
        expect(level, sorted(row["confidence"] for row in found),
               sorted(levels[:number]))
        expect("left out", summary["unsure"], len(levels) - number)


def placeholders_and_look_alikes_are_nothing(place):
    repo = place.repo("repo")
    repo.commit_files({"a.py": """
password = "changeme"
password = "${DB_PASSWORD}"
password = os.environ["DB_PASSWORD"]
api_key = "your-api-key-goes-here"
api_key = "xxxxxxxxxxxxxxxxxxxxxxxx"
secret = "0123456789abcdef0123456789abcdef"
token = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
integrity_token = "sha512-kT4vq9LxWm2ZpR7cJd3sYb8NkT4vq9LxWm2ZpR7=="
token_path = "/usr/share/tokens/default1/file"
url = "postgres://user:password@host/db"
"""})
    found, _ = findings(repo)
    expect("found", [(r["rule"], r["region"]) for r in found], [])


def keys_that_everybody_has_are_no_secret(place):
    public = base64.b64encode(b'{"iss":"supabase","ref":"qkzvrwmtplxhdnsbgyfc"'
                              b',"role":"anon","iat":1767225600}').decode()
    emulator = ("C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGG"
                "yPMbIZnqyMsEcaGQy67XIw/Jw==")
    account = ("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2"
               "ff80")
    values = {
        "COSMOS": f"AccountEndpoint=https://localhost:8081/;"
                  f"AccountKey={emulator};",
        "COSMOS_KEY": emulator,
        "SUPABASE_ANON_KEY": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                             f"{public.rstrip('=')}."
                             "Kd2QeP0mT7xVb9sYc4uWfGhJ1rLzN6oA3iX8kRvE5tM",
        "PRIVATE_KEY": account,
    }
    repo = place.repo("repo")
    repo.commit_files({
        ".env": "".join(f"{name}={value}\n"
                        for name, value in values.items()),
        "app.js": "".join(f"const {name} = '{value}';\n"
                          for name, value in values.items()),
    })
    found, _ = findings(repo)
    expect("found", [(row["path"], row["rule"], row["severity"])
                     for row in found],
           [(path, "wallet-key-published", "info")
            for path in (".env", "app.js")])


def definitions_of_ci_are_no_tests(place):
    repo = place.repo("repo")
    text = "    DB_PASSWORD: kT8vQ2mZx4LrW\n"
    repo.commit_files({".github/workflows/ci.yml": text,
                       ".gitlab-ci.yml": text, ".travis.yml": text,
                       "tests/ci.yml": text})
    found, _ = findings(repo)
    expect("severities", {row["path"]: row["severity"] for row in found},
           {".github/workflows/ci.yml": "high", ".gitlab-ci.yml": "high",
            ".travis.yml": "high", "tests/ci.yml": "info"})


def cookies_of_requests_are_found_however_they_are_kept(place):
    source = random.Random(5)
    session = "".join(source.choices(string.digits + "abcdef", k=32))
    ways = {
        "notes.http": "GET / HTTP/1.1\nCookie: lang=de; {pair}; a=b\n",
        "run.sh": "curl -b '{pair}' https://shop.acme.io/\n",
        "trace.har": '{{"log": {{"version": "1.2", "entries": [{{"request": '
                     '{{"headers": [{{"name": "Cookie", "value": "{pair}"}}],'
                     ' "cookies": [{{"name": "{name}", "value": "{value}"}}]'
                     '}}}}]}}}}\n',
        "get.py": "cookies = {{'{name}': '{value}'}}\n",
        "cassette.yml": "  headers:\n    Cookie:\n    - {pair}\n",
        "post.json": '{{"header": "{{\\"{name}\\": \\"{value}\\"}}"}}\n',
    }
    rules = {"PHPSESSID": "php-session-id", "sessionid": "django-session-id"}
    repo = place.repo("repo")
    for name in rules:
        for path, text in ways.items():
            repo.write(f"{name}/{path}", text.format(
                name=name, value=session, pair=f"{name}={session}"))
            repo.write(f"tests/{name}/{path}", text.format(
                name=name, value=session, pair=f"{name}={session}"))
            repo.write(f"printed/{name}/{path}", text.format(
                name=name, value="298zf09hf012fh2",
                pair=f"{name}=298zf09hf012fh2"))
    repo.commit()
    found, _ = findings(repo)
    told = {(row["path"], row["rule"], row["severity"]) for row in found}
    expect("in requests", told,
           {(f"{folder}{name}/{path}", rule, severity)
            for name, rule in rules.items() for path in ways
            for folder, severity in (("", "medium"), ("tests/", "low"))})


def stats_tell_what_rules_cost(place):
    repo = place.repo("repo")
    repo.commit_files({"b.py": "api_key = 'kT4vq9LxWm2ZpR7cJd3sYb8N'\n"})
    done = repo.hygiene(*NO_RULES, "scan", "--index", "--rule-stats")
    lines = [line.split() for line in done.stderr.splitlines()]
    expect("head", lines[0], ["ms", "searches", "matches", "rule"])
    expect("matches", [line[2] for line in lines
                       if line[-1] == "generic-secret"], ["1"])
    rows, total = lines[1:-1], lines[-1]
    spent = [float(row[0]) for row in rows]
    expect("the dearest first", spent, sorted(spent, reverse=True))
    expect("the last row", total[3:], ["all", "of", "them"])
    for column in (1, 2):
        expect("sum", int(total[column]),
               sum(int(row[column]) for row in rows))
    quiet = repo.hygiene(*NO_RULES, "scan", "--index")
    expect("only when asked", quiet.stderr, "")


def check_advises(place):
    repo = place.repo("repo")
    rules = place.write("slow.yml", """version: 1
rules:
  - id: slow
    title: Slow
    severity: high
    confidence: high
    why: A test.
    keywords: [key]
    pattern: 'key((?:\\w+\\s?)*)!'
    placeholders: true
    examples:
      match: [{content: "keyab cd!"}]
      nomatch: [{content: "key"}]
""")
    done = repo.hygiene("rules", "--no-builtin-rules", "check", rules)
    expect("advice is no failure", done.returncode, 0)
    expect_in("steps", "quantifiers overlap", done.stdout)
    expect_in("examples", "less than three match examples", done.stdout)
    expect_in("references", "names no page", done.stdout)
    done = repo.hygiene("rules", "--no-builtin-rules", "--strict", "check",
                        rules)
    expect("strict", done.returncode, 1)


CASES = [
    assignments_are_found_in_every_syntax,
    the_rule_that_knows_most_explains_a_secret,
    parts_of_a_secret_are_told,
    two_parts_are_one_finding,
    what_is_less_sure_is_left_out_and_counted,
    each_level_of_confidence_holds_those_above_it,
    placeholders_and_look_alikes_are_nothing,
    keys_that_everybody_has_are_no_secret,
    definitions_of_ci_are_no_tests,
    cookies_of_requests_are_found_however_they_are_kept,
    stats_tell_what_rules_cost,
    check_advises,
]

if __name__ == "__main__":
    sys.exit(run_all(CASES, sys.argv[1]))
