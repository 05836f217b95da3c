#include "rules/shape.h"

#include <string.h>

static bool is_digit(unsigned char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_letter(unsigned char byte)
{
	return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

static bool is_one_of(unsigned char byte, const char *bytes)
{
	return byte && strchr(bytes, byte);
}

/* RFC 5321 §4.5.3.1.3 */
#define EMAIL_MAX 254

bool shape_is_email(const unsigned char *bytes, size_t len)
{
	if (len > EMAIL_MAX || len < 5)
		return false;
	const unsigned char *at = memchr(bytes, '@', len);
	if (!at || at == bytes)
		return false;
	for (const unsigned char *byte = bytes; byte < at; byte++)
		if (!is_letter(*byte) && !is_digit(*byte) &&
			!is_one_of(*byte, "._%+-'"))
			return false;
	const unsigned char *end = bytes + len, *dot = NULL;
	for (const unsigned char *byte = at + 1; byte < end; byte++) {
		if (*byte == '.')
			dot = byte;
		else if (!is_letter(*byte) && !is_digit(*byte) && *byte != '-')
			return false;
	}
	return dot && dot > at + 1 && end - dot > 2 && is_letter(dot[1]);
}

static size_t base64url_len(const unsigned char *bytes, size_t len)
{
	size_t count = 0;
	while (count < len &&
		(is_letter(bytes[count]) || is_digit(bytes[count]) ||
			is_one_of(bytes[count], "-_")))
		count++;
	return count;
}

bool shape_is_jwt(const unsigned char *bytes, size_t len)
{
	/* RFC 7519 §3; "eyJ" is base64url for the `{"` of a JSON object */
	for (int part = 0; part < 2; part++) {
		size_t word = base64url_len(bytes, len);
		if (word < 10 || memcmp(bytes, "eyJ", 3) || word == len ||
			bytes[word] != '.')
			return false;
		bytes += word + 1;
		len -= word + 1;
	}
	return base64url_len(bytes, len) == len;
}

bool shape_is_word(unsigned char byte)
{
	return is_letter(byte) || is_digit(byte) || is_one_of(byte, "_-+/=");
}

bool shape_is_generated(const unsigned char *bytes, size_t len)
{
	size_t digits = 0;
	for (size_t i = 0; i < len; i++) {
		if (!shape_is_word(bytes[i]))
			return false;
		digits += is_digit(bytes[i]);
	}
	return len >= 20 && digits >= 4;
}
