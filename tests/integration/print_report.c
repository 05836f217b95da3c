/*
 * Prints a report of one of a few made-up scans, for reports.py to read with
 * other people's eyes.
 *
 * usage: print_report <format> empty|one|case|hostile|many [-z]
 */
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 30000

/* Each is something to one of the formats. */
static const char *const hostile[] = {
	"a\nb\r\nc",
	"::error file=x::pwned\n::warning::y",
	"%0A::add-mask::x",
	"tab\there\x1b[31m\x07",
	"\xE2\x80\xAE\x67np.exe",
	"zero\xE2\x80\x8Bwidth\xEF\xBB\xBF",
	"\xFF\xFE\x80 no utf-8 \xED\xA0\x80",
	"\xEF\xBF\xBE noncharacter \xEF\xBF\xBF",
	"</script><script>alert(1)</script>",
	"<!--<script>",
	"]]><![CDATA[<x/>",
	"\"><img src=x onerror=alert(1)>",
	"&lt;&#0;'\"",
	"=cmd|' /C calc'!A0",
	"-rf",
	"+1",
	"@everyone",
	"a,b;c\"d",
	"[click](javascript:alert(1))",
	"{0}{{1}}%s%n",
	"a|b\\|c`d``e",
	"![x](http://evil.test/x.png) <b>#1 @me",
	"c:/x:y?z#f",
	"../../etc/passwd",
	"space at the end ",
	"\\",
};

static void add_hostile(struct scan_result *result)
{
	static struct commit_info commit = { .author = "\x1b[1m=A\xFF,\"<b>" };
	static const char *refs[] = { "refs/heads/</script>\xE2\x80\xAE" };
	memset(commit.oid, '9', OID_HEX_SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		const struct rule *rule =
			i % 2 ? &sample_key_rule : &sample_session_rule;
		struct finding *finding = sample_finding(
			result, rule, hostile[i], i % 4 ? NULL : hostile[i]);
		finding->exposure.first = &commit;
		finding->exposure.refs = refs;
		finding->exposure.refs_listed = 1;
		finding->excerpt = hostile[i];
		snprintf(finding->fingerprint, sizeof(finding->fingerprint),
			"%032zx", i);
		if (rule != &sample_key_rule)
			continue;
		memset(finding->secret_id, 'a' + (char)(i % 26), 32);
		finding->region = (struct region){ i + 1, 2, i + 1, 9, 5, 12 };
	}
	struct finding *message =
		sample_finding(result, &sample_key_rule, "", NULL);
	message->exposure = (struct exposure){ 0 };
	memset(message->secret_id, '0', 32);
	struct finding *accepted =
		sample_finding(result, &sample_env_rule, "ok/.env", NULL);
	accepted->suppressed = (struct suppression){
		.by = SUPPRESSED_BASELINE,
		.reason = "]]></script>\x1b=1+1",
		.owner = "a,b",
	};
	struct skipped *skipped = scan_result_add_skipped(result, SKIP_CORRUPT);
	skipped->path = hostile[0];
	skipped->detail = hostile[3];
}

static void add_many(struct scan_result *result)
{
	for (int i = 0; i < MANY; i++) {
		char path[80];
		snprintf(path, sizeof(path), "services/%03d/config/%05d/.env",
			i % 500, i);
		struct finding *finding =
			sample_finding(result, &sample_env_rule, path, NULL);
		finding->severity = i % (SEVERITY_CRITICAL + 1);
		finding->at_tip = i % 3 == 0;
		finding->tracked = finding->at_tip;
		snprintf(finding->fingerprint, sizeof(finding->fingerprint),
			"%032x", i);
	}
}

static int make(struct scan_result *result, const char *kind)
{
	sample_empty(result);
	if (!strcmp(kind, "one"))
		sample_finding(result, &sample_env_rule, "deploy/.env", NULL);
	else if (!strcmp(kind, "hostile"))
		add_hostile(result);
	else if (!strcmp(kind, "many"))
		add_many(result);
	else if (!strcmp(kind, "case"))
		sample_case(result);
	else if (strcmp(kind, "empty") != 0)
		return -1;
	scan_result_sort(result);
	return 0;
}

int main(int argc, char **argv)
{
	struct scan_result result;
	struct err err = { 0 };
	struct report_opts opts = { .utf8 = true,
		.width = 80,
		.nul_ended = argc == 4,
		.version = "0.1.0" };
	if (argc < 3 || make(&result, argv[2]) < 0)
		return 129;
	const struct reporter *reporter = reporter_find(argv[1]);
	int rc = reporter ? reporter->write(stdout, &result, &opts, &err) : -1;
	scan_result_clear(&result);
	return rc < 0 ? 128 : 0;
}
