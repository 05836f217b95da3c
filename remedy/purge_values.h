/*
 * The secrets themselves, read out of the blobs again: only a rewrite needs
 * them. They are kept in one place and wiped.
 */
#ifndef REMEDY_PURGE_VALUES_H
#define REMEDY_PURGE_VALUES_H

#include "base/err.h"
#include "remedy/inventory.h"
#include "remedy/purge_target.h"
#include "rules/ruleset.h"
#include "scanner/path_table.h"

#include <stddef.h>

/** What is to be replaced, and by what. */
struct purge_value {
	const unsigned char *bytes; /* borrowed from the texts */
	size_t len;
	size_t secret_start, secret_end; /* the part that is the secret */
};

/** All zero is empty. */
struct purge_values {
	struct path_table texts;   /* of them, not only paths */
	struct purge_value *items; /* sorted, none twice; longest first, so
					that no shorter one cuts into it */
	size_t count, capacity;
	struct oid *binaries; /* blobs that hold one and that filter-repo does
				not edit: a NUL in the first 8 KiB, or
				packed in an archive */
	size_t binary_count, binary_capacity;
};

/** Shorter secrets are replaced together with what the rule saw around them:
 * "dev" alone would be found in every other word. */
#define PURGE_SHORT_SECRET 12

/**
 * Finds the values of the target's secrets in the blobs of the scan's findings,
 * encoded where they are; `decode_depth` is that of the scan. An archive that
 * holds one is among the binaries.
 * ERR_NOT_FOUND when one of them cannot be found again.
 */
int purge_values_find(struct purge_values *out,
	const struct inventory *inventory, const struct scan_result *result,
	const struct purge_target *target, const char *fingerprint_key,
	unsigned decode_depth, struct err *err) MUST_CHECK;

/** Wipes and frees. */
void purge_values_clear(struct purge_values *values);

#endif
