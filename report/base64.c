#include "report/base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	"0123456789+/";

void add_base64(struct buf *out, const void *bytes, size_t len)
{
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

/* Four digits are three bytes; "=" stands for those that are not there. */
static bool read_group(struct buf *out, const char *text, bool last)
{
	size_t pads = 0;
	uint32_t group = 0;
	for (size_t i = 0; i < 4; i++) {
		const char *digit = strchr(digits, text[i]);
		bool is_pad = text[i] == '=' && last && i >= 2;
		if (!is_pad && (!digit || pads))
			return false;
		pads += is_pad;
		group = group << 6 | (is_pad ? 0 : (uint32_t)(digit - digits));
	}
	const unsigned char bytes[] = { (unsigned char)(group >> 16),
		(unsigned char)(group >> 8), (unsigned char)group };
	/* bits behind the last byte are zero */
	if ((pads == 2 && bytes[1]) || (pads && bytes[2]))
		return false;
	return buf_add(out, bytes, sizeof(bytes) - pads) == 0;
}

bool base64_read(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	if (len % 4)
		return false;
	for (size_t at = 0; at < len; at += 4)
		if (!read_group(out, text + at, at + 4 == len))
			return false;
	return true;
}
