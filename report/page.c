#include "report/page.h"

#include "report/text_escape.h"

#include <inttypes.h>
#include <string.h>

void page_init(struct page *page, FILE *out, const struct report_opts *opts)
{
	*page = (struct page){ .out = out, .opts = opts, .width = opts->width };
	if (page->width < PAGE_MIN_WIDTH)
		page->width = PAGE_MIN_WIDTH;
}

static void put_spaces(FILE *out, size_t count)
{
	fprintf(out, "%*s", (int)count, "");
}

/* Prints one word at most `room` wide; returns its width. */
static size_t put_word(
	const struct page *page, const char *word, size_t len, size_t room)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, word, len);
	if (!page->whole_words)
		text_shorten(&text, room, page->opts->utf8);
	fputs(text.bytes, page->out);
	return text_width(text.bytes, text.len);
}

/* The cursor stands at `column`. */
static void wrap_from(
	const struct page *page, size_t column, size_t hang, const char *text)
{
	bool first = true;
	text += strspn(text, " ");
	while (*text) {
		size_t len = strcspn(text, " ");
		size_t width = text_width(text, len);
		if (!first && column + 1 + width > page->width) {
			fputc('\n', page->out);
			put_spaces(page->out, hang);
			column = hang;
			first = true;
		}
		if (!first) {
			fputc(' ', page->out);
			column++;
		}
		column += put_word(page, text, len, page->width - column);
		first = false;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', page->out);
}

void page_wrap(
	const struct page *page, size_t indent, size_t hang, const char *text)
{
	put_spaces(page->out, indent);
	wrap_from(page, indent, hang, text);
}

void page_labelled(const struct page *page, size_t indent, size_t hang,
	const char *label, const char *text)
{
	put_spaces(page->out, indent);
	fprintf(page->out, "%-*s", (int)(hang - indent), label);
	wrap_from(page, hang, hang, text);
}

void page_line(const struct page *page, size_t indent, const char *text)
{
	put_spaces(page->out, indent);
	fputs(text, page->out);
	fputc('\n', page->out);
}

void page_styled(const struct page *page, enum style style, const char *text)
{
	/* ECMA-48 §8.3.117, select graphic rendition */
	static const char *const codes[] = {
		[STYLE_PLAIN] = "",
		[STYLE_BOLD] = "\033[1m",
		[STYLE_DIM] = "\033[2m",
		[STYLE_RED] = "\033[1;31m",
		[STYLE_YELLOW] = "\033[33m",
		[STYLE_GREEN] = "\033[32m",
	};
	bool color = page->opts->color && style != STYLE_PLAIN;
	fprintf(page->out, "%s%s%s", color ? codes[style] : "", text,
		color ? "\033[m" : "");
}

void add_number(struct buf *out, uint64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, number);
	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_add_byte(out, ',');
		buf_add_byte(out, (unsigned char)digits[i]);
	}
}

void add_counted(struct buf *out, uint64_t number, const char *noun)
{
	add_number(out, number);
	buf_printf(out, " %s%s", noun, number == 1 ? "" : "s");
}

void add_size(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	if (bytes < 1024) {
		add_counted(out, bytes, "byte");
		return;
	}
	size_t unit = 0;
	double size = (double)bytes / 1024;
	while (size >= 1023.95 && unit + 1 < ARRAY_SIZE(units)) {
		size /= 1024;
		unit++;
	}
	buf_printf(out, "%.1f %s", size, units[unit]);
}
