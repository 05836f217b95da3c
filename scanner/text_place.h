/*
 * Where a finding stands in its text, for those who count in UTF-16 and know
 * lines by their hash: code hosts. Content is read again for it, the newest
 * blob of each finding once, so it is done only for a report that wants it.
 */
#ifndef SCANNER_TEXT_PLACE_H
#define SCANNER_TEXT_PLACE_H

#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/objects/objects.h"
#include "scanner/outside.h"

/**
 * Sets `text_place` of every finding with a region whose content can be read
 * still; the others keep NULL. Findings need not be sorted. Contents outside
 * of the store are read up to `max_size` bytes.
 */
int text_places_add(struct scan_result *result, const struct objects *objects,
	const struct outside *outside, size_t max_size,
	struct err *err) MUST_CHECK;

#endif
