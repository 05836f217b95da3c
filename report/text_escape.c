#include "report/text_escape.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

/* By blocks of Unicode 15: marks drawn over the character before. */
static const struct range zero_width[] = {
	{ 0x0300, 0x036F },
	{ 0x0483, 0x0489 },
	{ 0x0591, 0x05BD },
	{ 0x0610, 0x061A },
	{ 0x064B, 0x065F },
	{ 0x1AB0, 0x1AFF },
	{ 0x1DC0, 0x1DFF },
	{ 0x20D0, 0x20FF },
	{ 0xFE00, 0xFE0F },
	{ 0xFE20, 0xFE2F },
};

/* The same for UAX #11 "W" and "F". */
static const struct range double_width[] = {
	{ 0x1100, 0x115F },
	{ 0x231A, 0x231B },
	{ 0x2E80, 0x303E },
	{ 0x3041, 0x4DBF },
	{ 0x4E00, 0xA4CF },
	{ 0xA960, 0xA97F },
	{ 0xAC00, 0xD7A3 },
	{ 0xF900, 0xFAFF },
	{ 0xFE30, 0xFE6F },
	{ 0xFF01, 0xFF60 },
	{ 0xFFE0, 0xFFE6 },
	{ 0x16FE0, 0x1B2FF },
	{ 0x1F300, 0x1F64F },
	{ 0x1F680, 0x1F6FF },
	{ 0x1F900, 0x1F9FF },
	{ 0x20000, 0x3FFFD },
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

static size_t width_of(uint32_t code)
{
	if (code < 0x300)
		return 1;
	if (in_ranges(zero_width, ARRAY_SIZE(zero_width), code))
		return 0;
	return in_ranges(double_width, ARRAY_SIZE(double_width), code) ? 2 : 1;
}

/* One character of any bytes, as a terminal may see it. */
struct piece {
	size_t len; /* bytes, at least 1 */
	bool plain; /* may be shown as it is */
	size_t width;
};

static struct piece next_piece(const char *at, size_t len, bool utf8)
{
	uint32_t code;
	size_t step = utf8_decode(&code, (const unsigned char *)at, len);
	struct piece piece = { .len = step ? step : 1 };
	piece.plain = step && !utf8_is_unsafe(code) && (utf8 || code < 0x80);
	piece.width = piece.plain ? width_of(code) : 0;
	return piece;
}

/* The letters of git's quote.c and of $'': both read them back. */
static void add_escaped(struct buf *out, const char *bytes, size_t len)
{
	static const char special[] = "\a\b\t\n\v\f\r\"\\'";
	static const char letters[] = "abtnvfr\"\\'";
	for (size_t i = 0; i < len; i++) {
		const char *found = bytes[i] ? strchr(special, bytes[i]) : NULL;
		if (found)
			buf_printf(out, "\\%c", letters[found - special]);
		else
			buf_printf(out, "\\%03o", (unsigned char)bytes[i]);
	}
}

/* Appends; characters of `also` are escaped too. */
static void add_span(struct buf *out, const char *text, size_t left,
	const char *also, bool utf8)
{
	while (left) {
		struct piece piece = next_piece(text, left, utf8);
		if (piece.plain && !strchr(also, *text))
			buf_add(out, text, piece.len);
		else
			add_escaped(out, text, piece.len);
		text += piece.len;
		left -= piece.len;
	}
}

static void add_text(
	struct buf *out, const char *text, const char *also, bool utf8)
{
	add_span(out, text, strlen(text), also, utf8);
}

static bool has_only_plain(const char *text, bool utf8)
{
	size_t left = strlen(text);
	while (left) {
		struct piece piece = next_piece(text, left, utf8);
		if (!piece.plain)
			return false;
		text += piece.len;
		left -= piece.len;
	}
	return true;
}

void text_add_path(struct buf *out, const char *path, bool utf8)
{
	if (has_only_plain(path, utf8) && !strpbrk(path, "\"\\")) {
		buf_add_text(out, path);
		return;
	}
	buf_add_byte(out, '"');
	add_text(out, path, "\"\\", utf8);
	buf_add_byte(out, '"');
}

void text_add_quoted(struct buf *out, const void *bytes, size_t len, bool utf8)
{
	buf_add_byte(out, '"');
	add_span(out, bytes, len, "\"\\", utf8);
	buf_add_byte(out, '"');
}

void text_add(struct buf *out, const char *text, bool utf8)
{
	static const char ellipsis[] = "\xE2\x80\xA6";
	const char *found = utf8 ? NULL : strstr(text, ellipsis);
	while (found) {
		CLEANUP(freep)
		char *before = strndup(text, (size_t)(found - text));
		add_text(out, before, "\\", utf8);
		buf_add_text(out, "...");
		text = found + strlen(ellipsis);
		found = strstr(text, ellipsis);
	}
	add_text(out, text, "\\", utf8);
}

void text_add_prose(struct buf *out, const char *text)
{
	add_text(out, text, "", true);
}

/* Words that no POSIX shell reads in another way, wherever they stand. */
static bool is_bare_word(const char *word)
{
	static const char bare[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_./@%+:,-";
	return *word && strspn(word, bare) == strlen(word);
}

static void add_single_quoted(struct buf *out, const char *word)
{
	buf_add_byte(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_add_text(out, "'\\''");
		else
			buf_add_byte(out, (unsigned char)*word);
	}
	buf_add_byte(out, '\'');
}

void text_add_shell(struct buf *out, const char *word, bool utf8)
{
	if (is_bare_word(word)) {
		buf_add_text(out, word);
	} else if (has_only_plain(word, utf8)) {
		add_single_quoted(out, word);
	} else {
		buf_add_text(out, "$'");
		add_text(out, word, "\\'", utf8);
		buf_add_byte(out, '\'');
	}
}

size_t text_width(const char *text, size_t len)
{
	size_t width = 0;
	while (len) {
		struct piece piece = next_piece(text, len, true);
		width += piece.width;
		text += piece.len;
		len -= piece.len;
	}
	return width;
}

/* Bytes of the longest start of the text within `width` columns. */
static size_t bytes_within(const char *text, size_t len, size_t width)
{
	size_t used = 0;
	size_t at = 0;
	while (at < len) {
		struct piece piece = next_piece(text + at, len - at, true);
		used += piece.width;
		if (used > width)
			break;
		at += piece.len;
	}
	return at;
}

void text_shorten(struct buf *text, size_t width, bool utf8)
{
	size_t total = text_width(text->bytes, text->len);
	if (total <= width)
		return;
	assert(width >= 8);
	const char *mark = utf8 ? "\xE2\x80\xA6" : "...";
	size_t room = width - (utf8 ? 1 : 3);
	size_t front = bytes_within(text->bytes, text->len, room / 3);
	size_t skip = total - (room - text_width(text->bytes, front));
	size_t end = bytes_within(text->bytes, text->len, skip);
	/* a wide character across the cut, or its marks, go as a whole */
	while (end < text->len &&
		(text_width(text->bytes, end) < skip ||
			!next_piece(text->bytes + end, text->len - end, true)
				 .width))
		end += next_piece(text->bytes + end, text->len - end, true).len;
	CLEANUP(freep) char *back = strndup(text->bytes + end, text->len - end);
	text->len = front;
	buf_add_text(text, mark);
	buf_add_text(text, back);
}
