#include "report/base64.h"

#include <stdint.h>

void add_base64(struct buf *out, const void *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/";
	const unsigned char *at = bytes;
	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t group = (uint32_t)at[i] << 16;
		if (left > 1)
			group |= (uint32_t)at[i + 1] << 8;
		if (left > 2)
			group |= at[i + 2];
		char text[4] = { digits[group >> 18], digits[group >> 12 & 63],
			'=', '=' };
		if (left > 1)
			text[2] = digits[group >> 6 & 63];
		if (left > 2)
			text[3] = digits[group & 63];
		buf_add(out, text, sizeof(text));
	}
}
