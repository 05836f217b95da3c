/*
 * A scan of contents that passes over what was scanned before: of blobs that
 * are in the cache only rules are asked that were not asked then. The hits, and
 * all that is counted, are those of a scan of everything.
 */
#ifndef SCANNER_CACHED_CONTENT_H
#define SCANNER_CACHED_CONTENT_H

#include "rules/ruleset.h"
#include "scanner/cache_file.h"
#include "scanner/content_scan.h"
#include "scanner/head_start.h"

#include <stdbool.h>
#include <stddef.h>

/** What is needed besides; all is borrowed. */
struct content_cache {
	struct cache *cache; /* or NULL: scan everything, keep nothing */
	const struct ruleset *rules;
	struct rule_index
		*index;       /* of all of them; is made fast if that pays */
	size_t max_blob_size; /* larger ones are skipped, not known */
	struct head_start *head_start; /* has ended; or NULL */
};

/** True when there is something to be taken from the cache, which may be NULL,
 * by a scan with this key and these limits. */
bool cached_content_exists(struct cache *cache, const char *key,
	size_t max_blob_size, unsigned decode_depth);

/** As content_scan() with these options, whose `rules` and `jobs` are the most
 * that is used. */
int cached_content_scan(struct hits *out, const struct content_scan_opts *opts,
	const struct content_cache *with, struct scan_result *result,
	struct err *err) MUST_CHECK;

#endif
