/*
 * The whole result of a scan, taken from the cache before it begins and stored
 * behind it. The state of the repository is looked at before and after: what
 * changed meanwhile is not stored.
 */
#ifndef SCANNER_CACHED_RESULT_H
#define SCANNER_CACHED_RESULT_H

#include "scanner/content_scan.h"
#include "scanner/result_cache.h"
#include "scanner/scan.h"

#include <stdbool.h>
#include <stdint.h>

/** Of one scan; all is borrowed. */
struct cached_result {
	struct repo *repo;
	const struct ruleset *rules;
	const struct scan_opts *opts;
	bool has_id;                    /* such a scan is cached */
	uint8_t id[SHA256_DIGEST_SIZE]; /* of the state as it was */
	struct result_span span;
};

/** Begins. True when `result`, whose head is filled, is whole now. */
bool cached_result_get(struct cached_result *cached, struct scan_result *result,
	struct repo *repo, const struct ruleset *rules,
	const struct scan_opts *opts);

/** Tells what was found, from which follows how long a result holds. */
void cached_result_note(struct cached_result *cached, const struct hits *hits);

/** Stores the result. */
void cached_result_put(
	const struct cached_result *cached, const struct scan_result *result);

#endif
