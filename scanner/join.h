/*
 * Paths and content come together: from entries, path rules and hits to
 * findings, one for each rule, path and secret.
 */
#ifndef SCANNER_JOIN_H
#define SCANNER_JOIN_H

#include "rules/ruleset.h"
#include "scanner/content_scan.h"
#include "scanner/entries.h"
#include "scanner/exposure.h"
#include "scanner/path_rules.h"

#include <stddef.h>
#include <stdint.h>

/** What is joined; all borrowed. */
struct join_input {
	const struct ruleset *rules;
	const struct changes *changes;
	const struct entries *entries;
	const struct path_rules *path_rules;
	const struct hits *hits;
	const struct hits *names; /* of a name_search over the paths */
	int64_t now;
};

/** A rule that matched a blob at a path. */
struct join_row {
	uint32_t rule;
	uint32_t path;
	uint32_t blob;
	unsigned places;
	const struct hit *hit; /* NULL: by path alone */
	bool in_name;          /* the hit is in the path itself */
};

/** The findings to be, each with its rows; all zero is empty. */
struct joined {
	struct join_row *rows;
	size_t row_count, row_capacity;
	struct trace *traces; /* one a finding, in order of findings */
	size_t *first_row;    /* of finding i, its rows end at [i + 1] */
	uint32_t *blobs;      /* storage of the traces' blob lists */
	size_t count;
	uint32_t *file_rules; /* by path: a dropped rule that says where the
				 file belongs, as its number + 1; 0: none */
};

/** The path inside of an archive, or "". */
const char *join_row_inner(const struct join_row *row);

/** Adds a finding to the result for each group of rows, with rule, path,
 * store, places and blob list; drops what fallback rules and sibling
 * exceptions forbid. The result's findings must not move until
 * joined_finish(). */
void joined_make(struct joined *out, const struct join_input *input,
	struct scan_result *result);

/** Takes region, excerpt, evidence and grades from each finding's newest blob.
 * Call it once the exposures are known. */
void joined_finish(const struct joined *joined, const struct join_input *input,
	struct scan_result *result);

void joined_clear(struct joined *joined);

#endif
