/*
 * What a survey read of trees and commits, kept in the cache: objects by their
 * ids, so that it holds for any repository that has them, packed in any way.
 *
 * A tree is kept as the survey has it, as a base and what is different, and
 * stands behind its base. One whose base is gone is read again.
 */
#ifndef SCANNER_SURVEY_CACHE_H
#define SCANNER_SURVEY_CACHE_H

#include "scanner/cache_file.h"
#include "scanner/survey_table.h"

#include <stdbool.h>
#include <stddef.h>

/** Writes all trees and commits; `out` has a limit. */
void survey_cache_encode(struct buf *out, const struct survey *survey);

/** Adds them to a survey that has none, of those objects that it lists. False,
 * and the survey holds some of them, when the bytes are not as they were
 * written. */
bool survey_cache_decode(struct survey *survey, const struct cache_body *body);

/** Takes what is known into a survey that has nothing but its list. */
void survey_cache_load(struct survey *survey, struct cache *cache);

/** Stores it if it is much more than the `known` trees and commits that came
 * from the cache. */
void survey_cache_store(
	const struct survey *survey, struct cache *cache, size_t known);

#endif
