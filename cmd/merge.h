/*
 * The reports of shards put together: all of them, of the same scan, each once.
 */
#ifndef CMD_MERGE_H
#define CMD_MERGE_H

#include "cmd/merge_list.h"
#include "report/section_read.h"

/** All zero is empty. */
struct merge {
	struct section *sections; /* no shard twice */
	size_t count, capacity;
	struct merge_list list; /* or this: of many repositories */
	const char *empty;      /* a file without a report, or NULL */
};

/**
 * Adds the reports in a file, "-" for standard input. The equal report of a
 * task that ran twice is dropped. ERR_PARSE for one that section_read()
 * refuses, that is not of a shard, not of the same scan as those before it, or
 * another one of a shard that is there.
 */
int merge_read(struct merge *merge, const char *path,
	const struct section_opts *opts, struct err *err) MUST_CHECK;

/** The whole result of one repository; the merge is empty then. ERR_PARSE names
 * the shards that are missing. Caller clears. */
int merge_finish(struct scan_result *out, struct merge *merge,
	struct err *err) MUST_CHECK;
void merge_clear(struct merge *merge);

#endif
