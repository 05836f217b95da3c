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

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

bool oid_from_hex(struct oid *out, const char *hex)
{
	for (size_t i = 0; i < OID_SIZE; i++) {
		int high = hex_value(hex[2 * i]);
		int low = high < 0 ? -1 : hex_value(hex[2 * i + 1]);
		if (low < 0)
			return false;
		out->bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}
