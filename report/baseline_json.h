/* A baseline as it is kept: see scanner/baseline.h. */
#ifndef REPORT_BASELINE_JSON_H
#define REPORT_BASELINE_JSON_H

#include "base/buf.h"
#include "scanner/baseline.h"

/** Appends the whole file: the header, then the entries as lines sorted by
 * their bytes, none twice. `key` is the key check of its fingerprints. */
int baseline_json(struct buf *out, const struct baseline *baseline,
	const char *key, struct err *err) MUST_CHECK;

#endif
