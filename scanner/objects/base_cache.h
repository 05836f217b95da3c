/*
 * Objects that a reader built a moment ago, by pack and offset: trees read in
 * the order of a walk are deltas of each other. The least recently used go
 * first. For one thread.
 */
#ifndef SCANNER_OBJECTS_BASE_CACHE_H
#define SCANNER_OBJECTS_BASE_CACHE_H

#include "scanner/objects/body.h"
#include "scanner/objects/pack.h"

#include <stddef.h>
#include <stdint.h>

struct base_cache;

/** Keeps at most `limit` bytes of objects. Caller frees. */
struct base_cache *base_cache_new(size_t limit);
void base_cache_free(struct base_cache *cache);

/** The object at that place, shared with the caller, or NULL. */
struct body *base_cache_get(struct base_cache *cache, const struct pack *pack,
	uint64_t offset, enum object_type *type);

/** Shares `body`, unless it would push out a large part of the others. */
void base_cache_put(struct base_cache *cache, const struct pack *pack,
	uint64_t offset, enum object_type type, struct body *body);

#endif
