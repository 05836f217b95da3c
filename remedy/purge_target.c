#include "remedy/purge_target.h"

#include "base/array.h"
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void purge_target_clear(struct purge_target *target)
{
	free(target->paths);
	free(target->hidden);
	free(target->blobs);
	free(target->secrets);
	free(target->lfs);
	scan_result_clear(&target->skips);
	arena_clear(&target->arena);
	*target = (struct purge_target){ 0 };
}

void purge_target_add_path(struct purge_target *target, const char *path)
{
	ARRAY_GROW(target->paths, target->path_count, target->path_capacity);
	target->paths[target->path_count++] =
		arena_strdup(&target->arena, path);
}

void purge_target_add_hidden(struct purge_target *target, const char *id,
	const char *shown, const char *path)
{
	ARRAY_GROW(
		target->hidden, target->hidden_count, target->hidden_capacity);
	struct purge_hidden_path *hidden =
		&target->hidden[target->hidden_count++];
	*hidden = (struct purge_hidden_path){
		.shown = arena_strdup(&target->arena, shown),
		.path = path ? arena_strdup(&target->arena, path) : NULL,
	};
	snprintf(hidden->id, sizeof(hidden->id), "%s", id);
}

void purge_target_set_key(struct purge_target *target, const char *key)
{
	target->key = key ? arena_strdup(&target->arena, key) : NULL;
}

void purge_target_add_blob(struct purge_target *target, const struct oid *oid)
{
	ARRAY_GROW(target->blobs, target->blob_count, target->blob_capacity);
	target->blobs[target->blob_count++] = *oid;
}

void purge_target_add_secret(
	struct purge_target *target, const char *id, const char *rule)
{
	ARRAY_GROW(
		target->secrets, target->secret_count, target->secret_capacity);
	struct purge_secret *secret = &target->secrets[target->secret_count++];
	snprintf(secret->id, sizeof(secret->id), "%s", id);
	secret->rule = arena_strdup(&target->arena, rule);
}

void purge_target_add_lfs(struct purge_target *target, const char *id)
{
	ARRAY_GROW(target->lfs, target->lfs_count, target->lfs_capacity);
	target->lfs[target->lfs_count++] = arena_strdup(&target->arena, id);
}

/* Order, and what follows from it. */

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_oids(const void *a, const void *b)
{
	return oid_compare(a, b);
}

static int compare_secrets(const void *a, const void *b)
{
	const struct purge_secret *left = a;
	const struct purge_secret *right = b;
	int order = strcmp(left->id, right->id);
	return order ? order : strcmp(left->rule, right->rule);
}

static int compare_hidden(const void *a, const void *b)
{
	const struct purge_hidden_path *left = a;
	const struct purge_hidden_path *right = b;
	return strcmp(left->id, right->id);
}

/** Sorts and drops equal ones; returns how many are left. */
static size_t sort_unique(void *items, size_t count, size_t size,
	int (*compare)(const void *, const void *))
{
	char *bytes = items;
	if (!count)
		return 0;
	qsort(items, count, size, compare);
	size_t kept = 1;
	for (size_t i = 1; i < count; i++)
		if (compare(bytes + i * size, bytes + (kept - 1) * size) != 0)
			memmove(bytes + kept++ * size, bytes + i * size, size);
	return kept;
}

void purge_target_sort(struct purge_target *target)
{
	target->path_count = sort_unique(target->paths, target->path_count,
		sizeof(*target->paths), compare_texts);
	target->hidden_count = sort_unique(target->hidden, target->hidden_count,
		sizeof(*target->hidden), compare_hidden);
	target->blob_count = sort_unique(target->blobs, target->blob_count,
		sizeof(*target->blobs), compare_oids);
	target->secret_count =
		sort_unique(target->secrets, target->secret_count,
			sizeof(*target->secrets), compare_secrets);
	target->lfs_count = sort_unique(target->lfs, target->lfs_count,
		sizeof(*target->lfs), compare_texts);
}

void purge_skips_join(struct scan_result *skips)
{
	scan_result_sort(skips);
	size_t kept = 0;
	for (size_t i = 0; i < skips->skipped_count; i++) {
		const struct skipped *skipped = &skips->skipped[i];
		const struct skipped *last =
			kept ? &skips->skipped[kept - 1] : NULL;
		if (last && *skipped->object &&
			last->reason == skipped->reason &&
			!strcmp(last->object, skipped->object))
			continue;
		skips->skipped[kept++] = *skipped;
	}
	skips->skipped_count = kept;
}

void purge_target_add_skips(struct purge_target *target,
	const struct scan_result *result, bool with_missing)
{
	struct scan_result *skips = &target->skips;
	for (size_t i = 0; i < result->skipped_count; i++) {
		const struct skipped *from = &result->skipped[i];
		if (!skip_is_incomplete(from->reason) ||
			(from->reason == SKIP_MISSING && !with_missing))
			continue;
		struct skipped *skipped =
			scan_result_add_skipped(skips, from->reason);
		memcpy(skipped->object, from->object, sizeof(from->object));
		if (from->path)
			skipped->path = arena_strdup(&skips->arena, from->path);
		if (from->detail)
			skipped->detail =
				arena_strdup(&skips->arena, from->detail);
	}
	purge_skips_join(skips);
}

bool purge_target_is_empty(const struct purge_target *target)
{
	return !purge_target_count_paths(target) && !target->blob_count &&
		!target->secret_count && !target->lfs_count;
}

size_t purge_target_count_paths(const struct purge_target *target)
{
	return target->path_count + target->hidden_count;
}

static void path_id(char out[FINGERPRINT_HEX + 1],
	const struct purge_target *target, const char *path)
{
	secret_id(out, target->key, (const unsigned char *)path, strlen(path));
}

static const struct purge_hidden_path *find_hidden(
	const struct purge_target *target, const char *path)
{
	struct purge_hidden_path wanted = { 0 };
	if (!target->hidden_count)
		return NULL;
	path_id(wanted.id, target, path);
	return bsearch(&wanted, target->hidden, target->hidden_count,
		sizeof(*target->hidden), compare_hidden);
}

bool purge_target_has_path(const struct purge_target *target, const char *path)
{
	if (target->path_count &&
		bsearch(&path, target->paths, target->path_count,
			sizeof(*target->paths), compare_texts))
		return true;
	return find_hidden(target, path);
}

const char *purge_target_mask(
	const struct purge_target *target, const char *path)
{
	const struct purge_hidden_path *hidden = find_hidden(target, path);
	return hidden ? hidden->shown : NULL;
}

bool purge_target_has_blob(
	const struct purge_target *target, const struct oid *oid)
{
	return target->blob_count &&
		bsearch(oid, target->blobs, target->blob_count,
			sizeof(*target->blobs), compare_oids);
}

static int compare_id(const void *id, const void *secret)
{
	return strcmp(id, ((const struct purge_secret *)secret)->id);
}

const struct purge_secret *purge_target_find_secret(
	const struct purge_target *target, const char *id)
{
	if (!target->secret_count)
		return NULL;
	return bsearch(id, target->secrets, target->secret_count,
		sizeof(*target->secrets), compare_id);
}

void purge_target_digest(char out[65], const struct purge_target *target)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	/* each with its kind and a NUL, so that none can pose as another */
	for (size_t i = 0; i < target->path_count; i++) {
		buf_printf(&text, "path %s", target->paths[i]);
		buf_add_byte(&text, 0);
	}
	for (size_t i = 0; i < target->hidden_count; i++) {
		buf_printf(&text, "path-id %s", target->hidden[i].id);
		buf_add_byte(&text, 0);
	}
	for (size_t i = 0; i < target->blob_count; i++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &target->blobs[i]);
		buf_printf(&text, "blob %s", hex);
		buf_add_byte(&text, 0);
	}
	for (size_t i = 0; i < target->secret_count; i++) {
		buf_printf(&text, "secret %s %s", target->secrets[i].id,
			target->secrets[i].rule);
		buf_add_byte(&text, 0);
	}
	for (size_t i = 0; i < target->lfs_count; i++) {
		buf_printf(&text, "lfs %s", target->lfs[i]);
		buf_add_byte(&text, 0);
	}
	text_digest(out, text.bytes ? text.bytes : "", text.len);
}

void purge_key_check(char out[FINGERPRINT_HEX + 1], const char *key)
{
	static const char word[] = "git-hygiene purge plan";
	secret_id(out, key, (const unsigned char *)word, sizeof(word));
}

/* From a scan. */

/** What is known of a scanned path or blob while the target is made. */
struct gathering {
	struct purge_target *target;
	const struct changes *changes;
	const char **shown; /* by path: with its secret masked; NULL: it has
				none */
	bool *flagged;      /* by path: some rule flags it as a whole file */
	bool *removed;      /* by path: it is a target */
	bool *proven;       /* by blob: a decoder recognised it */
	bool *at_path;      /* by blob: it stands at a path that is a target */
	bool *at_other;     /* by blob: and at one that is not */
};

static bool is_whole_file(const struct finding *finding)
{
	return finding_remedy(finding)->untrack && *finding->path;
}

/** A secret in a name is gone with the file alone. */
static bool is_secret_name(const struct finding *finding)
{
	return finding->places & PLACE_PATH_NAME && finding_is_in_tree(finding);
}

static void add_target_path(
	struct gathering *gathering, const char *path, const char *shown)
{
	char id[FINGERPRINT_HEX + 1];
	if (!shown) {
		purge_target_add_path(gathering->target, path);
		return;
	}
	path_id(id, gathering->target, path);
	purge_target_add_hidden(gathering->target, id, shown, path);
}

/** Marks the blobs of a whole-file finding as proven, and its path as target
 * when the rule goes by the path. */
static void gather_file(
	struct gathering *gathering, const struct finding *finding)
{
	const struct changes *changes = gathering->changes;
	const char *file = finding_file(finding);
	const char *shown = finding->raw_path ? finding->path : NULL;
	uint32_t path = path_table_find(&changes->paths, file, strlen(file));
	if (path == PATH_NONE || rule_has_path(finding_remedy(finding)) ||
		is_secret_name(finding)) {
		add_target_path(gathering, file, shown);
		if (path != PATH_NONE)
			gathering->removed[path] = true;
	} else {
		gathering->shown[path] = shown;
		gathering->flagged[path] = true;
	}
	for (size_t i = 0; finding->rule->decoder && i < finding->versions;
		i++) {
		const struct oid *oid = &finding->blobs[i];
		uint32_t blob = oid_map_find(&changes->blobs, oid);
		if (blob != OID_MAP_NONE)
			gathering->proven[blob] = true;
		purge_target_add_blob(gathering->target, oid);
	}
}

static void gather_findings(struct gathering *gathering,
	const struct scan_result *result,
	const struct purge_threshold *threshold)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (!finding_counts(finding))
			continue;
		bool is_file = is_whole_file(finding) &&
			finding->severity >= threshold->files;
		bool is_name = is_secret_name(finding) &&
			finding->severity >= threshold->secrets;
		if (is_file || is_name)
			gather_file(gathering, finding);
		if (finding->secret_id[0] && !finding->rule->config &&
			finding->severity >= threshold->secrets)
			purge_target_add_secret(gathering->target,
				finding->secret_id, finding->rule->id);
	}
}

/** A path that was flagged by content alone is a target when all its contents
 * were; else only the blobs are. */
static void settle_flagged_paths(struct gathering *gathering)
{
	const struct changes *changes = gathering->changes;
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];
		if (change->blob != BLOB_NONE &&
			!gathering->proven[change->blob])
			gathering->flagged[change->path] = false;
	}
	for (uint32_t p = 0; p < changes->paths.count; p++) {
		if (!gathering->flagged[p] || gathering->removed[p])
			continue;
		gathering->removed[p] = true;
		add_target_path(gathering, changes->paths.entries[p].text,
			gathering->shown[p]);
	}
}

/** An empty file gives nothing away, and any repository may have one. */
static bool is_empty_blob(const struct oid *oid)
{
	static const char hex[] = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
	struct oid empty;
	return oid_from_hex(&empty, hex) && oid_equal(oid, &empty);
}

/** Adds the blobs that stand at target paths alone. */
static void settle_blobs(struct gathering *gathering)
{
	const struct changes *changes = gathering->changes;
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];
		if (change->blob == BLOB_NONE)
			continue;
		if (gathering->removed[change->path])
			gathering->at_path[change->blob] = true;
		else
			gathering->at_other[change->blob] = true;
	}
	for (uint32_t b = 0; b < changes->blobs.count; b++) {
		if (!gathering->at_path[b] || gathering->proven[b] ||
			is_empty_blob(&changes->blobs.oids[b]))
			continue;
		if (gathering->at_other[b])
			gathering->target->shared++;
		else
			purge_target_add_blob(
				gathering->target, &changes->blobs.oids[b]);
	}
}

void purge_target_from_scan(struct purge_target *out,
	const struct scan_result *result, const struct changes *changes,
	const struct purge_threshold *threshold, const char *fingerprint_key)
{
	*out = (struct purge_target){ 0 };
	memcpy(out->rules_digest, result->rules_digest,
		sizeof(out->rules_digest));
	purge_target_set_key(out, fingerprint_key);
	purge_key_check(out->key_check, fingerprint_key);
	CLEANUP(freep)
	const char **shown = xcalloc(changes->paths.count, sizeof(*shown));
	CLEANUP(freep)
	bool *by_path = xcalloc(changes->paths.count, 2 * sizeof(bool));
	CLEANUP(freep)
	bool *by_blob = xcalloc(changes->blobs.count, 3 * sizeof(bool));
	struct gathering gathering = {
		.target = out,
		.changes = changes,
		.shown = shown,
		.flagged = by_path,
		.removed = by_path + changes->paths.count,
		.proven = by_blob,
		.at_path = by_blob + changes->blobs.count,
		.at_other = by_blob + (size_t)2 * changes->blobs.count,
	};
	gather_findings(&gathering, result, threshold);
	settle_flagged_paths(&gathering);
	settle_blobs(&gathering);
	purge_target_sort(out);
}
