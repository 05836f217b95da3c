/*
 * A stream of reports on many repositories, as `scan --repos-from` writes it:
 * for each a jsonl report, or one line that says why there is none. Here they
 * stay text: what is asked of them is which repository they are of, whether
 * they are whole, and what the exit code depends on.
 */
#ifndef REPORT_LIST_SECTION_H
#define REPORT_LIST_SECTION_H

#include "report/line_reader.h"
#include "scanner/finding.h"
#include "scanner/fingerprint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** All zero is empty. */
struct list_section {
	char *repository;
	size_t number, count; /* of the list, from 1 */
	char options_digest[65];
	struct shard shard;
	char plan_digest[65]; /* "" without shards */

	bool is_failed; /* it could not be scanned */
	bool is_complete, has_skipped;
	size_t by_severity[SEVERITY_CRITICAL + 1]; /* findings that count */

	unsigned char digest[DIGEST_SIZE]; /* over its text without shard */
	size_t len;                        /* of that text */
	struct line_place at;              /* its first line */
};

void list_section_clear(struct list_section *section);

/** True when the line begins a report of such a stream. */
bool list_section_begins(const struct line_reader *lines);

/**
 * Reads the next: 1, or 0 when there is none left. Its text, without which
 * shard wrote it, goes to `copy` (or NULL). ERR_CORRUPT when the stream ends in
 * it: *out is what its first line says then, without a repository when that one
 * is cut itself. ERR_PARSE when it is none, or written by another version.
 * Caller clears.
 */
int list_section_read(struct list_section *out, struct line_reader *lines,
	const char *version, FILE *copy, struct err *err) MUST_CHECK;

/** Copies the text of a report, `len` bytes from `offset` on, from a file where
 * it is kept. */
int list_section_copy(FILE *out, FILE *kept, off_t offset, size_t len,
	struct err *err) MUST_CHECK;

#endif
