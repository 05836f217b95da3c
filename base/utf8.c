#include "base/utf8.h"

size_t utf8_decode(uint32_t *code, const unsigned char *bytes, size_t len)
{
	unsigned char first = bytes[0];
	if (first < 0x80) {
		*code = first;
		return 1;
	}
	size_t need;
	uint32_t value;
	uint32_t least;
	if (first >= 0xC2 && first <= 0xDF) {
		need = 2, value = first & 0x1FU, least = 0x80;
	} else if ((first & 0xF0U) == 0xE0) {
		need = 3, value = first & 0x0FU, least = 0x800;
	} else if (first >= 0xF0 && first <= 0xF4) {
		need = 4, value = first & 0x07U, least = 0x10000;
	} else {
		return 0;
	}
	if (len < need)
		return 0;
	for (size_t i = 1; i < need; i++) {
		if ((bytes[i] & 0xC0U) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3FU);
	}
	if (value < least || value > 0x10FFFF ||
		(value >= 0xD800 && value <= 0xDFFF))
		return 0;
	*code = value;
	return need;
}

bool utf8_valid(const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	while (len) {
		uint32_t code;
		size_t step = utf8_decode(&code, at, len);
		if (!step)
			return false;
		at += step;
		len -= step;
	}
	return true;
}

size_t utf8_cut(const void *bytes, size_t len, size_t most)
{
	const unsigned char *text = bytes;
	if (len <= most)
		return len;
	for (size_t back = 1; back <= 3 && back <= most; back++) {
		size_t at = most - back;
		uint32_t code;
		size_t size = utf8_decode(&code, text + at, len - at);
		if (size)
			return size > back ? at : most;
	}
	return most;
}

bool utf8_is_unsafe(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD ||
		code == 0x61C || code == 0x180E ||
		(code >= 0x200B && code <= 0x200F) ||
		(code >= 0x2028 && code <= 0x202E) ||
		(code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
		(code >= 0xFFF9 && code <= 0xFFFB) ||
		(code >= 0xE0000 && code <= 0xE007F);
}
