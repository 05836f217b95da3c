/*
 * A walker over DER (ITU-T X.690): one element after the other, without
 * recursion and without copying. Lengths are checked against what is there.
 */
#ifndef RULES_DER_H
#define RULES_DER_H

#include <stdbool.h>
#include <stddef.h>

enum der_tag {
	DER_INTEGER = 0x02,
	DER_OCTETS = 0x04,
	DER_OID = 0x06,
	DER_SEQUENCE = 0x30,
};

/** Bytes that are still to be read. */
struct der {
	const unsigned char *bytes; /* borrowed */
	size_t len;
};

/** The same for an element that must have that tag. */
bool der_take(struct der *content, struct der *in, unsigned tag);

/** Bits of an integer's magnitude. */
size_t der_bits(const struct der *integer);

#endif
