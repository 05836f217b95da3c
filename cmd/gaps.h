/* Which numbers of 1 to some count are not there, in words: "2, 5-7". */
#ifndef CMD_GAPS_H
#define CMD_GAPS_H

#include "base/buf.h"

#include <stddef.h>

#define GAPS_NAMED 20 /* more of them are "…" */

/** Numbers are met in ascending order. */
struct gaps {
	struct buf text;
	size_t next; /* number that should be met */
	size_t named, missing;
};

void gaps_init(struct gaps *gaps);
void gaps_clear(struct gaps *gaps);

/** Meets a number. At the end meet the count + 1. */
void gaps_meet(struct gaps *gaps, size_t number);

#endif
