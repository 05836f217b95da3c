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

/** The secrets in the members of one blob; all zero is empty. */
struct hit_secrets {
	struct hit_secret *items;
	size_t count, capacity;
};

/** Keeps a secret that the rule has found in a member; a long one is known by
 * its id alone. */
void hit_secrets_add(struct hit_secrets *secrets, uint32_t rule,
	const unsigned char *bytes, size_t len);

/** Overwrites and forgets them, and keeps the list for the next blob. */
void hit_secrets_reset(struct hit_secrets *secrets);
void hit_secrets_clear(struct hit_secrets *secrets);

/** Drops, of the hits from `first` on, which are those of one blob with these
 * bytes, what is outside of its members and is a secret that the same rule has
 * found in one of them, or begins with all of it; of a fallback rule also what
 * another rule has found there. Sorts `secrets`. */
void hits_drop_outer(struct hits *hits, size_t first,
	struct hit_secrets *secrets, const struct rule_index *rules,
	const unsigned char *bytes);

#endif
