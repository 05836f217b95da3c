/*
 * JSON text as values. jansson reads it; the text is measured first, so that
 * what jansson allocates is bounded by VALUE_MAX_COUNT, not by the text.
 */
#ifndef RULES_DECODERS_JSON_VALUE_H
#define RULES_DECODERS_JSON_VALUE_H

#include "base/cleanup.h"
#include "base/err.h"
#include "rules/value.h"

#include <stddef.h>

/** The longest text that is read; longer ones give ERR_LIMIT. */
#define JSON_VALUE_MAX_LEN ((size_t)16 * 1024 * 1024)

/**
 * Reads one whole JSON text (RFC 8259), white space around it allowed. Returns
 * 1 and the value, 0 when the text is not JSON, ERR_LIMIT when it is longer,
 * deeper or has more values than can be read. The values are made in the
 * builder's arena and do not borrow from `text`. Of keys that occur twice the
 * last one counts. Integers beyond 64 bits become floats.
 */
int json_value_read(struct value **out, struct value_builder *builder,
	const unsigned char *text, size_t len, struct err *err) MUST_CHECK;

#endif
