/*
 * One repository scanned by several machines, each of which reads a share of
 * its contents and needs nothing of the others.
 *
 * All of them list the same paths and blobs, which is cheap. The shares are of
 * paths: a path, with every content that it ever had, belongs to one shard, so
 * that all of a finding (its versions, its newest content, since when it is
 * there, what else stands in the same bytes) is known where it is told, and
 * most of what a pack has as deltas stays together. Which shard that is depends
 * on the least object id that stands at the path: copies of a file that never
 * changed belong to the same shard, and are read once.
 *
 * What ties findings of several paths together are proofs: a key and what it
 * signed, a cookie and the file of its session. Shards that have one of these
 * look for the others' with the rules for them alone; no secret ever leaves
 * the machine that found it.
 */
#ifndef SCANNER_SHARD_H
#define SCANNER_SHARD_H

#include "base/err.h"
#include "rules/rule_index.h"
#include "rules/ruleset.h"
#include "scanner/content_scan.h"
#include "scanner/entries.h"
#include "scanner/join.h"
#include "scanner/path_rules.h"

#include <stdbool.h>
#include <stdint.h>

/** Reads the blobs (by number: those that are set) and matches them by the
 * rules of `index`, NULL: by all rules. Adds to `hits`; what could not be read,
 * and how much was, goes to `told`. */
struct shard_reader {
	int (*read)(const bool *blobs, struct rule_index *index,
		struct hits *hits, struct scan_result *told, void *ctx,
		struct err *err);
	void *ctx;
};

/** What a share is cut from; all borrowed. */
struct shard_input {
	const struct ruleset *rules;
	const struct path_table *paths;
	const struct oid_map *blobs;
	const struct path_rules *path_rules;
	struct shard_reader reader;
};

/** Digest of all entries: shards that list the same paths and blobs have the
 * same, on machines of one byte order. */
void shard_digest(char out[65], const struct entries *entries,
	const struct path_table *paths, const struct oid_map *blobs);

/**
 * Reads what shard `shard` needs of the contents. `entries` must be sorted;
 * those are left whose findings are needed. *mine (by path, caller frees) says
 * whose are told; the others only serve to prove something of these. Blobs of
 * several shards are counted, and told of in `result`, by the first of them.
 */
int shard_read(bool **mine, struct hits *hits, struct entries *entries,
	const struct shard *shard, const struct shard_input *input,
	struct scan_result *result, struct err *err) MUST_CHECK;

/** Drops the findings of paths that are not `mine`. The result's findings are
 * those of `joined`, in its order. */
void shard_drop_others(const struct joined *joined, const bool *mine,
	struct scan_result *result);

#endif
