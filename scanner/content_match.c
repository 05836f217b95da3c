#include "scanner/content_match.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/settings/setting.h"
#include "rules/signing/key_forms.h"
#include "rules/signing/signed_value.h"
#include "scanner/allow.h"
#include "scanner/database.h"
#include "scanner/fingerprint.h"
#include "scanner/redact.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of secrets that are kept. */
#define SECRETS_MAX ((size_t)256 * 1024 * 1024)

void content_match_clear(struct content_match *match)
{
	hits_clear(&match->hits);
	scan_result_clear(&match->skips);
	unpack_clear(&match->unpack);
	encoded_runs_clear(&match->runs);
	encoded_runs_clear(&match->telling);
	hit_secrets_clear(&match->inner);
	free(match->path_rules);
}

void content_match_skip(struct content_match *match, int reason,
	const char *inner, const char *detail)
{
	struct skipped *skipped =
		scan_result_add_skipped(&match->skips, reason);
	oid_to_hex(skipped->object, match->oid);
	skipped->inner = inner;
	skipped->detail = detail;
}

/** How long a secret may be for a proof to try it. */
static size_t longest_secret(const struct rule *rule)
{
	return rule->role == ROLE_SIGNING_KEY ? KEY_TEXT_MAX : SIGNED_VALUE_MAX;
}

/** Keeps the bytes that a rule with a role found, for the proof. */
static void keep_secret(
	struct content_match *match, struct hit *hit, const struct match *found)
{
	const struct content *content = match->content;
	bool whole = !found->rule->pattern;
	size_t start = whole ? 0 : found->secret_start;
	size_t end = whole ? content->len : found->secret_end;
	size_t len = end - start;
	if (!found->rule->role || !len)
		return;
	const char *limit = len > longest_secret(found->rule)
		? "a secret in it is too long to be tried on others"
		: atomic_fetch_add(match->secret_bytes, len) > SECRETS_MAX
		? "a secret in it is tried on no other"
		: NULL;
	if (limit) {
		content_match_skip(match, SKIP_LIMIT, NULL, limit);
		return;
	}
	hit->secret = (unsigned char *)xmemdupz(content->bytes + start, len);
	hit->secret_len = len;
}

/** The comment beside a match that accepts it, or NULL. */
static const struct suppression *find_allow(
	struct content_match *match, const struct match *found)
{
	const struct content_place place = content_place(
		match->content, found->secret_start, found->secret_end);
	return allow_find(&match->hits.arena, found->rule->id,
		place.file->bytes, place.file->len, place.start, place.end);
}

/** What makes the match believed, with the places of its parts. */
static const struct finding_belief *belief_of(
	struct content_match *match, const struct match *found)
{
	struct arena *arena = &match->hits.arena;
	const struct belief *belief = found->belief;
	if (!belief)
		return NULL;
	struct finding_belief *out = arena_alloc(arena, sizeof(*out));
	struct finding_part *parts =
		arena_array(arena, belief->part_count, sizeof(*parts));
	for (size_t i = 0; i < belief->part_count; i++)
		parts[i] = (struct finding_part){
			.title = belief->parts[i].title,
			.region = content_region(match->content,
				belief->parts[i].start, belief->parts[i].end),
		};
	*out = (struct finding_belief){
		.why = belief->reasons,
		.why_count = belief->reason_count,
		.parts = parts,
		.part_count = belief->part_count,
	};
	return out;
}

static struct hit *add_hit(struct content_match *match, uint32_t rule)
{
	struct hits *hits = &match->hits;
	const struct content *content = match->content;
	ARRAY_GROW(hits->items, hits->count, hits->capacity);
	struct hit *hit = &hits->items[hits->count++];
	*hit = (struct hit){
		.blob = match->blob,
		.rule = rule,
		.encodings = content->encodings,
	};
	if (content->inner)
		hit->inner = arena_strdup(&hits->arena, content->inner);
	return hit;
}

/** What is shown of the content: the line, and of a table the cell alone. */
static const char *make_excerpt(
	struct content_match *match, size_t start, size_t end)
{
	const struct content *content = match->content;
	struct database_cell shown = { 0, content->len };
	if (content->kind == CONTENT_VALUES)
		shown = database_cell_of(
			content->bytes, content->len, start, end);
	return redact_excerpt(&match->hits.arena, content->bytes + shown.start,
		shown.end - shown.start, start - shown.start,
		end - shown.start);
}

/** True for a piece of a file: it has no path that a rule could ask for. */
static bool is_piece(const struct content *content)
{
	return content->kind == CONTENT_RUN || content->kind == CONTENT_VALUES;
}

static int take_match(const struct match *found, void *ctx, struct err *err)
{
	(void)err;
	struct content_match *match = ctx;
	struct content *content = match->content;
	size_t start = found->secret_start;
	size_t end = found->secret_end;
	if (is_piece(content) && !found->rule->pattern)
		return 0; /* it is no file */
	struct hit *hit = add_hit(match, (uint32_t)found->rule_index);
	hit->evidence = found->evidence;
	keep_secret(match, hit, found);
	if (end <= start)
		return 0;
	*(content->inner ? &hit->inner_region : &hit->region) =
		content_region(content, start, end);
	if (found->evidence && found->evidence->setting)
		hit->excerpt = arena_printf(&match->hits.arena, "%s = %s",
			found->evidence->setting, found->evidence->value);
	hit->allowed = find_allow(match, found);
	hit->belief = belief_of(match, found);
	if (!found->rule->pattern)
		return 0; /* a keyword tells where, it is no secret */
	hit->excerpt = make_excerpt(match, start, end);
	secret_id(hit->secret_id, match->opts->fingerprint_key,
		content->bytes + start, end - start);
	if (content->inner)
		hit_secrets_add(&match->inner, hit->rule,
			content->bytes + start, end - start);
	return 0;
}

static struct match_out out_of(struct content_match *match)
{
	return (struct match_out){
		.sink = take_match,
		.ctx = match,
		.arena = &match->hits.arena,
	};
}

static void note_limit(struct content_match *match)
{
	if (!matcher_was_limited(match->matcher))
		return;
	match->limit_count++;
	bool timeout = matcher_ran_out_of_time(match->matcher);
	bool *told = timeout ? &match->told_timeout : &match->told_limit;
	if (!*told)
		content_match_skip(match, timeout ? SKIP_TIMEOUT : SKIP_LIMIT,
			NULL,
			timeout ? "not all rules had their time"
				: "a rule gave up on it: too much work");
	*told = true;
}

/** The candidates of one blob: first of them, and behind the last. */
static void find_candidates(struct content_match *match)
{
	const struct content_scan_opts *opts = match->opts;
	size_t low = 0;
	size_t high = opts->candidate_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (opts->candidates[middle].blob < match->blob)
			low = middle + 1;
		else
			high = middle;
	}
	match->candidate = low;
	match->path_rule_count = 0;
	for (; low < opts->candidate_count &&
		opts->candidates[low].blob == match->blob;
		low++) {
		ARRAY_GROW(match->path_rules, match->path_rule_count,
			match->path_rule_capacity);
		match->path_rules[match->path_rule_count++] =
			opts->candidates[low].rule;
	}
	match->candidate_end = low;
}

/** Asks the rules that want a path of the blob. */
static int match_candidates(struct content_match *match, struct err *err)
{
	const struct match_out out = out_of(match);
	for (size_t i = match->candidate; i < match->candidate_end; i++) {
		const struct candidate *candidate = &match->opts->candidates[i];
		int rc = matcher_candidate(match->matcher, candidate->rule,
			candidate->path, &out, err);
		if (rc < 0)
			return rc;
		note_limit(match);
	}
	return 0;
}

static const char *settings_path(const struct content_match *match)
{
	const struct content_scan_opts *opts = match->opts;
	uint32_t path = opts->settings_path ? opts->settings_path[match->blob]
					    : PATH_NONE;
	return path == PATH_NONE ? NULL : opts->paths->entries[path].text;
}

int content_match_blob(struct content_match *match,
	const struct content_blob *blob, struct err *err)
{
	const struct match_out out = out_of(match);
	content_init_blob(&match->root, blob->bytes, blob->len);
	match->blob = blob->number;
	match->oid = blob->oid;
	match->content = &match->root;
	match->limit_count = 0;
	match->first_hit = match->hits.count;
	match->has_members = match->has_parts = false;
	hit_secrets_reset(&match->inner);
	match->path_count = 0;
	match->told_limit = match->told_timeout = false;
	find_candidates(match);
	const struct matcher_blob for_matcher = {
		.bytes = blob->bytes,
		.len = blob->len,
		.settings_path = settings_path(match),
		.path_rules = match->path_rules,
		.path_rule_count = match->path_rule_count,
		.base = blob->base,
		.keep = blob->keep,
	};
	int rc = matcher_blob(match->matcher, &for_matcher, &out, err);
	match->wants_path = matcher_wants_path(match->matcher);
	match->path_keywords = matcher_path_keywords(match->matcher);
	if (rc < 0)
		return rc;
	note_limit(match);
	return 0;
}

/* What is inside. */

static void rule_list_clear(struct rule_list *list)
{
	free(list->items);
}

static void take_path_rule(size_t rule, void *ctx)
{
	struct rule_list *list = ctx;
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = rule;
}

static int match_member_path(struct content_match *match, size_t number,
	const char *path, struct err *err)
{
	const struct match_out out = out_of(match);
	if (!rule_has_content(match->opts->rules->rules[number])) {
		if (match->content->kind == CONTENT_MEMBER)
			add_hit(match, (uint32_t)number);
		return 0;
	}
	int rc = matcher_candidate(match->matcher, number, path, &out, err);
	note_limit(match);
	return rc < 0 ? rc : 0;
}

/** Asks the rules that want the path that a member has in its archive. */
static int match_member(struct content_match *match, struct err *err)
{
	const char *path = match->content->name;
	CLEANUP(rule_list_clear) struct rule_list list = { 0 };
	match->has_members = true;
	while (*path == '/' || (path[0] == '.' && path[1] == '/'))
		path++;
	matcher_path(match->matcher, path, strlen(path), take_path_rule, &list);
	note_limit(match);
	for (size_t i = 0; i < list.count; i++) {
		int rc = match_member_path(match, list.items[i], path, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int match_nested(struct content_match *match, struct err *err)
{
	const struct content *content = match->content;
	const struct match_out out = out_of(match);
	const char *path = NULL;
	if (!is_piece(content)) {
		path = content->inner ? content->name : settings_path(match);
		match->path_count++;
	}
	int rc = matcher_content(
		match->matcher, path, content->bytes, content->len, &out, err);
	match->path_keywords |= matcher_path_keywords(match->matcher);
	if (rc < 0)
		return rc;
	note_limit(match);
	if (is_piece(content))
		return 0;
	if (!path && matcher_wants_path(match->matcher))
		match->wants_path = true;
	return content->inner ? match_member(match, err)
			      : match_candidates(match, err);
}

/** How much was found so far, or was too much to look for, or is asked by its
 * path: a blob made from this one may have another, and other rules. */
static size_t result_count(const struct content_match *match)
{
	return match->hits.count + match->skips.skipped_count +
		match->limit_count + match->path_count;
}

/** Unpacks the runs of the blob's text; keeps those that gave something. */
static int match_runs(struct content_match *match, struct err *err)
{
	struct encoded_runs *telling = &match->telling;
	for (size_t i = 0; i < match->runs.count; i++) {
		size_t count = result_count(match);
		const struct encoded_run *run = &match->runs.items[i];
		int rc = unpack_run(&match->unpack, &match->root, run, err);
		if (rc < 0)
			return rc;
		if (result_count(match) == count)
			continue;
		ARRAY_GROW(telling->items, telling->count, telling->capacity);
		telling->items[telling->count++] = *run;
	}
	return 0;
}

static int take_content(struct content *content, void *ctx, struct err *err)
{
	struct content_match *match = ctx;
	match->content = content;
	match->has_parts = match->has_parts || content->inner;
	return match_nested(match, err);
}

static void take_skip(
	int reason, const char *inner, const char *detail, void *ctx)
{
	struct content_match *match = ctx;
	struct arena *arena = &match->skips.arena;
	content_match_skip(match, reason, arena_strdup(arena, inner),
		arena_strdup(arena, detail));
}

static int compare_runs(const void *a, const void *b)
{
	const struct encoded_run *left = a;
	const struct encoded_run *right = b;
	return (left->start > right->start) - (left->start < right->start);
}

int content_match_inside(struct content_match *match,
	const struct content_blob *blob, struct err *err)
{
	int rc = match_candidates(match, err);
	match->telling.count = 0;
	if (rc < 0 || !match->opts->decode_depth)
		return rc;
	match->unpack.sink =
		(struct unpack_sink){ take_content, take_skip, match };
	match->unpack.depth = match->opts->decode_depth;
	match->unpack.budget_ms = match->opts->timeout_ms;
	unpack_begin(&match->unpack, blob->len);
	if (!blob->is_name)
		rc = unpack_whole(&match->unpack, &match->root, err);
	if (rc == 0) {
		encoded_runs_find(
			&match->runs, blob->bytes, blob->len, blob->base);
		rc = match_runs(match, err);
	}
	if (match->telling.count)
		qsort(match->telling.items, match->telling.count,
			sizeof(*match->telling.items), compare_runs);
	if (match->has_parts)
		hits_drop_outer(&match->hits, match->first_hit, &match->inner,
			match->opts->rules, blob->bytes);
	return rc < 0 ? rc : 0;
}
