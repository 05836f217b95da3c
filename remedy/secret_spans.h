/*
 * Where the secrets of a file stand, for what shows lines of it: those that the
 * rules find in the bytes as they are, accepted ones included, and the values
 * of settings that are never shown. What was encoded is not looked into.
 */
#ifndef REMEDY_SECRET_SPANS_H
#define REMEDY_SECRET_SPANS_H

#include "base/buf.h"
#include "base/err.h"
#include "rules/ruleset.h"

#include <stdbool.h>
#include <stddef.h>

/** Half-open, in bytes of the file. */
struct secret_span {
	size_t start, end;
};

/** Sorted; none touches another. */
struct secret_spans {
	struct secret_span *items;
	size_t count, capacity;
};

/** Finds them in a file of that path. Caller clears, also after a failure. */
int secret_spans_find(struct secret_spans *out, const struct ruleset *rules,
	const char *path, const struct buf *file, struct err *err) MUST_CHECK;
void secret_spans_clear(struct secret_spans *spans);

/** True when a byte of start..end is one of a secret. */
bool secret_spans_meet(
	const struct secret_spans *spans, size_t start, size_t end);

/** Appends start..end of the file with each secret as reports show it. */
void secret_spans_add_masked(struct buf *out, const struct secret_spans *spans,
	const struct buf *file, size_t start, size_t end);

#endif
