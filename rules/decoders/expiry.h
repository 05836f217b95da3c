/*
 * When something ends, in the notations of the stores: seconds, milliseconds
 * or microseconds since 1970, ISO 8601 text with and without a zone. What has
 * no zone is taken as UTC, which is what the libraries behind these stores
 * write.
 */
#ifndef RULES_DECODERS_EXPIRY_H
#define RULES_DECODERS_EXPIRY_H

#include "rules/decoder.h"
#include "rules/decoders/span.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stdint.h>

/**
 * Reads "2026-11-23T22:40:25.491Z", "2026-11-23 22:40:25+00:00" and the like,
 * or a decimal number as expiry_scale() takes it. False for other text.
 */
bool expiry_parse(int64_t *seconds, struct span text);

/** Seconds from seconds, milliseconds or microseconds, told by magnitude. */
int64_t expiry_scale(int64_t number);

/** Keeps the newest time; 0 and less say nothing and are left out. */
void expiry_add(struct decoded *out, int64_t seconds);

/** Something inside never ends. */
void expiry_add_never(struct decoded *out);

/** expiry_add() of a number or text; any other value is left out. */
void expiry_add_value(struct decoded *out, const struct value *value);

#endif
