#include "tests/support/cached_samples.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/decoder.h"
#include "rules/encoded/encoding.h"
#include "rules/evidence.h"
#include "scanner/holder_kind.h"

#include <string.h>

static const char *keys[] = { "user_id", "_permanent" };
static const char *calls[] = { "os.system" };
static const char *refs[] = { "refs/heads/main", "refs/tags/v1" };
static const char *const why[] = { "named SECRET_KEY", "entropy 4.8" };

static const struct evidence session = {
	.decoder = "cachelib",
	.kind = "session",
	.variant = "pickle",
	.keys = keys,
	.key_count = 2,
	.keys_truncated = true,
	.holds = HOLDS_USER_ID | HOLDS_CSRF,
	.expiry = EXPIRY_AT,
	.expires_at = 1800000000,
	.id = ID_HASHED,
	.entry_count = 1,
	.calls = calls,
	.call_count = 1,
};

static const struct evidence setting = {
	.decoder = "settings",
	.kind = "setting",
	.setting = "SESSION_COOKIE_SECURE",
	.value = "False",
	.development = true,
};

static const struct finding_part parts[] = {
	{ "key id", { 1, 2, 3, 4, 5, 6 } },
};

static const struct finding_belief belief = {
	.why = why,
	.why_count = 2,
	.parts = parts,
	.part_count = 1,
};

static const struct suppression accepted = {
	.by = SUPPRESSED_COMMENT,
	.expired = true,
	.reason = "because",
	.owner = "ann",
	.expires = "2026-12-31",
};

static const struct commit_info commit = {
	.oid = "0123456789012345678901234567890123456789",
	.author = "Ann\xff",
	.time = -5,
	.offset_minutes = -120,
	.is_root = true,
};

static struct text_place place = { 3, 9, "0123456789abcdef:1" };

static const struct finding_link links[] = {
	{ "signs", "flask", "flask-signed-cookie", "README.md",
		"0123456789abcdef0123456789abcdef", 3, &commit },
	{ "signed-by", "flask", NULL, NULL, NULL, 0, NULL },
};

static const struct oid blobs[] = { { { 1, 2, 3 } }, { { 4, 5, 6 } } };

void cached_rule_names(struct rule_names *out)
{
	*out = (struct rule_names){ .count = CACHED_RULES };
	out->digests = xcalloc(CACHED_RULES, sizeof(*out->digests));
	for (size_t i = 0; i < CACHED_RULES; i++)
		memset(out->digests[i], 'a' + (int)i, SHA256_DIGEST_SIZE);
}

static void add_session(struct scan_result *out, const struct ruleset *rules)
{
	struct finding *finding = scan_result_add_finding(out);
	finding->rule = ruleset_find(rules, "flask-session-file");
	finding->severity = SEVERITY_HIGH;
	finding->confidence = CONFIDENCE_CERTAIN;
	finding->path = "a.zip";
	finding->nested = "a.zip!flask_session/x";
	finding->inner = "flask_session/x";
	finding->store = "flask_session";
	finding->places = PLACE_HISTORY | PLACE_INDEX;
	finding->tracked = true;
	finding->at_tip = true;
	memcpy(finding->blob, commit.oid, sizeof(finding->blob));
	finding->versions = 2;
	finding->blobs = blobs;
	finding->exposure = (struct exposure){
		.first = &commit,
		.last = &commit,
		.refs = refs,
		.refs_listed = 2,
		.refs_count = 300,
		.logs = refs,
		.logs_listed = 1,
		.logs_count = 7,
		.held_by = 1U << HOLDER_BRANCH | 1U << HOLDER_REFLOG,
		.tip_of = 1U << HOLDER_BRANCH,
		.is_cut = true,
	};
	finding->evidence = &session;
	finding->state = "live";
}

static void add_key(struct scan_result *out, const struct ruleset *rules)
{
	struct finding *finding = scan_result_add_finding(out);
	finding->rule = ruleset_find(rules, "session-key");
	finding->path = "app.py";
	finding->places = PLACE_HISTORY;
	finding->versions = 7;
	finding->region = (struct region){ 1, 2, 3, 4, 5, SIZE_MAX };
	finding->inner_region = (struct region){ 6, 5, 4, 3, 2, 1 };
	finding->encodings = encodings_add(ENCODING_ZIP, ENCODING_BASE64);
	finding->text_place = &place;
	finding->exposure.removed = &commit;
	finding->excerpt = "SECRET_KEY = 'abc…'";
	memcpy(finding->secret_id, "0123456789abcdef0123456789abcdef", 33);
	memcpy(finding->fingerprint, "fedcba9876543210fedcba9876543210", 33);
	finding->belief = &belief;
	finding->evidence = &setting;
	finding->links = links;
	finding->link_count = 2;
	finding->suppressed = accepted;
}

void cached_result(struct scan_result *out, const struct ruleset *rules)
{
	*out = (struct scan_result){
		.rules = rules,
		.sources = PLACE_HISTORY | PLACE_MESSAGE,
		.now = 1790000000,
		.paths = 300,
		.blobs = 70000,
		.bytes = UINT64_MAX,
		.commits = 5,
		.complete = true,
	};
	memset(out->tips_digest, 'f', sizeof(out->tips_digest) - 1);
	add_session(out, rules);
	add_key(out, rules);
	*scan_result_add_skipped(out, SKIP_LFS_POINTER) = (struct skipped){
		.reason = SKIP_LFS_POINTER,
		.object = "0123456789012345678901234567890123456789",
		.path = "large",
		.inner = "in an archive",
		.detail = "5 bytes",
		.lfs_oid = "abc",
		.lfs_size = 5,
	};
}

void cached_blobs(struct known_blobs *out)
{
	*out = (struct known_blobs){ .count = 3 };
	out->has_rule = xcalloc(CACHED_RULES, sizeof(*out->has_rule));
	out->has_rule[0] = out->has_rule[2] = true;
	out->hits = xcalloc(3, sizeof(*out->hits));
	out->hits[0] = (struct hit){ .rule = 0, .evidence = &session };
	out->hits[1] = (struct hit){
		.rule = 2,
		.region = { 1, 2, 3, 4, 5, 6 },
		.inner = "inside",
		.inner_region = { 7, 8, 9, 10, 11, 12 },
		.encodings = 5,
		.secret_id = "0123456789abcdef0123456789abcdef",
		.excerpt = "k = 'abc…'",
		.belief = &belief,
		.allowed = &accepted,
	};
	out->hits[2] = (struct hit){ .rule = 2, .evidence = &setting };
	struct oid context = { { 9 } };
	oid_map_add(&out->contexts, &context, NULL);
	context.bytes[0] = 8; /* that no blob has */
	oid_map_add(&out->contexts, &context, NULL);
	context.bytes[0] = 7;
	oid_map_add(&out->contexts, &context, NULL);
	out->blobs = xcalloc(out->count, sizeof(*out->blobs));
	out->blobs[0] = (struct known_blob){ { { 1 } }, 2, 5, true, true,
		out->hits, 2 };
	out->blobs[1] =
		(struct known_blob){ { { 2 } }, 0, 0, false, false, NULL, 0 };
	out->blobs[2] = (struct known_blob){ { { 2, 1 } }, 0, UINT32_MAX, true,
		false, out->hits + 2, 1 };
}

struct survey *cached_survey_empty(void)
{
	static const uint8_t types[CACHED_OBJECTS] = { OBJECT_COMMIT,
		OBJECT_TREE, OBJECT_TREE, OBJECT_BLOB, OBJECT_TREE };
	struct object_name *listed = xcalloc(CACHED_OBJECTS, sizeof(*listed));
	for (uint32_t i = 0; i < CACHED_OBJECTS; i++)
		listed[i] = (struct object_name){ { { (uint8_t)(i + 1) } },
			types[i] };
	return survey_of_list(listed, CACHED_OBJECTS);
}

static void add_tree(struct survey *survey, uint32_t number,
	const struct survey_tree *tree, const struct survey_entry *entries)
{
	struct survey_entry *own =
		survey_add_entries(&survey->blocks, tree->count);
	memcpy(own, entries, tree->count * sizeof(*own));
	ARRAY_GROW(survey->trees, survey->tree_count, survey->tree_capacity);
	survey->tree_of[number] = (uint32_t)survey->tree_count;
	survey->trees[survey->tree_count] = *tree;
	survey->trees[survey->tree_count++].entries = own;
}

struct survey *cached_survey(void)
{
	enum { COMMIT, TOP, FOLDER, BLOB, CHANGED };
	struct survey *survey = cached_survey_empty();
	struct path_table *names = &survey->late.names;
	const uint32_t a = path_table_add(names, "a", 1);
	const uint32_t d = path_table_add(names, "d", 2);
	const uint32_t m = path_table_add(names, "m", 1);
	const struct oid gone = { { 9 } };
	const struct oid other = { { 8, 8 } };
	const uint32_t module = survey_number(survey, &gone);
	const uint32_t parent = survey_number(survey, &other);
	/* the base stands behind what is built upon it */
	add_tree(survey, CHANGED,
		&(struct survey_tree){ .base = TOP, .count = 2 },
		(struct survey_entry[]){ { m, SURVEY_NONE }, { a, module } });
	add_tree(survey, TOP,
		&(struct survey_tree){ .base = SURVEY_NONE, .count = 3 },
		(struct survey_entry[]){ { a, BLOB }, { d, FOLDER },
			{ m, module | SURVEY_GITLINK } });
	add_tree(survey, FOLDER,
		&(struct survey_tree){ .base = SURVEY_NONE,
			.count = 1,
			.corrupt = true,
			.odd = true },
		(struct survey_entry[]){ { a, parent } });
	uint32_t *named = arena_array(&survey->links, 2, sizeof(*named));
	named[0] = TOP;
	named[1] = parent;
	survey->commits = xcalloc(1, sizeof(*survey->commits));
	survey->commits[0] = (struct survey_commit_row){ COMMIT, 1, named, -3 };
	survey->commit_count = survey->commit_capacity = 1;
	survey->commit_of[COMMIT] = 0;
	return survey;
}
