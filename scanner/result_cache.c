#include "scanner/result_cache.h"

#include "rules/decoder.h"
#include "scanner/cache_codec.h"
#include "scanner/holder_kind.h"

#include <string.h>

void result_span_make(
	struct result_span *out, const struct hits *hits, int64_t now)
{
	*out = (struct result_span){ INT64_MIN, INT64_MAX };
	for (size_t i = 0; i < hits->count; i++) {
		const struct evidence *evidence = hits->items[i].evidence;
		if (!evidence || evidence->expiry != EXPIRY_AT)
			continue;
		/* it is live before that second, and expired from it on */
		int64_t at = evidence->expires_at;
		if (at <= now && at > out->first)
			out->first = at;
		if (at > now && at - 1 < out->last)
			out->last = at - 1;
	}
}

/** Commits that several findings name stand in the file once each time: what
 * is read again looks the same, which is all that counts. */
CACHE_SIZE_IS(struct commit_info, 72);

static void put_commit(struct buf *out, const struct commit_info *commit)
{
	cache_put_number(out, commit != NULL);
	if (!commit)
		return;
	cache_put_text(out, commit->oid);
	cache_put_text(out, commit->author);
	cache_put_signed(out, commit->time);
	cache_put_signed(out, commit->offset_minutes);
	cache_put_number(out, commit->is_root);
}

static const struct commit_info *get_commit(struct cache_reader *reader)
{
	if (!cache_get_below(reader, 1))
		return NULL;
	struct commit_info *out = arena_alloc(reader->arena, sizeof(*out));
	cache_get_fixed_text(reader, out->oid, sizeof(out->oid));
	out->author = cache_get_text(reader);
	out->time = cache_get_signed(reader);
	out->offset_minutes = (int)cache_get_signed(reader);
	out->is_root = cache_get_below(reader, 1);
	return out;
}

CACHE_SIZE_IS(struct exposure, 88);

static void put_exposure(struct buf *out, const struct exposure *exposure)
{
	put_commit(out, exposure->first);
	put_commit(out, exposure->last);
	put_commit(out, exposure->removed);
	cache_put_texts(out, exposure->refs, exposure->refs_listed);
	cache_put_number(out, exposure->refs_count);
	cache_put_texts(out, exposure->logs, exposure->logs_listed);
	cache_put_number(out, exposure->logs_count);
	cache_put_number(out, exposure->held_by);
	cache_put_number(out, exposure->tip_of);
	cache_put_number(out, exposure->is_cut);
}

static void get_exposure(struct cache_reader *reader, struct exposure *out)
{
	out->first = get_commit(reader);
	out->last = get_commit(reader);
	out->removed = get_commit(reader);
	out->refs = cache_get_texts(reader, &out->refs_listed);
	out->refs_count = cache_get_number(reader);
	out->logs = cache_get_texts(reader, &out->logs_listed);
	out->logs_count = cache_get_number(reader);
	out->held_by = (unsigned)cache_get_below(
		reader, (1U << HOLDER_KIND_COUNT) - 1);
	out->tip_of = (unsigned)cache_get_below(
		reader, (1U << HOLDER_KIND_COUNT) - 1);
	out->is_cut = cache_get_below(reader, 1);
}

CACHE_SIZE_IS(struct text_place, 56);

static void put_text_place(struct buf *out, const struct text_place *place)
{
	cache_put_number(out, place != NULL);
	if (!place)
		return;
	cache_put_number(out, place->start_column);
	cache_put_number(out, place->end_column);
	cache_put_text(out, place->line_hash);
}

static struct text_place *get_text_place(struct cache_reader *reader)
{
	if (!cache_get_below(reader, 1))
		return NULL;
	struct text_place *out = arena_alloc(reader->arena, sizeof(*out));
	out->start_column = cache_get_number(reader);
	out->end_column = cache_get_number(reader);
	const char *hash = cache_get_text(reader);
	size_t len = hash ? strlen(hash) : 0;
	if (len >= sizeof(out->line_hash))
		reader->failed = true;
	else if (len)
		memcpy(out->line_hash, hash, len);
	return out;
}

/* Bytes of a link: four texts, two of them not empty, a line, a commit. */
#define LINK_LEAST 6

CACHE_SIZE_IS(struct finding_link, 56);

static void put_links(struct buf *out, const struct finding *finding)
{
	cache_put_number(out, finding->link_count);
	for (size_t i = 0; i < finding->link_count; i++) {
		const struct finding_link *link = &finding->links[i];
		cache_put_text(out, link->relation);
		cache_put_text(out, link->scheme);
		cache_put_text(out, link->rule);
		cache_put_text(out, link->path);
		cache_put_text(out, link->fingerprint);
		cache_put_number(out, link->line);
		put_commit(out, link->since);
	}
}

/** A text that is always there. */
static const char *get_some_text(struct cache_reader *reader)
{
	const char *text = cache_get_text(reader);
	if (!text)
		reader->failed = true;
	return text ? text : "";
}

static void get_links(struct cache_reader *reader, struct finding *out)
{
	size_t count = cache_get_count(reader, LINK_LEAST);
	struct finding_link *links =
		arena_array(reader->arena, count, sizeof(*links));
	for (size_t i = 0; i < count; i++) {
		links[i].relation = get_some_text(reader);
		links[i].scheme = get_some_text(reader);
		links[i].rule = cache_get_text(reader);
		links[i].path = cache_get_text(reader);
		links[i].fingerprint = cache_get_text(reader);
		links[i].line = cache_get_number(reader);
		links[i].since = get_commit(reader);
	}
	out->links = count ? links : NULL;
	out->link_count = count;
}

static void put_blobs(struct buf *out, const struct finding *finding)
{
	size_t count = finding->blobs ? finding->versions : 0;
	cache_put_number(out, finding->versions);
	cache_put_number(out, count);
	buf_add(out, finding->blobs, count * sizeof(struct oid));
}

static void get_blobs(struct cache_reader *reader, struct finding *out)
{
	out->versions = cache_get_number(reader);
	size_t count = cache_get_count(reader, sizeof(struct oid));
	if (count && count != out->versions)
		reader->failed = true;
	const unsigned char *bytes =
		cache_get_bytes(reader, count * sizeof(struct oid));
	if (reader->failed || !count)
		return;
	struct oid *blobs = arena_array(reader->arena, count, sizeof(*blobs));
	memcpy(blobs, bytes, count * sizeof(*blobs));
	out->blobs = blobs;
}

CACHE_SIZE_IS(struct finding, 488);

static void put_finding(struct buf *out, const struct finding *finding)
{
	cache_put_text(out, finding->rule->id);
	cache_put_text(out, finding->file_rule ? finding->file_rule->id : NULL);
	cache_put_number(out, finding->severity);
	cache_put_number(out, finding->confidence);
	cache_put_text(out, finding->path);
	cache_put_text(out, finding->nested);
	cache_put_text(out, finding->inner);
	cache_put_text(out, finding->store);
	cache_put_number(out, finding->places);
	cache_put_number(out, finding->tracked);
	cache_put_number(out, finding->at_tip);
	cache_put_text(out, finding->blob);
	put_blobs(out, finding);
	cache_put_region(out, &finding->region);
	cache_put_region(out, &finding->inner_region);
	cache_put_number(out, finding->encodings);
	put_text_place(out, finding->text_place);
	put_exposure(out, &finding->exposure);
	cache_put_text(out, finding->excerpt);
	cache_put_text(out, finding->secret_id);
	cache_put_text(out, finding->fingerprint);
	cache_put_evidence(out, finding->evidence);
	cache_put_belief(out, finding->belief);
	cache_put_text(out, finding->state);
	put_links(out, finding);
	cache_put_suppression(out, &finding->suppressed);
}

static void get_finding(struct cache_reader *reader,
	const struct ruleset *rules, struct finding *out)
{
	out->rule = ruleset_find(rules, get_some_text(reader));
	const char *file_rule = cache_get_text(reader);
	if (file_rule)
		out->file_rule = ruleset_find(rules, file_rule);
	if (!out->rule || (file_rule && !out->file_rule))
		reader->failed = true;
	out->severity = (int)cache_get_below(reader, SEVERITY_CRITICAL);
	out->confidence = (int)cache_get_below(reader, CONFIDENCE_CERTAIN);
	out->path = get_some_text(reader);
	out->nested = cache_get_text(reader);
	out->inner = cache_get_text(reader);
	out->store = cache_get_text(reader);
	out->places =
		(unsigned)cache_get_below(reader, (1U << PLACE_COUNT) - 1);
	out->tracked = cache_get_below(reader, 1);
	out->at_tip = cache_get_below(reader, 1);
	cache_get_fixed_text(reader, out->blob, sizeof(out->blob));
	get_blobs(reader, out);
	cache_get_region(reader, &out->region);
	cache_get_region(reader, &out->inner_region);
	out->encodings = cache_get_encodings(reader);
	out->text_place = get_text_place(reader);
	get_exposure(reader, &out->exposure);
	out->excerpt = cache_get_text(reader);
	cache_get_fixed_text(reader, out->secret_id, sizeof(out->secret_id));
	cache_get_fixed_text(
		reader, out->fingerprint, sizeof(out->fingerprint));
	out->evidence = cache_get_evidence(reader);
	out->belief = cache_get_belief(reader);
	out->state = get_some_text(reader);
	get_links(reader, out);
	cache_get_suppression(reader, &out->suppressed);
}

CACHE_SIZE_IS(struct skipped, 88);

static void put_skipped(struct buf *out, const struct skipped *skipped)
{
	cache_put_number(out, skipped->reason);
	cache_put_text(out, skipped->object);
	cache_put_text(out, skipped->path);
	cache_put_text(out, skipped->inner);
	cache_put_text(out, skipped->detail);
	cache_put_text(out, skipped->lfs_oid);
	cache_put_number(out, skipped->lfs_size);
}

static void get_skipped(struct cache_reader *reader, struct skipped *out)
{
	out->reason = (int)cache_get_below(reader, SKIP_REASON_COUNT - 1);
	cache_get_fixed_text(reader, out->object, sizeof(out->object));
	out->path = cache_get_text(reader);
	out->inner = cache_get_text(reader);
	out->detail = cache_get_text(reader);
	out->lfs_oid = cache_get_text(reader);
	out->lfs_size = cache_get_number(reader);
}

/* Nothing of a shard: such a scan is not kept. */
CACHE_SIZE_IS(struct scan_result, 440);

void result_cache_encode(struct buf *out, const struct scan_result *result,
	const struct result_span *span)
{
	cache_put_signed(out, span->first);
	cache_put_signed(out, span->last);
	cache_put_text(out, result->rules_digest);
	cache_put_text(out, result->tips_digest);
	cache_put_number(out, result->sources);
	cache_put_number(out, result->paths);
	cache_put_number(out, result->excluded);
	cache_put_number(out, result->blobs);
	cache_put_number(out, result->bytes);
	cache_put_number(out, result->commits);
	cache_put_number(out, result->complete);
	cache_put_number(out, result->skipped_count);
	for (size_t i = 0; i < result->skipped_count; i++)
		put_skipped(out, &result->skipped[i]);
	cache_put_number(out, result->finding_count);
	for (size_t i = 0; i < result->finding_count; i++)
		put_finding(out, &result->findings[i]);
}

/** False when it is too late, or too early, for this result. */
static bool span_has(struct cache_reader *reader, int64_t now)
{
	int64_t first = cache_get_signed(reader);
	int64_t last = cache_get_signed(reader);
	return !reader->failed && first <= now && now <= last;
}

static void get_totals(struct cache_reader *reader, struct scan_result *out)
{
	char digest[sizeof(out->rules_digest)];
	cache_get_fixed_text(reader, digest, sizeof(digest));
	if (strcmp(digest, out->rules_digest) != 0)
		reader->failed = true;
	cache_get_fixed_text(
		reader, out->tips_digest, sizeof(out->tips_digest));
	out->sources =
		(unsigned)cache_get_below(reader, (1U << PLACE_COUNT) - 1);
	out->paths = cache_get_number(reader);
	out->excluded = cache_get_number(reader);
	out->blobs = cache_get_number(reader);
	out->bytes = cache_get_number(reader);
	out->commits = cache_get_number(reader);
	out->complete = cache_get_below(reader, 1);
}

/* Bytes of a finding, and of a skipped entry, at least. */
#define FINDING_LEAST 32
#define SKIPPED_LEAST 6

bool result_cache_decode(
	struct scan_result *result, const struct cache_body *body)
{
	struct scan_result read = {
		.rules = result->rules,
	};
	memcpy(read.rules_digest, result->rules_digest,
		sizeof(read.rules_digest));
	struct cache_reader reader = {
		.at = body->bytes,
		.end = body->bytes + body->len,
		.arena = &read.arena,
	};
	if (!span_has(&reader, result->now))
		return false;
	get_totals(&reader, &read);
	size_t count = cache_get_count(&reader, SKIPPED_LEAST);
	for (size_t i = 0; i < count && !reader.failed; i++)
		get_skipped(&reader, scan_result_add_skipped(&read, 0));
	count = cache_get_count(&reader, FINDING_LEAST);
	for (size_t i = 0; i < count && !reader.failed; i++)
		get_finding(
			&reader, result->rules, scan_result_add_finding(&read));
	if (reader.failed || reader.at != reader.end) {
		scan_result_clear(&read);
		return false;
	}
	read.repository = result->repository;
	read.bare = result->bare;
	read.now = result->now;
	arena_absorb(&read.arena, &result->arena);
	*result = read;
	return true;
}
