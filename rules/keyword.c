#include "rules/keyword.h"

#include <string.h>

static unsigned char lower(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte | 0x20) : byte;
}

static bool equal_ignoring_case(
	const unsigned char *bytes, const char *keyword, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (lower(bytes[i]) != lower((unsigned char)keyword[i]))
			return false;
	return true;
}

const unsigned char *keyword_find(const unsigned char *bytes, size_t len,
	const char *keyword, size_t keyword_len, bool ignore_case)
{
	if (!keyword_len || keyword_len > len)
		return NULL;
	if (!ignore_case)
		return memmem(bytes, len, keyword, keyword_len);
	for (size_t i = 0; i <= len - keyword_len; i++)
		if (equal_ignoring_case(bytes + i, keyword, keyword_len))
			return bytes + i;
	return NULL;
}
