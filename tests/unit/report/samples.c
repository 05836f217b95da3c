#include "tests/unit/report/samples.h"

#include "scanner/holder_kind.h"
#include "tests/support/test.h"

#include <string.h>

const struct rule sample_session_rule = {
	.id = "flask-session-file",
	.pack = "flask-session",
	.title = "Flask-Session session file",
	.severity = SEVERITY_HIGH,
	.confidence = CONFIDENCE_CERTAIN,
	.gitignore = "/{store}/",
	.untrack = true,
	.advice = "Revoke the sessions: empty the store and rotate "
		  "SECRET_KEY, so that no cookie that was issued is valid.",
};

const struct rule sample_transient_rule = {
	.id = "flask-session-transient",
	.pack = "flask-session",
	.title = "Temporary file of a session store",
	.severity = SEVERITY_MEDIUM,
	.confidence = CONFIDENCE_LOW,
	.fallback = true,
	.companion = true,
	.gitignore = "/{store}/",
	.untrack = true,
};

const struct rule sample_key_rule = {
	.id = "flask-secret-key",
	.pack = "flask-config",
	.title = "Flask secret key",
	.severity = SEVERITY_CRITICAL,
	.confidence = CONFIDENCE_HIGH,
	.advice = "Set a new SECRET_KEY from the environment.",
};

const struct rule sample_env_rule = {
	.id = "env-file",
	.pack = "env-files",
	.title = "Environment file with values",
	.severity = SEVERITY_MEDIUM,
	.confidence = CONFIDENCE_MEDIUM,
	.untrack = true,
	.advice = "Rotate what the file holds.",
};

static const struct commit_info added = {
	.oid = "1a2b3c4d5e6f708192a3b4c5d6e7f80912345678",
	.author = "Ada Example",
	.time = 1704164645, /* 2024-01-02T03:04:05Z */
};

static const struct commit_info removed = {
	.oid = "5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f80",
	.author = "Grace Example",
	.time = 1709510400, /* 2024-03-04 */
};

static const char *refs[] = { "refs/heads/main", "refs/heads/old",
	"refs/remotes/origin/main", "refs/tags/v1.0" };

void sample_empty(struct scan_result *result)
{
	*result = (struct scan_result){
		.sources = PLACE_INDEX | PLACE_HISTORY,
		.repository = "shop",
		.now = SAMPLE_NOW,
		.paths = 2310,
		.blobs = 5678,
		.bytes = 12900000,
		.commits = 1234,
	};
	memset(result->rules_digest, 'a', 64);
	memset(result->tips_digest, 'b', 64);
	scan_result_sort(result);
}

struct finding *sample_finding(struct scan_result *result,
	const struct rule *rule, const char *path, const char *store)
{
	struct finding *finding = scan_result_add_finding(result);
	finding->rule = rule;
	finding->severity = rule->severity;
	finding->confidence = rule->confidence;
	finding->path = arena_strdup(&result->arena, path);
	finding->store = arena_strdup(&result->arena, store);
	finding->places = PLACE_HISTORY;
	finding->ignored = NO;
	memset(finding->blob, 'c', OID_HEX_SIZE);
	finding->versions = 1;
	finding->exposure = (struct exposure){
		.first = &added,
		.last = &removed,
		.removed = &removed,
		.refs = refs,
		.refs_listed = ARRAY_SIZE(refs),
		.refs_count = ARRAY_SIZE(refs),
		.held_by = 1U << HOLDER_BRANCH | 1U << HOLDER_TAG,
	};
	memset(finding->fingerprint, 'd', 32);
	return finding;
}

static void set_evidence(struct scan_result *result, struct finding *finding,
	const char *kind, int expiry, int64_t expires_at)
{
	static const char *keys[] = { "_permanent", "user_id", "csrf_token" };
	bool session = !strcmp(kind, "session");
	struct evidence *evidence =
		arena_alloc(&result->arena, sizeof(*evidence));
	*evidence = (struct evidence){
		.decoder = "cachelib",
		.kind = kind,
		.variant = "cachelib 0.7 and later",
		.keys = keys,
		.key_count = session ? ARRAY_SIZE(keys) : 0,
		.holds = session ? HOLDS_USER_ID | HOLDS_CSRF : 0,
		.expiry = expiry,
		.expires_at = expires_at,
		.id = ID_HASHED,
		.entry_count = 1,
	};
	finding->evidence = evidence;
	finding->state = "unknown";
	if (expiry == EXPIRY_NEVER)
		finding->state = "never";
	if (expiry == EXPIRY_AT)
		finding->state = expires_at > SAMPLE_NOW ? "live" : "expired";
}

static void add_deleted_store(struct scan_result *result)
{
	static const char store[] = "backend/flask_session";
	for (int i = 0; i < 1474; i++) {
		char path[80];
		snprintf(path, sizeof(path), "%s/%032x", store, i);
		struct finding *finding = sample_finding(
			result, &sample_session_rule, path, store);
		int64_t expires = SAMPLE_NOW + (212 - i) * INT64_C(86400);
		set_evidence(result, finding, "session",
			i < 1412 ? EXPIRY_AT : EXPIRY_NEVER, expires);
		if (i < 212)
			finding->severity = SEVERITY_CRITICAL;
		finding->versions = i < 3 ? 3 : 1;
	}
	struct finding *counter = sample_finding(result, &sample_session_rule,
		"backend/flask_session/2029240f6d1128be89ddc32729463129",
		store);
	set_evidence(result, counter, "counter", EXPIRY_NEVER, 0);
	counter->severity = SEVERITY_LOW;
	sample_finding(result, &sample_transient_rule,
		"backend/flask_session/tmpab12cd34.__wz_cache", store);
}

static void add_tracked_store(struct scan_result *result)
{
	struct finding *finding = sample_finding(result, &sample_session_rule,
		"old stuff/sess\xC3\xA3o/0123456789abcdef0123456789abcdef",
		"old stuff/sess\xC3\xA3o");
	set_evidence(result, finding, "session", EXPIRY_AT, SAMPLE_NOW - 1);
	finding->places |= PLACE_INDEX | PLACE_STASH;
	finding->tracked = true;
	finding->at_tip = true;
	finding->exposure.tip_of =
		1U << HOLDER_BRANCH | 1U << HOLDER_TAG | 1U << HOLDER_STASH;
	finding->exposure.removed = NULL;
}

static void add_key(struct scan_result *result, const char *path, size_t line)
{
	struct finding *finding =
		sample_finding(result, &sample_key_rule, path, NULL);
	finding->region = (struct region){ line, 15, line, 46, 300, 332 };
	finding->excerpt = "SECRET_KEY = 'a1b2\xE2\x80\xA6(32 bytes)'";
	memset(finding->secret_id, 'e', 32);
	finding->places |= PLACE_INDEX;
	finding->tracked = true;
	finding->at_tip = true;
	finding->exposure.tip_of = 1U << HOLDER_BRANCH;
	finding->exposure.removed = NULL;
}

void sample_case(struct scan_result *result)
{
	sample_empty(result);
	add_deleted_store(result);
	add_tracked_store(result);
	add_key(result, "backend/app_server.py", 12);
	add_key(result, "docs/setup.md", 3);
	sample_finding(result, &sample_env_rule, "deploy/.env", NULL);
	struct skipped *lfs = scan_result_add_skipped(result, SKIP_LFS_POINTER);
	lfs->path = "assets/film.mp4";
	struct skipped *large = scan_result_add_skipped(result, SKIP_TOO_LARGE);
	large->path = "dumps/all.sql";
	large->detail = "210.0 MiB";
	memset(large->object, 'f', OID_HEX_SIZE);
	scan_result_sort(result);
}

char *sample_report(const char *format, const struct scan_result *result,
	const struct report_opts *opts)
{
	struct err err = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	const struct reporter *reporter = reporter_find(format);
	assert_non_null(reporter);
	assert_ok(reporter->write(out, result, opts, &err), &err);
	fclose(out);
	return text;
}
