/*
 * One secret, one finding: where several rules found the same bytes of a file,
 * the one that asks for most explains them, and the others say nothing.
 *
 * A rule that is no fallback comes before one that is; then the one with more
 * of checksum, decoder and other parts; then the one with a role; then the more
 * confident one; then the one whose id sorts first. A rule with a role is never
 * left out: its secret is to be tried on others. What is explained itself
 * explains nothing. Other parts of a secret (`with`) are told with it, and not
 * by another rule as well.
 */
#ifndef SCANNER_OVERLAP_H
#define SCANNER_OVERLAP_H

#include "scanner/join.h"

#include <stdbool.h>

/** Sets explained[i] for each row that another one explains better; leaves the
 * others as they are. */
void overlap_mark(bool *explained, const struct joined *joined,
	const struct ruleset *rules);

#endif
