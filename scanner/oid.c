#include "scanner/oid.h"

bool oid_is_zero(const struct oid *oid)
{
	static const struct oid zero;
	return oid_equal(oid, &zero);
}

void oid_to_hex(char out[OID_HEX_SIZE + 1], const struct oid *oid)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < OID_SIZE; i++) {
		out[2 * i] = digits[oid->bytes[i] >> 4];
		out[2 * i + 1] = digits[oid->bytes[i] & 15];
	}
	out[OID_HEX_SIZE] = '\0';
}

/* One more than the value of a hex digit; 0: it is none. */
static const unsigned char hex_values[256] = {
	['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16,
};

bool oid_from_hex(struct oid *out, const char *hex)
{
	for (size_t i = 0; i < OID_SIZE; i++) {
		unsigned high = hex_values[(unsigned char)hex[2 * i]];
		unsigned low =
			high ? hex_values[(unsigned char)hex[2 * i + 1]] : 0;
		if (!low)
			return false;
		out->bytes[i] = (unsigned char)((high - 1) << 4 | (low - 1));
	}
	return true;
}
