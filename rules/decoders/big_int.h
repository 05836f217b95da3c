/* Integers that a format writes as little-endian bytes of any number. */
#ifndef RULES_DECODERS_BIG_INT_H
#define RULES_DECODERS_BIG_INT_H

#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>

/** Longer integers stay bytes: turning them into digits takes too long. */
#define BIG_INT_MAX_BYTES ((size_t)32)

/**
 * The integer of that magnitude and sign: a VALUE_INT, with decimal text when
 * it needs more than 64 bits, or VALUE_BYTES (borrowed) when it is longer than
 * BIG_INT_MAX_BYTES. NULL at the builder's bound.
 */
struct value *big_int_value(struct value_builder *builder,
	const unsigned char *magnitude, size_t len, bool negative);

/** As above, from two's complement. */
struct value *big_int_twos_complement(
	struct value_builder *builder, const unsigned char *bytes, size_t len);

#endif
