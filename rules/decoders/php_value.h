/*
 * PHP's serialize() format as values. Nothing is instantiated: an object is a
 * VALUE_OBJECT with the name of its class. One reader reads the variables of
 * one session in turn, since r: and R: count values across all of them
 * (PHP, ext/standard/var_unserializer.re and ext/session/session.c).
 */
#ifndef RULES_DECODERS_PHP_VALUE_H
#define RULES_DECODERS_PHP_VALUE_H

#include "base/cleanup.h"
#include "rules/decoder.h"
#include "rules/decoders/call_list.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>

/** What r: and R: can refer to. */
struct php_slot {
	struct value *value;
};

/** One pass over one text; all zero but the first four fields to begin. */
struct php_reader {
	struct value_builder *builder; /* borrowed */
	const unsigned char *bytes;    /* borrowed, also by the values */
	size_t len;
	size_t at; /* next byte */

	bool limited;           /* a bound, not the format, stopped it */
	struct php_slot *slots; /* counted from 1 by r: and R: */
	size_t slot_count;
	size_t slot_capacity;
	struct call_list classes; /* names, in the builder's arena */
};

/** Frees the slots; values and class names stay in the arena. */
void php_reader_clear(struct php_reader *reader);

/**
 * Reads the value at `at` and moves behind it. NULL when none stands there,
 * or when a bound was hit: `limited` tells which.
 */
struct value *php_reader_value(struct php_reader *reader);

/** Puts the class names into `out`, found while reading. */
void php_reader_calls(struct decoded *out, const struct php_reader *reader);

#endif
