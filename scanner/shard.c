#include "scanner/shard.h"

#include "base/alloc.h"
#include "scanner/fingerprint.h"
#include "scanner/session_match.h"

#include <nettle/sha2.h>

#include <stdlib.h>
#include <string.h>

/** Who reads what, and the entries that it was made of. */
struct split {
	const struct shard_input *input;
	const struct shard *shard;
	struct entries *entries;
	struct hits *hits;
	bool *mine;         /* by path */
	bool *here;         /* by blob: it stands at one of those */
	uint32_t *first_of; /* by blob: the first shard that reads it, or 0 */
};

/* Ids are hashes: any of their bits are as good as others. */
static uint32_t shard_of(const struct oid *oid, uint32_t count)
{
	uint64_t number = 0;
	for (size_t i = 0; i < sizeof(number); i++)
		number = number << 8 | oid->bytes[i];
	return (uint32_t)(number % count) + 1;
}

/** The entries of one path: from `first` up to what is returned. */
static size_t path_end(const struct entries *entries, size_t first)
{
	size_t end = first + 1;
	while (end < entries->count &&
		entries->items[end].path == entries->items[first].path)
		end++;
	return end;
}

static uint32_t shard_of_path(
	const struct split *split, size_t first, size_t end)
{
	const struct oid *oids = split->input->blobs->oids;
	const struct entry *items = split->entries->items;
	const struct oid *least = &oids[items[first].blob];
	for (size_t i = first + 1; i < end; i++)
		if (oid_compare(&oids[items[i].blob], least) < 0)
			least = &oids[items[i].blob];
	return shard_of(least, split->shard->count);
}

static void split_make(struct split *split)
{
	const struct shard_input *input = split->input;
	const struct entries *entries = split->entries;
	split->mine = xcalloc(input->paths->count, sizeof(*split->mine));
	split->here = xcalloc(input->blobs->count, sizeof(*split->here));
	split->first_of =
		xcalloc(input->blobs->count, sizeof(*split->first_of));
	size_t end;
	for (size_t first = 0; first < entries->count; first = end) {
		end = path_end(entries, first);
		uint32_t number = shard_of_path(split, first, end);
		bool mine = number == split->shard->index;
		split->mine[entries->items[first].path] = mine;
		for (size_t i = first; i < end; i++) {
			uint32_t blob = entries->items[i].blob;
			uint32_t *least = &split->first_of[blob];
			if (!*least || number < *least)
				*least = number;
			split->here[blob] = split->here[blob] || mine;
		}
	}
}

static void split_clear(struct split *split)
{
	free(split->mine);
	free(split->here);
	free(split->first_of);
}

/** Reads with all rules; what is told of is another shard's to tell. */
static int read_untold(
	const struct split *split, const bool *blobs, struct err *err)
{
	const struct shard_reader *reader = &split->input->reader;
	CLEANUP(scan_result_clear) struct scan_result untold = { 0 };
	return reader->read(
		blobs, NULL, split->hits, &untold, reader->ctx, err);
}

static int read_mine(
	const struct split *split, struct scan_result *result, struct err *err)
{
	const struct shard_reader *reader = &split->input->reader;
	uint32_t count = split->input->blobs->count;
	CLEANUP(freep) bool *first = xcalloc(count, sizeof(*first));
	CLEANUP(freep) bool *again = xcalloc(count, sizeof(*again));
	for (uint32_t i = 0; i < count; i++) {
		bool is_first = split->first_of[i] == split->shard->index;
		first[i] = split->here[i] && is_first;
		again[i] = split->here[i] && !is_first;
	}
	int rc = reader->read(
		first, NULL, split->hits, result, reader->ctx, err);
	return rc < 0 ? rc : read_untold(split, again, err);
}

/** Sets `flags` (by blob) for those with a hit. */
static void mark_hits(bool *flags, const struct hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		flags[hits->items[i].blob] = true;
}

/** True when a rule finds the path, whatever stands there. */
static bool is_found_by_path(const struct shard_input *input, uint32_t path)
{
	const struct path_rules *path_rules = input->path_rules;
	for (size_t r = path_rules->start[path];
		r < path_rules->start[path + 1]; r++)
		if (!rule_has_content(
			    ruleset_get(input->rules, path_rules->rules[r])))
			return true;
	return false;
}

/** True when a proof may say something of what is mine: there is a secret with
 * a role, or something found at a path that a session could have. */
static bool asks_for_proof(const struct split *split)
{
	const struct shard_input *input = split->input;
	const struct hits *hits = split->hits;
	for (size_t i = 0; i < hits->count; i++)
		if (ruleset_get(input->rules, hits->items[i].rule)->role)
			return true;
	CLEANUP(freep)
	bool *hit = xcalloc(input->blobs->count, sizeof(*hit));
	mark_hits(hit, hits);
	for (size_t i = 0; i < split->entries->count; i++) {
		const struct entry *entry = &split->entries->items[i];
		if (split->mine[entry->path] &&
			session_file_is_named(
				input->paths->entries[entry->path].text) &&
			(hit[entry->blob] ||
				is_found_by_path(input, entry->path)))
			return true;
	}
	return false;
}

/** Finds the blobs that only others read and that hold a secret with a role: no
 * rules are tried but those that have one. Where one asks for a path, it is met
 * here inside of archives alone; other paths are known (is_needed()). */
static int find_roles(bool *found, const struct split *split, struct err *err)
{
	const struct ruleset *rules = split->input->rules;
	const struct shard_reader *reader = &split->input->reader;
	size_t rule_count = ruleset_count(rules);
	CLEANUP(freep)
	const struct rule **roles = xcalloc(rule_count, sizeof(*roles));
	size_t count = 0;
	for (size_t i = 0; i < rule_count; i++) {
		const struct rule *rule = ruleset_get(rules, i);
		if (rule->role)
			roles[count++] = rule;
	}
	if (!count)
		return 0;
	uint32_t blob_count = split->input->blobs->count;
	CLEANUP(freep) bool *others = xcalloc(blob_count, sizeof(*others));
	for (uint32_t i = 0; i < blob_count; i++)
		others[i] = split->first_of[i] && !split->here[i];
	CLEANUP(rule_index_freep) struct rule_index *index = NULL;
	CLEANUP(scan_result_clear) struct scan_result untold = { 0 };
	CLEANUP(hits_clear) struct hits hits = { 0 };
	int rc = rule_index_new(&index, roles, count, err);
	if (rc == 0)
		rc = reader->read(
			others, index, &hits, &untold, reader->ctx, err);
	mark_hits(found, &hits);
	return rc;
}

/** A proof needs all that is found at this path of another shard. */
static bool is_needed(
	const struct split *split, const bool *roles, size_t first, size_t end)
{
	const struct shard_input *input = split->input;
	const struct path_rules *path_rules = input->path_rules;
	uint32_t path = split->entries->items[first].path;
	if (session_file_is_named(input->paths->entries[path].text))
		return true;
	for (size_t r = path_rules->start[path];
		r < path_rules->start[path + 1]; r++)
		if (ruleset_get(input->rules, path_rules->rules[r])->role)
			return true;
	for (size_t i = first; i < end; i++)
		if (roles[split->entries->items[i].blob])
			return true;
	return false;
}

/** Sets `needed` (by path), and reads what stands there. */
static int read_needed(bool *needed, const struct split *split, struct err *err)
{
	const struct entries *entries = split->entries;
	uint32_t blob_count = split->input->blobs->count;
	CLEANUP(freep) bool *roles = xcalloc(blob_count, sizeof(*roles));
	CLEANUP(freep) bool *wanted = xcalloc(blob_count, sizeof(*wanted));
	int rc = find_roles(roles, split, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < split->hits->count; i++) {
		const struct hit *hit = &split->hits->items[i];
		if (ruleset_get(split->input->rules, hit->rule)->role)
			roles[hit->blob] = true; /* another shard's, too */
	}
	size_t end;
	for (size_t first = 0; first < entries->count; first = end) {
		end = path_end(entries, first);
		uint32_t path = entries->items[first].path;
		needed[path] = split->mine[path] ||
			is_needed(split, roles, first, end);
		for (size_t i = first; needed[path] && i < end; i++) {
			uint32_t blob = entries->items[i].blob;
			wanted[blob] = !split->here[blob];
		}
	}
	return read_untold(split, wanted, err);
}

static void keep_entries(struct entries *entries, const bool *paths)
{
	size_t kept = 0;
	for (size_t i = 0; i < entries->count; i++)
		if (paths[entries->items[i].path])
			entries->items[kept++] = entries->items[i];
	entries->count = kept;
}

int shard_read(bool **mine, struct hits *hits, struct entries *entries,
	const struct shard *shard, const struct shard_input *input,
	struct scan_result *result, struct err *err)
{
	CLEANUP(split_clear)
	struct split split = {
		.input = input,
		.shard = shard,
		.entries = entries,
		.hits = hits,
	};
	split_make(&split);
	int rc = read_mine(&split, result, err);
	if (rc < 0)
		return rc;
	if (asks_for_proof(&split)) {
		CLEANUP(freep)
		bool *needed = xcalloc(input->paths->count, sizeof(*needed));
		rc = read_needed(needed, &split, err);
		keep_entries(entries, needed);
	} else {
		keep_entries(entries, split.mine);
	}
	*mine = STEAL(split.mine);
	return rc;
}

void shard_drop_others(const struct joined *joined, const bool *mine,
	struct scan_result *result)
{
	size_t kept = 0;
	for (size_t i = 0; i < joined->count; i++)
		if (mine[joined->traces[i].path])
			result->findings[kept++] = result->findings[i];
	result->finding_count = kept;
}

static void entry_digest(uint64_t out[4], const struct entry *entry,
	const struct path_entry *path, const struct oid *blob)
{
	struct sha256_ctx ctx;
	uint8_t digest[SHA256_DIGEST_SIZE];
	const uint8_t places[] = { (uint8_t)(entry->places >> 8),
		(uint8_t)entry->places };
	sha256_init(&ctx);
	sha256_update(&ctx, (size_t)path->len + 1, (const uint8_t *)path->text);
	sha256_update(&ctx, OID_SIZE, blob->bytes);
	sha256_update(&ctx, sizeof(places), places);
	sha256_digest(&ctx, sizeof(digest), digest);
	memcpy(out, digest, sizeof(digest));
}

/* Numbers of paths and blobs depend on how objects are packed: digests of
 * entries are added up, so that their order has no say. */
void shard_digest(char out[65], const struct entries *entries,
	const struct path_table *paths, const struct oid_map *blobs)
{
	uint64_t sum[5] = { 0, 0, 0, 0, entries->count };
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->items[i];
		uint64_t parts[4];
		entry_digest(parts, entry, &paths->entries[entry->path],
			&blobs->oids[entry->blob]);
		for (size_t k = 0; k < ARRAY_SIZE(parts); k++)
			sum[k] += parts[k];
	}
	text_digest(out, sum, sizeof(sum));
}
