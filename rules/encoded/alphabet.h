/* The characters of encoded text. */
#ifndef RULES_ENCODED_ALPHABET_H
#define RULES_ENCODED_ALPHABET_H

#include <stdbool.h>
#include <stddef.h>

/** 0 to 63 for the digits of base64 in both alphabets (RFC 4648 §4, §5), else
 * BASE64_NONE. */
extern const unsigned char base64_values[256];
#define BASE64_NONE 64

/** 0 to 15 for hexadecimal digits, else HEX_NONE. */
extern const unsigned char hex_values[256];
#define HEX_NONE 16

/** What a character can be where text is encoded; a set of bits. */
enum digit_kind {
	DIGIT_BASE64 = 1,
	/* of four digits of base64 the first, second and third, if these stand
	 * for three characters of ASCII, or NULs among them as in UTF-16 */
	DIGIT_FIRST = 2,
	DIGIT_SECOND = 4,
	DIGIT_THIRD = 8,
	DIGIT_HEX = 16,
	DIGIT_HIGH = 32, /* the first of two, likewise */
};
extern const unsigned char digit_kinds[256];

static inline bool is_base64(unsigned char byte)
{
	return base64_values[byte] < BASE64_NONE;
}

static inline bool is_hex(unsigned char byte)
{
	return hex_values[byte] < HEX_NONE;
}

/** True at "\n" and "\r" as a program or JSON writes them. */
static inline bool is_escaped_break(const unsigned char *text, size_t len)
{
	return len > 1 && text[0] == '\\' && (text[1] == 'n' || text[1] == 'r');
}

#endif
