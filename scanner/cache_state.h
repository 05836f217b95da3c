/*
 * All that decides what a scan of everything committed says, as one id: rules,
 * options, refs, the entries of the index, and which files the object store is
 * made of. Packs and loose objects are not read for it: a file that keeps its
 * name, size, times and inode is the same.
 */
#ifndef SCANNER_CACHE_STATE_H
#define SCANNER_CACHE_STATE_H

#include "rules/ruleset.h"
#include "scanner/cache_file.h"
#include "scanner/repo.h"
#include "scanner/scan.h"

#include <stdint.h>

/**
 * 1 with the id; 0 when such a scan is not cached: one of the worktree, of a
 * part of history, of some paths, or to measure or compare; or when something
 * cannot be read that the scan itself will complain of.
 */
int cache_state_id(uint8_t out[SHA256_DIGEST_SIZE], struct cache *cache,
	struct repo *repo, const struct ruleset *rules,
	const struct scan_opts *opts);

#endif
