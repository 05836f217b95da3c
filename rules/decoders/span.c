#include "rules/decoders/span.h"

#include <string.h>
#include <strings.h>

bool span_is(struct span span, const char *text)
{
	return span.len == strlen(text) && span_starts(span, text);
}

bool span_is_nocase(struct span span, const char *text)
{
	return span.len == strlen(text) &&
		!strncasecmp((const char *)span.bytes, text, span.len);
}

bool span_starts(struct span span, const char *text)
{
	size_t len = strlen(text);
	return len <= span.len && !memcmp(span.bytes, text, len);
}

bool span_ends(struct span span, const char *text)
{
	size_t len = strlen(text);
	return len <= span.len &&
		!memcmp(span.bytes + (span.len - len), text, len);
}

bool span_has(struct span span, const char *text)
{
	return span.len && memmem(span.bytes, span.len, text, strlen(text));
}

bool span_made_of(struct span span, const char *set)
{
	for (size_t i = 0; i < span.len; i++)
		if (!span.bytes[i] || !strchr(set, span.bytes[i]))
			return false;
	return true;
}

static bool is_space(unsigned char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

struct span span_trim(struct span span)
{
	while (span.len && is_space(span.bytes[0])) {
		span.bytes++;
		span.len--;
	}
	while (span.len && is_space(span.bytes[span.len - 1]))
		span.len--;
	return span;
}

bool span_cut(struct span *head, struct span *rest, unsigned char separator)
{
	const unsigned char *end =
		rest->len ? memchr(rest->bytes, separator, rest->len) : NULL;
	if (!end)
		return false;
	head->bytes = rest->bytes;
	head->len = (size_t)(end - rest->bytes);
	rest->bytes = end + 1;
	rest->len -= head->len + 1;
	return true;
}

bool span_line(struct span *line, struct span *rest)
{
	if (!rest->len)
		return false;
	if (!span_cut(line, rest, '\n')) {
		*line = *rest;
		rest->bytes += rest->len;
		rest->len = 0;
	}
	if (line->len && line->bytes[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool span_word(struct span *word, struct span *rest)
{
	struct span left = span_trim(*rest);
	size_t len = 0;
	while (len < left.len && !is_space(left.bytes[len]))
		len++;
	*word = (struct span){ left.bytes, len };
	*rest = (struct span){ left.bytes + len, left.len - len };
	return len > 0;
}

bool span_number(int64_t *out, struct span span)
{
	bool negative = span.len && span.bytes[0] == '-';
	int64_t number = 0;
	if (span.len == (size_t)negative)
		return false;
	for (size_t i = negative; i < span.len; i++) {
		unsigned char byte = span.bytes[i];
		if (byte < '0' || byte > '9' ||
			__builtin_mul_overflow(number, 10, &number) ||
			__builtin_sub_overflow(number, byte - '0', &number))
			return false;
	}
	if (!negative && number == INT64_MIN)
		return false;
	*out = negative ? number : -number;
	return true;
}

struct span span_basename(const char *path)
{
	if (!path)
		return (struct span){ (const unsigned char *)"", 0 };
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	return (struct span){ (const unsigned char *)name, strlen(name) };
}
