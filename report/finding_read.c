#include "report/finding_read.h"

#include "report/json_read.h"
#include "rules/encoded/encoding.h"
#include "scanner/holder_kind.h"
#include "scanner/links.h"

#include <limits.h>
#include <string.h>

/* More than any writer of these lists makes. */
#define MAX_TEXTS 4096
#define MAX_PARTS 64

static struct region region_read(const json_t *finding, const char *key)
{
	const json_t *object = json_object_get(finding, key);
	return (struct region){
		.start_line = get_count(object, "start_line"),
		.start_column = get_count(object, "start_column"),
		.end_line = get_count(object, "end_line"),
		.end_column = get_count(object, "end_column"),
		.start_byte = get_count(object, "start_byte"),
		.end_byte = get_count(object, "end_byte"),
	};
}

/** Of a shard: all that is known of the commit. */
static const struct commit_info *whole_commit_read(
	struct arena *arena, const json_t *shard, const char *key)
{
	const json_t *object = json_object_get(shard, key);
	if (!json_is_object(object))
		return NULL;
	struct commit_info *commit = arena_alloc(arena, sizeof(*commit));
	int64_t offset = get_int(object, "offset_minutes");
	get_word(commit->oid, sizeof(commit->oid), object, "commit");
	commit->author = copy_path(arena, object, "author", "author_base64");
	commit->time = get_int(object, "time");
	commit->offset_minutes =
		offset < INT_MIN || offset > INT_MAX ? 0 : (int)offset;
	commit->is_root = get_bool(object, "is_root");
	return commit;
}

/** Of any report: its id, and author and date where the keys are known. */
static const struct commit_info *commit_read(struct arena *arena,
	const json_t *object, const char *oid, const char *author,
	const char *date)
{
	if (!get_text(object, oid))
		return NULL;
	struct commit_info *commit = arena_alloc(arena, sizeof(*commit));
	get_word(commit->oid, sizeof(commit->oid), object, oid);
	commit->author = author ? copy_text(arena, object, author) : "";
	if (date && !get_date(&commit->time, object, date))
		commit->time = 0;
	return commit;
}

static void exposure_read(struct exposure *out, struct arena *arena,
	const json_t *finding, const json_t *shard)
{
	const json_t *object = json_object_get(finding, "exposure");
	if (shard) {
		out->first = whole_commit_read(arena, shard, "first");
		out->last = whole_commit_read(arena, shard, "last");
		out->removed = whole_commit_read(arena, shard, "removed");
		out->is_cut = get_bool(shard, "is_cut");
	} else {
		out->first = commit_read(arena, object, "first_commit",
			"first_author", "first_date");
		out->last =
			commit_read(arena, object, "last_commit", NULL, NULL);
		out->removed = commit_read(
			arena, object, "removed_commit", NULL, NULL);
	}
	out->refs = copy_texts(
		&out->refs_listed, arena, object, "refs", EXPOSURE_MAX_REFS);
	out->refs_count = get_count(object, "refs_count");
	out->logs = copy_texts(
		&out->logs_listed, arena, object, "reflogs", EXPOSURE_MAX_REFS);
	out->logs_count = get_count(object, "reflogs_count");
	out->tip_of = get_bits(
		object, "tip_of", holder_kind_bit_name, HOLDER_KIND_COUNT);
	out->held_by = get_bits(object, "reachable_by", holder_kind_bit_name,
		HOLDER_KIND_COUNT);
}

static const struct evidence *evidence_read(
	struct arena *arena, const json_t *object)
{
	if (!get_text(object, "decoder"))
		return NULL;
	struct evidence *out = arena_alloc(arena, sizeof(*out));
	*out = (struct evidence){
		.decoder = copy_text(arena, object, "decoder"),
		.kind = copy_text(arena, object, "kind"),
		.variant = copy_text(arena, object, "variant"),
		.keys_truncated = get_bool(object, "keys_truncated"),
		.holds = get_bits(object, "holds", holds_name, HOLDS_COUNT),
		.entry_count = get_count(object, "entries"),
		.setting = copy_text(arena, object, "setting"),
		.value = copy_text(arena, object, "value"),
		.development = get_bool(object, "development"),
	};
	out->keys =
		copy_texts(&out->key_count, arena, object, "keys", MAX_TEXTS);
	out->calls =
		copy_texts(&out->call_count, arena, object, "calls", MAX_TEXTS);
	int id = get_named(object, "id", id_exposure_name, ID_CREDENTIAL + 1);
	out->id = id < 0 ? ID_UNKNOWN : id;
	if (get_date(&out->expires_at, object, "expires"))
		out->expiry = EXPIRY_AT;
	else if (get_text(object, "expires"))
		out->expiry = EXPIRY_NEVER;
	return out;
}

static const struct finding_belief *belief_read(
	struct arena *arena, const json_t *object)
{
	if (!json_object_get(object, "why"))
		return NULL;
	struct finding_belief *out = arena_alloc(arena, sizeof(*out));
	const json_t *list = json_object_get(object, "parts");
	size_t count = json_array_size(list);
	if (count > MAX_PARTS)
		count = 0;
	struct finding_part *parts = arena_array(arena, count, sizeof(*parts));
	for (size_t i = 0; i < count; i++) {
		const json_t *part = json_array_get(list, i);
		parts[i].title = copy_text(arena, part, "title");
		parts[i].region = region_read(part, "region");
	}
	out->why = copy_texts(&out->why_count, arena, object, "why", MAX_TEXTS);
	out->parts = parts;
	out->part_count = count;
	return out;
}

static uint32_t encodings_read(const json_t *object)
{
	const json_t *list = json_object_get(object, "encoding");
	uint32_t encodings = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *name = json_string_value(json_array_get(list, i));
		for (int k = 1; name && k < ENCODING_COUNT; k++)
			if (!strcmp(name, encoding_name(k)))
				encodings = encodings_add(encodings, k);
	}
	return encodings;
}

/** Where in an archive it is. */
static void inner_read(
	struct finding *out, struct arena *arena, const json_t *object)
{
	const char *inner = copy_path(arena, object, "inner", "inner_base64");
	if (!inner)
		return;
	out->nested = arena_printf(arena, "%s!%s", out->path, inner);
	out->inner = out->nested + strlen(out->path) + 1;
	out->inner_region = region_read(object, "inner_region");
}

static void links_read(struct finding *out, struct arena *arena,
	const json_t *finding, const json_t *shard)
{
	const json_t *list = json_object_get(finding, "links");
	const json_t *lines = json_object_get(shard, "link_lines");
	size_t count = json_array_size(list);
	if (!count || count > LINKS_PER_FINDING)
		return;
	struct finding_link *links = arena_array(arena, count, sizeof(*links));
	for (size_t i = 0; i < count; i++) {
		const json_t *link = json_array_get(list, i);
		json_int_t line = json_integer_value(json_array_get(lines, i));
		links[i] = (struct finding_link){
			.relation = copy_text(arena, link, "relation"),
			.scheme = copy_text(arena, link, "scheme"),
			.rule = copy_text(arena, link, "rule"),
			.path = copy_path(arena, link, "path", "path_base64"),
			.fingerprint = copy_text(arena, link, "fingerprint"),
			.line = line < 0 ? 0 : (size_t)line,
			.since = commit_read(arena, link, "since_commit", NULL,
				"since_date"),
		};
	}
	out->links = links;
	out->link_count = count;
}

static void suppressed_read(
	struct suppression *out, struct arena *arena, const json_t *finding)
{
	const json_t *object = json_object_get(finding, "suppressed");
	int by = get_named(
		object, "by", suppressed_by_name, SUPPRESSED_GITLEAKS + 1);
	if (by < 0)
		return;
	*out = (struct suppression){
		.by = by,
		.expired = get_bool(object, "expired"),
		.reason = copy_text(arena, object, "reason"),
		.owner = copy_text(arena, object, "owner"),
		.expires = copy_text(arena, object, "expires"),
	};
}

static struct text_place *text_place_read(
	struct arena *arena, const json_t *shard)
{
	const json_t *object = json_object_get(shard, "text_place");
	if (!json_is_object(object))
		return NULL;
	struct text_place *place = arena_alloc(arena, sizeof(*place));
	place->start_column = get_count(object, "start_column");
	place->end_column = get_count(object, "end_column");
	get_word(place->line_hash, sizeof(place->line_hash), object,
		"line_hash");
	return place;
}

/** The members that are plain values. */
static void plain_read(
	struct finding *out, struct arena *arena, const json_t *object)
{
	int severity = get_named(
		object, "severity", severity_name, SEVERITY_CRITICAL + 1);
	int confidence = get_named(
		object, "confidence", confidence_name, CONFIDENCE_CERTAIN + 1);
	const char *path = copy_path(arena, object, "path", "path_base64");
	out->severity = severity < 0 ? SEVERITY_INFO : severity;
	out->confidence = confidence < 0 ? CONFIDENCE_LOW : confidence;
	out->path = path ? path : "";
	out->store = copy_path(arena, object, "store", "store_base64");
	out->places = get_bits(object, "places", place_name, PLACE_COUNT);
	out->tracked = get_bool(object, "tracked");
	out->ignored = get_tristate(object, "ignored");
	out->at_tip = get_bool(object, "at_tip");
	get_word(out->blob, sizeof(out->blob), object, "blob");
	out->versions = get_count(object, "versions");
	out->region = region_read(object, "region");
	out->excerpt = copy_text(arena, object, "excerpt");
	get_word(out->secret_id, sizeof(out->secret_id), object, "secret_id");
	get_word(out->fingerprint, sizeof(out->fingerprint), object,
		"fingerprint");
}

/* What every finding that a scan made has, and reports rely on. */

static bool commit_is_whole(const struct commit_info *commit)
{
	return !commit || commit->author;
}

static bool links_are_whole(const struct finding *finding)
{
	for (size_t i = 0; i < finding->link_count; i++)
		if (!finding->links[i].relation || !finding->links[i].scheme)
			return false;
	return true;
}

static bool belief_is_whole(const struct finding_belief *belief)
{
	for (size_t i = 0; belief && i < belief->part_count; i++)
		if (!belief->parts[i].title)
			return false;
	return true;
}

static bool is_whole(const struct finding *finding)
{
	const struct exposure *exposure = &finding->exposure;
	const struct suppression *suppressed = &finding->suppressed;
	return commit_is_whole(exposure->first) &&
		commit_is_whole(exposure->last) &&
		commit_is_whole(exposure->removed) &&
		(!finding->evidence || finding->evidence->kind) &&
		belief_is_whole(finding->belief) && links_are_whole(finding) &&
		(!suppressed->expired || suppressed->expires);
}

const char *finding_read(struct scan_result *result, const json_t *object,
	const struct rule_source *rules)
{
	struct arena *arena = &result->arena;
	const char *id = get_text(object, "rule");
	const struct rule *rule = id ? rules->find(id, rules->ctx) : NULL;
	if (!rule)
		return "a finding of no known rule";
	const json_t *shard = json_object_get(object, "shard");
	const json_t *evidence = json_object_get(object, "evidence");
	id = get_text(json_object_get(object, "remedy"), "rule");
	const struct rule *file_rule = id ? rules->find(id, rules->ctx) : NULL;
	if (id && !file_rule)
		return "a remedy of no known rule";
	struct finding *out = scan_result_add_finding(result);
	out->rule = rule;
	out->file_rule = file_rule;
	plain_read(out, arena, object);
	inner_read(out, arena, object);
	exposure_read(&out->exposure, arena, object, shard);
	out->text_place = text_place_read(arena, shard);
	out->evidence = evidence_read(arena, evidence);
	out->belief = belief_read(arena, evidence);
	out->encodings = encodings_read(evidence);
	if (get_text(evidence, "state"))
		out->state = copy_text(arena, evidence, "state");
	links_read(out, arena, object, shard);
	suppressed_read(&out->suppressed, arena, object);
	return is_whole(out) ? NULL : "a finding that lacks what all have";
}

bool skipped_read(struct scan_result *result, const json_t *object)
{
	struct arena *arena = &result->arena;
	int reason = get_named(
		object, "reason", skip_reason_name, SKIP_REASON_COUNT);
	if (reason < 0)
		return false;
	struct skipped *out = scan_result_add_skipped(result, reason);
	get_word(out->object, sizeof(out->object), object, "object");
	out->path = copy_path(arena, object, "path", "path_base64");
	out->inner = copy_path(arena, object, "inner", "inner_base64");
	out->detail = copy_path(arena, json_object_get(object, "shard"),
		"detail", "detail_base64");
	out->lfs_oid = copy_text(arena, object, "lfs_oid");
	out->lfs_size = get_count(object, "lfs_size");
	return true;
}

bool header_read(struct scan_result *result, const json_t *object)
{
	const json_t *shard = json_object_get(object, "shard");
	get_word(result->rules_digest, sizeof(result->rules_digest), object,
		"rules_digest");
	get_word(result->tips_digest, sizeof(result->tips_digest), object,
		"tips_digest");
	result->sources = get_bits(object, "sources", place_name, PLACE_COUNT);
	result->shard.index = get_count32(shard, "index");
	result->shard.count = get_count32(shard, "count");
	get_word(result->entries_digest, sizeof(result->entries_digest), shard,
		"entries_digest");
	get_word(result->options_digest, sizeof(result->options_digest), shard,
		"options_digest");
	result->repository = copy_path(
		&result->arena, shard, "repository", "repository_base64");
	result->bare = get_bool(shard, "bare");
	result->now = get_int(shard, "now");
	return result->repository || !result->shard.count;
}

void summary_read(struct scan_result *result, const json_t *object)
{
	result->unsure = get_count(object, "unsure");
	result->paths = get_count(object, "paths");
	result->excluded = get_count(object, "excluded");
	result->blobs = get_count(object, "blobs");
	result->bytes = get_count(object, "bytes");
	result->commits = get_count(object, "commits");
}
