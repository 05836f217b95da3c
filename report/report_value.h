/*
 * A decoded tree of values as people and machines read it. Names of keys,
 * types and lengths are shown; of a value nothing but truth values under names
 * that do not announce something personal, unless `show_values` is set.
 *
 * Values can be shared and can hold themselves (rules/value.h): a walk goes
 * VALUE_SHOWN_DEPTH levels deep, shows a value inside of itself as such, and
 * ends after a number of nodes.
 */
#ifndef REPORT_REPORT_VALUE_H
#define REPORT_REPORT_VALUE_H

#include "report/json_writer.h"
#include "report/page.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>

#define VALUE_SHOWN_DEPTH 16   /* the root is at depth 0 */
#define VALUE_SHOWN_NODES 500  /* one line each */
#define VALUE_SHOWN_BYTES 1024 /* of one value, with show_values */

struct value_opts {
	bool show_values; /* values as they are, escaped */
	bool all;         /* as many nodes as a decoder can make, and whole
				values */
};

/** Prints one line for each value, and at the end what was left out. */
void report_value(const struct page *page, const struct value *root,
	const struct value_opts *opts);

/** Writes the tree as one JSON value; docs/formats.md describes it. */
void json_value(struct json_writer *json, const struct value *root,
	const struct value_opts *opts);

#endif
