/*
 * A head start for the contents of a history. To work out what stands where is
 * work for one thread; meanwhile the others read and match blobs, by what rules
 * say of content alone. Once it is known they are asked by their paths as well,
 * by all threads. Whatever is not settled by that (a blob that cannot be read,
 * that a bound cut short, that a rule wanted to see with its path too early) is
 * left for the scan itself: it reads it again, and tells.
 */
#ifndef SCANNER_HEAD_START_H
#define SCANNER_HEAD_START_H

#include "base/err.h"
#include "rules/rule_index.h"
#include "scanner/content_scan.h"
#include "scanner/reach.h"
#include "scanner/scan.h"
#include "scanner/survey.h"

#include <stdbool.h>
#include <stdint.h>

/** What it works with; all is borrowed until head_start_free(). */
struct head_start_input {
	const struct scan_opts *opts;
	const struct rule_index *rules;
	const struct objects *objects;
	const struct survey *survey;
};

struct head_start;

/** Begins, on other threads than the caller's, which must not read objects in
 * bulk until head_start_scan(). *out is NULL where it does not pay. Caller
 * frees. */
int head_start_begin(struct head_start **out,
	const struct head_start_input *input, struct err *err) MUST_CHECK;

/** `reach` (of the same survey) says which of `blob_count` blobs has which
 * number. It goes on. */
void head_start_number(struct head_start *start, const struct reach *reach,
	uint32_t blob_count);

/** Ends it if need be. NULL is allowed. */
void head_start_free(struct head_start *start);
DEFINE_CLEANUP(head_start_freep, struct head_start, head_start_free)

/** As content_scan(), of which a part is done already; ends it. Once, after
 * head_start_number(). */
int head_start_scan(struct hits *out, struct head_start *start,
	const struct content_scan_opts *opts, struct scan_result *result,
	struct err *err) MUST_CHECK;

#endif
