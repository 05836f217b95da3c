/*
 * Blobs that were scanned wholly before, and what was found in them. A blob is
 * known by its id, so it is the same in any pack and in any repository; what
 * rules said of it holds for those rules, asked in the same way (its context:
 * the path by which its settings are read, and the path rules that ask it).
 *
 * No secret is among it: a blob whose hits the proof needs the bytes of is not
 * known, and is read each time; nor is one of which something was skipped.
 */
#ifndef SCANNER_KNOWN_BLOBS_H
#define SCANNER_KNOWN_BLOBS_H

#include "base/buf.h"
#include "rules/ruleset.h"
#include "scanner/cache_file.h"
#include "scanner/content_scan.h"
#include "scanner/oid_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct known_blob {
	struct oid oid;
	uint32_t context; /* number in known_blobs.contexts */
	uint32_t len;
	bool is_blob;           /* or a commit or tag as text */
	bool has_members;       /* rules were asked of paths inside of it */
	const struct hit *hits; /* their blob numbers are not set */
	uint32_t hit_count;
};

/** All zero is empty. */
struct known_blobs {
	struct arena arena;       /* texts of hits */
	struct known_blob *blobs; /* by id */
	uint32_t count;
	uint32_t *fan; /* by the first two bytes of an id: where those begin;
			  NULL for blobs that were not read */
	struct hit *hits;
	struct oid_map contexts; /* digests, cut to the size of an id */
	bool *has_rule; /* by number in the ruleset: all were asked by it; NULL:
			   by none */
};

/** Of a rule, for each of a ruleset: what it asks. */
struct rule_names {
	uint8_t (*digests)[SHA256_DIGEST_SIZE];
	size_t count;
};

void rule_names_make(struct rule_names *out, const struct ruleset *rules);
void rule_names_clear(struct rule_names *names);

/** The blob of this id, or NULL. */
const struct known_blob *known_blobs_find(
	const struct known_blobs *known, const struct oid *oid);

/** Writes them; `out` has a limit. Only contexts that are used. */
void known_blobs_encode(struct buf *out, const struct known_blobs *known,
	const struct rule_names *names);

/** Reads them; hits of rules that are no more are left out. False, and empty,
 * when the bytes are not as they were written. Caller clears. */
bool known_blobs_decode(struct known_blobs *out, const struct cache_body *body,
	const struct rule_names *names);
void known_blobs_clear(struct known_blobs *known);

#endif
