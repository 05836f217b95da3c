#include "scanner/scan_contents.h"

#include "base/alloc.h"
#include "rules/settings/setting.h"
#include "scanner/cached_content.h"

#include <stdlib.h>
#include <string.h>

/** What is to be read, each content once. */
struct wanted {
	bool *seen;                          /* by blob */
	bool *is_file;                       /* likewise: of a tree or index */
	struct oid *blobs;                   /* from the object store */
	uint32_t *numbers;                   /* of these */
	const struct outside_item **outside; /* from anywhere else */
	size_t blob_count, outside_count;
};

static void wanted_clear(struct wanted *wanted)
{
	free(wanted->seen);
	free(wanted->is_file);
	free(wanted->blobs);
	free(wanted->numbers);
	free(wanted->outside);
}

/** True for what stands in a tree or an index: a message has the place of its
 * commit beside its own. */
static bool is_file(unsigned places)
{
	bool in_tree = places & PLACES_OF_HISTORY && !(places & PLACE_MESSAGE);
	return places & (PLACES_OF_INDEX | PLACE_HISTORY) || in_tree;
}

/** What stands in the object store is read from there. `flags` (by blob)
 * says what to read; NULL: all. */
static void collect_wanted(struct wanted *wanted,
	const struct scan_contents *contents, const bool *flags)
{
	const struct oid_map *blobs = &contents->changes->blobs;
	const struct outside *outside = contents->outside;
	const unsigned aside = PLACE_WORKTREE | PLACE_GIT_DIR | PLACE_REF_NAME;
	const unsigned stored =
		contents->opts->message ? ~(aside | PLACE_MESSAGE) : ~aside;
	wanted->seen = xcalloc(blobs->count, sizeof(*wanted->seen));
	wanted->is_file = xcalloc(blobs->count, sizeof(*wanted->is_file));
	wanted->blobs = xcalloc(blobs->count, sizeof(*wanted->blobs));
	wanted->numbers = xcalloc(blobs->count, sizeof(*wanted->numbers));
	wanted->outside = xcalloc(outside->count, sizeof(*wanted->outside));
	for (uint32_t i = 0; flags && i < blobs->count; i++)
		wanted->seen[i] = !flags[i];
	for (size_t i = 0; i < contents->entries->count; i++) {
		const struct entry *entry = &contents->entries->items[i];
		wanted->is_file[entry->blob] |= is_file(entry->places);
		if (!(entry->places & stored) || wanted->seen[entry->blob])
			continue;
		wanted->seen[entry->blob] = true;
		wanted->numbers[wanted->blob_count] = entry->blob;
		wanted->blobs[wanted->blob_count++] = blobs->oids[entry->blob];
	}
	for (size_t i = 0; i < outside->count; i++) {
		uint32_t blob = oid_map_find(blobs, &outside->items[i].oid);
		if (wanted->seen[blob])
			continue;
		wanted->seen[blob] = true;
		wanted->outside[wanted->outside_count++] = &outside->items[i];
	}
}

/** For each blob the smallest of its paths that settings stand in, by number;
 * PATH_NONE for none. Caller frees. */
static uint32_t *settings_paths(const struct scan_contents *contents)
{
	const struct path_table *paths = &contents->changes->paths;
	size_t blobs = contents->changes->blobs.count;
	uint32_t *chosen = xcalloc(blobs, sizeof(*chosen));
	for (size_t i = 0; i < blobs; i++)
		chosen[i] = PATH_NONE;
	uint32_t asked = PATH_NONE; /* entries are sorted by path */
	bool wanted = false;
	for (size_t i = 0; i < contents->entries->count; i++) {
		const struct entry *entry = &contents->entries->items[i];
		const char *text = paths->entries[entry->path].text;
		if (entry->path != asked)
			wanted = settings_format(text) != SETTINGS_NONE;
		asked = entry->path;
		uint32_t *best = &chosen[entry->blob];
		if (wanted &&
			(*best == PATH_NONE ||
				strcmp(text, paths->entries[*best].text) < 0))
			*best = entry->path;
	}
	return chosen;
}

int scan_contents_read(struct hits *hits, const struct scan_contents *contents,
	const bool *blobs, struct scan_result *told, struct err *err)
{
	CLEANUP(wanted_clear) struct wanted wanted = { 0 };
	collect_wanted(&wanted, contents, blobs);
	if (!wanted.blob_count && !wanted.outside_count)
		return 0;
	CLEANUP(freep) uint32_t *settings_path = settings_paths(contents);
	const struct content_scan_opts opts = {
		.objects = contents->objects,
		.rules = contents->rules,
		.blobs = &contents->changes->blobs,
		.wanted = wanted.blobs,
		.numbers = wanted.numbers,
		.wanted_count = wanted.blob_count,
		.outside = contents->outside,
		.outside_wanted = wanted.outside,
		.outside_count = wanted.outside_count,
		.max_size = contents->opts->max_blob_size,
		.candidates = contents->candidates,
		.candidate_count = contents->candidate_count,
		.settings_path = settings_path,
		.is_file = wanted.is_file,
		.paths = &contents->changes->paths,
		.fingerprint_key = contents->opts->fingerprint_key,
		.decode_depth = contents->opts->decode_depth,
		.timeout_ms = contents->opts->timeout_ms,
		.costs = contents->costs,
		.jobs = contents->opts->jobs,
		.progress = contents->progress,
	};
	CLEANUP(hits_clear) struct hits found = { 0 };
	const struct content_cache cache = {
		.cache = contents->ruleset ? contents->opts->cache : NULL,
		.rules = contents->ruleset,
		.index = contents->rules,
		.max_blob_size = contents->opts->max_blob_size,
		.head_start = contents->head_start,
	};
	int rc = cached_content_scan(&found, &opts, &cache, told, err);
	hits_absorb(hits, &found);
	return rc;
}
