/*
 * A secret that stands in plain in an archive or a database is found in its
 * bytes and in the member that they hold. The member says where it is, and
 * where it ends: in the bytes of a database a value runs into the next one.
 */
#ifndef SCANNER_HIT_REPEATS_H
#define SCANNER_HIT_REPEATS_H

#include "scanner/content_scan.h"

#include <stddef.h>
#include <stdint.h>

/** How the secrets in the members of one blob begin; all zero is empty. */
struct hit_heads {
	struct hit_head *items;
	size_t count, capacity;
};

/** Keeps the first bytes of a secret that the rule has found in a member. */
void hit_heads_add(struct hit_heads *heads, uint32_t rule,
	const unsigned char *secret, size_t len);

/** Overwrites and forgets them, and keeps the memory for the next blob. */
void hit_heads_reset(struct hit_heads *heads);
void hit_heads_clear(struct hit_heads *heads);

/** Drops, of the hits from `first` on, which are those of one blob with these
 * bytes, what is outside of its members and begins as a secret of the same rule
 * in one of them, or is the same one; of a fallback rule also what another
 * rule has found in a member. Sorts `heads`. */
void hits_drop_outer(struct hits *hits, size_t first, struct hit_heads *heads,
	const struct rule_index *rules, const unsigned char *bytes);

#endif
