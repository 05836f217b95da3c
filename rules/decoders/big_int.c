/* Long integers to digits, nine at a time. */
#include "rules/decoders/big_int.h"

#include <stdint.h>
#include <string.h>

#define LIMBS     (BIG_INT_MAX_BYTES / 4)
#define MAX_TEXT  ((size_t)80) /* sign and 78 digits of 256 bits */
#define CHUNK     1000000000U
#define CHUNK_LEN 9

static size_t strip_zeros(const unsigned char *magnitude, size_t len)
{
	while (len && !magnitude[len - 1])
		len--;
	return len;
}

/** Divides in place; returns the remainder. */
static uint32_t divide(uint32_t limbs[LIMBS], uint32_t divisor)
{
	uint64_t rest = 0;
	for (size_t i = LIMBS; i-- > 0;) {
		uint64_t part = rest << 32 | limbs[i];
		limbs[i] = (uint32_t)(part / divisor);
		rest = part % divisor;
	}
	return (uint32_t)rest;
}

static bool is_zero(const uint32_t limbs[LIMBS])
{
	for (size_t i = 0; i < LIMBS; i++)
		if (limbs[i])
			return false;
	return true;
}

/** Writes the digits from the end of `text`; returns where they start. */
static size_t write_digits(char text[MAX_TEXT], uint32_t limbs[LIMBS])
{
	size_t at = MAX_TEXT;
	while (!is_zero(limbs)) {
		uint32_t chunk = divide(limbs, CHUNK);
		for (int i = 0; i < CHUNK_LEN && at > 1; i++) {
			text[--at] = (char)('0' + chunk % 10);
			chunk /= 10;
		}
	}
	while (at < MAX_TEXT && text[at] == '0')
		at++;
	return at;
}

static struct value *decimal_value(struct value_builder *builder,
	const unsigned char *magnitude, size_t len, bool negative)
{
	struct value *value = value_new(builder, VALUE_INT);
	if (!value)
		return NULL;
	uint32_t limbs[LIMBS] = { 0 };
	for (size_t i = 0; i < len; i++)
		limbs[i / 4] |= (uint32_t)magnitude[i] << (i % 4 * 8);
	char text[MAX_TEXT];
	size_t at = write_digits(text, limbs);
	if (negative)
		text[--at] = '-';
	value->len = MAX_TEXT - at;
	value->bytes = (const unsigned char *)arena_memdupz(
		builder->arena, text + at, value->len);
	return value;
}

struct value *big_int_value(struct value_builder *builder,
	const unsigned char *magnitude, size_t len, bool negative)
{
	len = strip_zeros(magnitude, len);
	if (len > BIG_INT_MAX_BYTES)
		return value_bytes(builder, magnitude, len);
	uint64_t number = 0;
	for (size_t i = 0; i < len && i < 8; i++)
		number |= (uint64_t)magnitude[i] << (i * 8);
	if (len > 8 || number > INT64_MAX)
		return decimal_value(builder, magnitude, len, negative);
	return value_int(
		builder, negative ? -(int64_t)number : (int64_t)number);
}

struct value *big_int_twos_complement(
	struct value_builder *builder, const unsigned char *bytes, size_t len)
{
	bool negative = len && bytes[len - 1] & 0x80U;
	if (!negative || len > BIG_INT_MAX_BYTES)
		return big_int_value(builder, bytes, len, false);
	unsigned char magnitude[BIG_INT_MAX_BYTES];
	unsigned carry = 1;
	for (size_t i = 0; i < len; i++) {
		carry += (unsigned char)~bytes[i];
		magnitude[i] = (unsigned char)carry;
		carry >>= 8;
	}
	return big_int_value(builder, magnitude, len, true);
}
