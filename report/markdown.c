#include "report/markdown.h"

#include "report/text_escape.h"

#include <string.h>

#define FENCE 3 /* least backticks of a fence, CommonMark 0.31 §4.5 */

/** Backticks of the longest run of them. */
static size_t longest_run(const char *text)
{
	size_t longest = 0;
	while (*text) {
		size_t run = strspn(text, "`");
		longest = run > longest ? run : longest;
		text += run ? run : strcspn(text, "`");
	}
	return longest;
}

static void add_backticks(struct buf *out, size_t count)
{
	while (count--)
		buf_add_byte(out, '`');
}

/* §6.1: the delimiter is longer than any run inside; one space on both sides is
 * taken off again, which keeps backticks and spaces at the ends. */
void markdown_add_code(struct buf *out, const char *text)
{
	size_t len = strlen(text);
	if (!len)
		return;
	size_t ticks = longest_run(text) + 1;
	char first = text[0];
	char last = text[len - 1];
	bool pad = first == '`' || last == '`' || first == ' ' || last == ' ';
	add_backticks(out, ticks);
	buf_add_text(out, pad ? " " : "");
	buf_add(out, text, len);
	buf_add_text(out, pad ? " " : "");
	add_backticks(out, ticks);
}

void markdown_add_path(struct buf *out, const char *path, size_t line)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add_path(&text, path, true);
	if (line)
		buf_printf(&text, ":%zu", line);
	if (text.len)
		markdown_add_code(out, text.bytes);
}

/* §2.4: a backslash takes the meaning from any ASCII punctuation. */
void markdown_add_text(struct buf *out, const char *text)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	text_add(&safe, text, true);
	for (size_t i = 0; i < safe.len; i++) {
		if (strchr("\\`*_[]<>&~|", safe.bytes[i]))
			buf_add_byte(out, '\\');
		buf_add_byte(out, (unsigned char)safe.bytes[i]);
	}
}

void markdown_put_block(FILE *out, const char *language, const char *text)
{
	CLEANUP(buf_clear) struct buf fence;
	buf_init(&fence, 0);
	size_t ticks = longest_run(text) + 1;
	size_t len = strlen(text);
	add_backticks(&fence, ticks < FENCE ? FENCE : ticks);
	fprintf(out, "%s%s\n%s%s%s\n", fence.bytes, language, text,
		len && text[len - 1] != '\n' ? "\n" : "", fence.bytes);
}
