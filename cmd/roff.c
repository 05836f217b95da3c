#include "cmd/roff.h"

#include "base/utf8.h"

#include <string.h>

#define LINE_MAX_BYTES 72

/** groff_char(7): what is not written as itself, and how it is. */
static const char *special(uint32_t code)
{
	switch (code) {
	case '\\':
		return "\\e";
	case '-':
		return "\\-"; /* a minus, which can be copied */
	case '\'':
		return "\\(aq";
	case '`':
		return "\\(ga";
	case '^':
		return "\\(ha";
	case '~':
		return "\\(ti";
	default:
		return NULL;
	}
}

void roff_put(FILE *out, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		uint32_t code = (unsigned char)text[at];
		size_t step = utf8_decode(
			&code, (const unsigned char *)text + at, len - at);
		const char *escape = special(code);
		if (escape)
			fputs(escape, out);
		else if (step > 1)
			fprintf(out, "\\[u%04X]", (unsigned)code);
		else
			fputc(text[at], out);
		at += step ? step : 1;
	}
}

/** A line that begins like a request is text all the same. */
static void guard(FILE *out, char first)
{
	if (first == '.' || first == '\'')
		fputs("\\&", out);
}

void roff_fill(FILE *out, const char *text, size_t len)
{
	size_t column = 0;
	while (len) {
		size_t word = 0;
		while (word < len && text[word] != ' ' && text[word] != '\n')
			word++;
		if (word && column && column + 1 + word > LINE_MAX_BYTES) {
			fputc('\n', out);
			column = 0;
		} else if (word && column) {
			fputc(' ', out);
			column++;
		}
		if (word && !column)
			guard(out, *text);
		roff_put(out, text, word);
		column += word;
		text += word < len ? word + 1 : word;
		len -= word < len ? word + 1 : word;
	}
	fputc('\n', out);
}

void roff_verbatim(FILE *out, const char *text, size_t len)
{
	fputs(".RS 4\n.nf\n", out);
	while (len) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) : len;
		if (line)
			guard(out, *text);
		roff_put(out, text, line);
		fputc('\n', out);
		text += end ? line + 1 : line;
		len -= end ? line + 1 : line;
	}
	fputs(".fi\n.RE\n", out);
}
