/*
 * Lines of a jsonl report back into what they were written from: the inverse
 * of finding_json.h and shard_json.h. Nothing is checked here but what memory
 * depends on, and that no text is missing which every report takes for granted.
 * Whoever reads writes it again and compares: a line that comes out as other
 * bytes was not understood, and is to be refused.
 */
#ifndef REPORT_FINDING_READ_H
#define REPORT_FINDING_READ_H

#include "scanner/finding.h"

#include <jansson.h>

/** Where rules are looked up. */
struct rule_source {
	/** The rule of that id, or NULL. */
	const struct rule *(*find)(const char *id, const void *ctx);
	const void *ctx;
};

/** Adds the finding, or returns why it is none: a static text. Its own texts
 * live in the result's arena. */
const char *finding_read(struct scan_result *result, const json_t *object,
	const struct rule_source *rules) MUST_CHECK;

/** Adds what was skipped; false when the reason is not known. */
bool skipped_read(struct scan_result *result, const json_t *object) MUST_CHECK;

/** What a header and a summary say of the scan; false for the header of a shard
 * of no repository. */
bool header_read(struct scan_result *result, const json_t *object) MUST_CHECK;
void summary_read(struct scan_result *result, const json_t *object);

#endif
