#include "rules/cookie_header.h"

#include "base/cleanup.h"

#include <string.h>
#include <strings.h>

static void skip(const unsigned char **at, size_t *len, size_t count)
{
	*at += count;
	*len -= count;
}

static void skip_blanks(const unsigned char **at, size_t *len)
{
	while (*len && (**at == ' ' || **at == '\t'))
		skip(at, len, 1);
}

/* Bytes before the separator; the separator is skipped, too. */
static size_t cut(const unsigned char **at, size_t *len, unsigned char mark)
{
	const unsigned char *found = *len ? memchr(*at, mark, *len) : NULL;
	size_t part = found ? (size_t)(found - *at) : *len;
	skip(at, len, part + (found ? 1 : 0));
	return part;
}

static bool skip_name(const unsigned char **at, size_t *len)
{
	static const char *const names[] = { "Cookie:", "Set-Cookie:" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t size = strlen(names[i]);
		if (*len < size ||
			strncasecmp((const char *)*at, names[i], size))
			continue;
		skip(at, len, size);
		return true;
	}
	return false;
}

static size_t trimmed(const unsigned char *text, size_t len)
{
	while (len && strchr(" \t\r\n", text[len - 1] ? text[len - 1] : '!'))
		len--;
	return len;
}

void cookie_header_init(
	struct cookie_header *header, const unsigned char *text, size_t len)
{
	*header = (struct cookie_header){
		.text = text,
		.text_len = trimmed(text, len),
	};
	header->bare =
		header->text_len && !memchr(text, '\n', header->text_len);
}

/* Goes on to the next line that has cookies. */
static bool next_line(struct cookie_header *header)
{
	while (header->text_len) {
		header->line = header->text;
		header->line_len = cut(&header->text, &header->text_len, '\n');
		skip_blanks(&header->line, &header->line_len);
		if (skip_name(&header->line, &header->line_len) || header->bare)
			return true;
	}
	return false;
}

bool cookie_header_next(struct cookie_pair *out, struct cookie_header *header)
{
	while (header->line_len || next_line(header)) {
		skip_blanks(&header->line, &header->line_len);
		const unsigned char *pair = header->line;
		size_t len = cut(&header->line, &header->line_len, ';');
		len = trimmed(pair, len);
		out->name = pair;
		out->name_len = cut(&pair, &len, '=');
		out->value = pair;
		out->value_len = len;
		if (out->name_len && len)
			return true;
	}
	return false;
}
