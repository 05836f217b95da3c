/*
 * The streams of shards that each scanned some of many repositories, put
 * together in the order of their list. Reports stay the text that they are.
 */
#ifndef CMD_MERGE_LIST_H
#define CMD_MERGE_LIST_H

#include "cmd/scan_many.h"
#include "report/list_section.h"

#include <stdio.h>

/** A report, and where its text is kept. */
struct kept_section {
	struct list_section section;
	off_t offset; /* in the spool */
};

/** All zero is empty. */
struct merge_list {
	FILE *spool; /* temporary file */
	struct kept_section *items;
	size_t count, capacity;
};

/** Adds all reports of a stream. ERR_PARSE for what is not of a shard, or not
 * of the same list, options and plan as those before, ERR_CORRUPT for what is
 * torn.
 */
int merge_list_read(struct merge_list *list, struct line_reader *lines,
	const char *version, struct err *err) MUST_CHECK;

/** Writes the whole and counts it. ERR_PARSE names the repositories that are
 * missing, and two different reports on one. */
int merge_list_write(struct merge_list *list, FILE *out,
	struct list_totals *totals, int fail_on, struct err *err) MUST_CHECK;
void merge_list_clear(struct merge_list *list);

/** That two reports cannot be joined, and why; returns ERR_PARSE. */
int merge_refuse_pair(const struct line_place *a, const struct line_place *b,
	const char *why, struct err *err);

/** That a report is not one of a shard; returns ERR_PARSE. */
int merge_refuse_whole(const struct line_place *at, struct err *err);

#endif
