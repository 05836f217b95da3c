#include "base/json_size.h"

/** The byte behind the string whose opening quote is at `at`. */
static size_t skip_string(const unsigned char *text, size_t len, size_t at)
{
	for (at++; at < len && text[at] != '"'; at++)
		if (text[at] == '\\')
			at++;
	return at + 1;
}

struct json_size json_size(const void *text, size_t len)
{
	const unsigned char *bytes = text;
	struct json_size size = { .values = 1 };
	size_t depth = 0;
	size_t at = 0;
	while (at < len) {
		switch (bytes[at]) {
		case '"':
			at = skip_string(bytes, len, at);
			continue;
		case '{':
		case '[':
			size.values++;
			if (++depth > size.depth)
				size.depth = depth;
			break;
		case '}':
		case ']':
			depth -= depth ? 1 : 0;
			break;
		case ',':
			size.values++;
			break;
		default:
			break;
		}
		at++;
	}
	return size;
}
