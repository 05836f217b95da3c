/*
 * Many repositories to scan, and who of several machines scans which: by the
 * bytes of their packs, the largest first to whoever has the least.
 */
#ifndef CMD_REPO_LIST_H
#define CMD_REPO_LIST_H

#include "base/buf.h"
#include "base/err.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A repository of the list. */
struct repo_item {
	const char *path; /* as it stands in the list */
	uint64_t weight;  /* what it takes to scan it, in bytes */
	uint32_t shard;   /* that scans it, from 1 */
};

/** All zero is empty. */
struct repo_list {
	struct buf text;
	struct repo_item *items; /* in the order of the list */
	size_t count, capacity;
};

/** Reads paths from a file, "-" for standard input: one a line, or each with a
 * NUL behind it. ERR_PARSE for an empty list. Caller clears. */
int repo_list_read(struct repo_list *out, const char *file, bool nul_ended,
	struct err *err) MUST_CHECK;
void repo_list_clear(struct repo_list *list);

/** Asks the disk for the weights. A repository that is not there weighs as
 * much as an empty one. */
void repo_list_weigh(struct repo_list *list);

/** Gives each repository to one of `count` shards. Depends on the weights and
 * the order alone. */
void repo_list_split(struct repo_list *list, uint32_t count);

/** Digest over paths and weights: shards that agree on it split alike. */
void repo_list_digest(char out[65], const struct repo_list *list);

#endif
