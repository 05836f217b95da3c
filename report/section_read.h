/*
 * A jsonl report back into the result that it was written from: a section from
 * its header to its summary. Several may stand in one file, one behind the
 * other.
 *
 * Each line is taken only if writing what was read of it gives the same bytes.
 * So nothing that this program does not know gets lost on the way, and what is
 * written of the result is what stood in the file.
 */
#ifndef REPORT_SECTION_READ_H
#define REPORT_SECTION_READ_H

#include "report/finding_read.h"
#include "report/line_reader.h"
#include "scanner/fingerprint.h"

/** What the sections must have been written by. */
struct section_opts {
	const char *version;
	const char *rules_digest;
	struct rule_source rules;
};

/** All zero is empty. */
struct section {
	struct scan_result result;         /* borrows the rules */
	struct line_place at;              /* its first line */
	unsigned char digest[DIGEST_SIZE]; /* over the lines behind it */
};

void section_clear(struct section *section);

/**
 * Reads the next section: 1, or 0 when there is none left. Else with
 * "name:line: what is wrong" ERR_CORRUPT for one that is torn, ERR_PARSE for
 * one that was written by another version or with other rules, or that is no
 * such report. Caller clears.
 */
int section_read(struct section *out, struct line_reader *lines,
	const struct section_opts *opts, struct err *err) MUST_CHECK;

#endif
