/* The places of a finding as a list of words. */
#ifndef REPORT_PLACES_H
#define REPORT_PLACES_H

#include "base/buf.h"
#include "scanner/finding.h"

/** Appends "index", "history", … for the bits of `places`. */
static inline void add_places(
	struct buf *out, unsigned places, const char *between)
{
	const char *before = "";
	for (unsigned i = 0; i < PLACE_COUNT; i++) {
		if (!(places & 1U << i))
			continue;
		buf_printf(out, "%s%s", before, place_name(1U << i));
		before = between;
	}
}

#endif
