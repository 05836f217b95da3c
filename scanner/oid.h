/* Object ids: 20 bytes of SHA-1, as git names its objects. */
#ifndef SCANNER_OID_H
#define SCANNER_OID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define OID_SIZE     20
#define OID_HEX_SIZE (2 * OID_SIZE) /* without the NUL */

struct oid {
	unsigned char bytes[OID_SIZE];
};

static inline int oid_compare(const struct oid *a, const struct oid *b)
{
	return memcmp(a->bytes, b->bytes, OID_SIZE);
}

static inline bool oid_equal(const struct oid *a, const struct oid *b)
{
	/* three loads a side, where memcmp() would be a call */
	uint64_t left[2];
	uint64_t right[2];
	uint32_t left_end;
	uint32_t right_end;
	memcpy(left, a->bytes, sizeof(left));
	memcpy(right, b->bytes, sizeof(right));
	memcpy(&left_end, a->bytes + sizeof(left), sizeof(left_end));
	memcpy(&right_end, b->bytes + sizeof(right), sizeof(right_end));
	return !((left[0] ^ right[0]) | (left[1] ^ right[1]) |
		(left_end ^ right_end));
}

bool oid_is_zero(const struct oid *oid);

/** Writes 40 hex digits and a NUL. */
void oid_to_hex(char out[OID_HEX_SIZE + 1], const struct oid *oid);

/** Reads exactly 40 hex digits; false when one is not. */
bool oid_from_hex(struct oid *out, const char *hex);

#endif
