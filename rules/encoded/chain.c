#include "rules/encoded/chain.h"

#include "rules/encoded/alphabet.h"
#include "rules/encoded/block.h"

#include <string.h>

static bool is_indent(unsigned char byte)
{
	return byte == ' ' || byte == '\t';
}

/* Where the digits that end at `end` begin. The letter of an escaped line break
 * is none of them. */
static size_t line_start(const struct text *text, size_t end)
{
	const unsigned char *bytes = text->bytes;
	size_t at = end;
	while (at > 0 && is_base64(bytes[at - 1]))
		at--;
	if (at > 0 && at < end &&
		is_escaped_break(bytes + at - 1, text->len - at + 1))
		at++;
	return at;
}

static size_t line_end(const struct text *text, size_t at)
{
	while (at < text->len && is_base64(text->bytes[at]))
		at++;
	return at;
}

bool text_has_digit(const struct text *text, size_t at)
{
	return (at < text->len && is_base64(text->bytes[at])) ||
		(at > 0 && is_base64(text->bytes[at - 1]));
}

struct line line_at(const struct text *text, size_t at)
{
	size_t end = line_end(text, at);
	return (struct line){ line_start(text, end), end };
}

/* Length of the line break at a place, indentation included; 0: there is
 * none. */
static size_t break_at(const struct text *text, size_t at)
{
	const unsigned char *bytes = text->bytes + at;
	size_t len = text->len - at;
	size_t i = 0;
	if (is_escaped_break(bytes, len)) {
		i = 2;
		if (bytes[1] == 'r' && is_escaped_break(bytes + 2, len - 2) &&
			bytes[3] == 'n')
			i = 4;
		return i;
	}
	i += i < len && bytes[i] == '\\';
	i += i < len && bytes[i] == '\r';
	if (i == len || bytes[i] != '\n')
		return 0;
	i++;
	size_t indent = i;
	while (i < len && is_indent(bytes[i]) && i - indent < LINE_INDENT_MAX)
		i++;
	return i;
}

static bool is_of_break(const struct text *text, size_t at)
{
	unsigned char byte = text->bytes[at];
	if (is_indent(byte) || byte == '\n' || byte == '\r' || byte == '\\' ||
		byte == '=')
		return true;
	return at > 0 &&
		is_escaped_break(text->bytes + at - 1, text->len - at + 1);
}

size_t line_before(const struct text *text, size_t at)
{
	while (at > 0 && is_base64(text->bytes[at - 1]) &&
		!is_of_break(text, at - 1))
		at--;
	size_t end = at;
	while (end > 0 && at - end < LINE_BREAK_MAX &&
		is_of_break(text, end - 1))
		end--;
	return end > 0 && end < at && is_base64(text->bytes[end - 1])
		? end
		: TEXT_NONE;
}

size_t line_behind(const struct text *text, size_t at)
{
	size_t end = line_end(text, at);
	size_t start = end;
	while (start < text->len && start - end < LINE_BREAK_MAX &&
		(is_of_break(text, start)))
		start++;
	return start < text->len && start > end && is_base64(text->bytes[start])
		? start
		: TEXT_NONE;
}

/* The digits that a line break parts from `start`; false where there are none.
 * Also tells how far it looked. */
static bool previous_line(
	struct line *out, size_t *seen, const struct text *text, size_t start)
{
	const unsigned char *bytes = text->bytes;
	size_t at = start;
	while (at > 0 && is_indent(bytes[at - 1]))
		at--;
	if (at > 1 && is_escaped_break(bytes + at - 2, 2)) {
		at -= 2;
		if (at > 1 && bytes[at - 2] == '\\' && bytes[at - 1] == 'r')
			at -= 2;
	} else if (at > 0 && bytes[at - 1] == '\n') {
		at--;
		at -= at > 0 && bytes[at - 1] == '\r';
		at -= at > 0 && bytes[at - 1] == '\\';
	}
	*out = (struct line){ line_start(text, at), at };
	*seen = out->start ? out->start - 1 : 0;
	*seen -= *seen > 0;
	return out->end > out->start && at + break_at(text, at) == start;
}

/* Bytes of padding behind a line, at most two. */
static size_t padding_at(const struct text *text, size_t at)
{
	size_t end = at;
	while (end < text->len && end - at < 2 && text->bytes[end] == '=')
		end++;
	return end - at;
}

static bool ends_well(const struct text *text, size_t end)
{
	end += padding_at(text, end);
	if (end == text->len)
		return true;
	switch (text->bytes[end]) {
	case '\r':
	case '\n':
	case '"':
	case '\'':
	case '`':
	case '\\':
	case '<':
	case ',':
		return true;
	default:
		return false;
	}
}

static bool goes_on(const struct text *text, struct line a, struct line b)
{
	return a.end - a.start >= ENCODED_RUN_MIN && b.end > b.start &&
		b.end - b.start <= a.end - a.start && ends_well(text, b.end);
}

void chain_of(struct chain *out, const struct text *text, struct line line)
{
	*out = (struct chain){ .start = line.start, .first_end = line.end };
	struct line near;
	struct line first = line;
	while (previous_line(&near, &out->seen_start, text, first.start) &&
		goes_on(text, near, first))
		first = near;
	out->start = first.start;
	out->first_end = first.end;
	size_t gap;
	size_t padding;
	for (;;) {
		padding = padding_at(text, line.end);
		gap = padding ? 0 : break_at(text, line.end);
		near.start = line.end + padding + gap;
		near.end = gap ? line_end(text, near.start) : near.start;
		if (!gap || !goes_on(text, line, near))
			break;
		line = near;
	}
	/* as ends_well() and break_at() look */
	out->seen_end = near.end + 2 * LINE_BREAK_MAX;
	if (out->seen_end > text->len)
		out->seen_end = text->len;
	out->end = line.end + padding;
	out->padded = padding != 0;
}

/* What the chain encodes. */

/* So many units of text in a row, on one line, are no coincidence. */
#define BASE64_UNITS 6 /* 18 bytes */
#define HEX_UNITS    16

/* How digits without a break are decoded. */
struct scheme {
	size_t digits, bytes; /* of a unit */
	size_t units;         /* to be text */
	void (*decode)(unsigned char *out, const unsigned char *digits);
};

static void decode_base64(unsigned char *out, const unsigned char *digits)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < 4; i++)
		bits = bits << 6 | base64_values[digits[i]];
	out[0] = (unsigned char)(bits >> 16);
	out[1] = (unsigned char)(bits >> 8);
	out[2] = (unsigned char)bits;
}

static void decode_hex(unsigned char *out, const unsigned char *digits)
{
	*out = (unsigned char)(hex_values[digits[0]] << 4 |
		hex_values[digits[1]]);
}

static const struct scheme base64_scheme = { 4, 3, BASE64_UNITS,
	decode_base64 };
static const struct scheme hex_scheme = { 2, 1, HEX_UNITS, decode_hex };

static bool is_text(unsigned char byte)
{
	return (byte >= ' ' && byte < 0x7F) || byte == '\n' || byte == '\r' ||
		byte == '\t';
}

/* Bytes of text in a row so far, in ASCII and in UTF-16 of ASCII. */
struct streak {
	size_t plain, wide;
	unsigned char last;
};

static void add_byte(struct streak *streak, unsigned char byte)
{
	bool text = is_text(byte);
	bool wide = text ? !streak->last : !byte && is_text(streak->last);
	streak->plain = text ? streak->plain + 1 : 0;
	streak->wide = wide ? streak->wide + 1 : 0;
	streak->last = byte;
}

/* The first digits of a line that stand for text, if its first unit begins
 * `offset` digits behind its start; TEXT_NONE: there are none. */
static size_t find_text_at(const struct scheme *scheme, size_t offset,
	const unsigned char *bytes, struct line line)
{
	const size_t enough = scheme->units * scheme->bytes;
	struct streak streak = { .last = 1 };
	for (size_t at = line.start + offset; at + scheme->digits <= line.end;
		at += scheme->digits) {
		unsigned char decoded[3];
		scheme->decode(decoded, bytes + at);
		for (size_t i = 0; i < scheme->bytes; i++)
			add_byte(&streak, decoded[i]);
		if (streak.plain >= enough || streak.wide + 1 >= enough)
			return at + scheme->digits -
				scheme->units * scheme->digits;
	}
	return TEXT_NONE;
}

/* Tells most lines at once. */
static bool may_hold_text(const unsigned char *bytes, struct line line)
{
	for (size_t at = line.start; line.end - at >= WINDOW; at += STRIDE)
		if (window_is_telling(bytes + at))
			return true;
	return false;
}

static size_t find_text(const struct scheme *scheme, const unsigned char *bytes,
	struct line line)
{
	if (!may_hold_text(bytes, line))
		return TEXT_NONE;
	for (size_t offset = 0; offset < scheme->digits; offset++) {
		size_t found = find_text_at(scheme, offset, bytes, line);
		if (found != TEXT_NONE)
			return found;
	}
	return TEXT_NONE;
}

static bool starts_with(
	const unsigned char *digits, size_t len, const char *start)
{
	size_t start_len = strlen(start);
	return len > start_len && !memcmp(digits, start, start_len);
}

bool digits_are_packed(const unsigned char *digits, size_t len)
{
	switch (len ? *digits : 0) {
	case 'H': /* gzip */
		return starts_with(digits, len, "H4sI");
	case 'U': /* zip */
		return starts_with(digits, len, "UEsDB");
	case 'Q': /* bzip2 */
		return starts_with(digits, len, "Qlpo");
	case '/': /* xz; UTF-16 with a byte order mark */
	case '_':
		return starts_with(digits + 1, len - 1, "Td6W") ||
			starts_with(digits + 1, len - 1, "v8A") ||
			(len > 3 && digits[1] == digits[0] &&
				(digits[2] == '4' || digits[2] == '5'));
	case 'K': /* zstd */
		return starts_with(digits, len, "KLUv");
	default:
		return false;
	}
}

static bool is_hex_line(const unsigned char *bytes, struct line line)
{
	while (line.start < line.end && is_hex(bytes[line.start]))
		line.start++;
	return line.start == line.end;
}

/* Where a chain of base64 or hexadecimal digits has to be decoded from, so that
 * there is text; TEXT_NONE: from nowhere. Short lines do not tell: of these a
 * search sees no window. */
static size_t decoding_start(const struct scheme *scheme,
	const struct text *text, const struct chain *chain, size_t start)
{
	struct line line = { start, line_end(text, start) };
	size_t digits = 0;
	while (line.start < chain->end && line.end > line.start) {
		size_t len = line.end - line.start;
		size_t found = len < ENCODED_RUN_MIN
			? TEXT_NONE
			: find_text(scheme, text->bytes, line);
		if (found != TEXT_NONE)
			return start +
				(digits + found - line.start) % scheme->digits;
		digits += len;
		line.start = line.end + break_at(text, line.end);
		line.end = line_end(text, line.start);
	}
	return TEXT_NONE;
}

bool chain_judge(struct encoded_run *out, const struct text *text,
	const struct chain *chain)
{
	const unsigned char *bytes = text->bytes;
	size_t start = chain->start;
	const struct line first = { start, chain->first_end };
	*out = (struct encoded_run){
		.start = start,
		.end = chain->end,
		.seen_start = chain->seen_start,
		.seen_end = chain->seen_end,
		.encoding = ENCODING_BASE64,
	};
	if (digits_are_packed(bytes + start, first.end - start))
		return true;
	if (bytes[start] == '0' && (bytes[start + 1] | ' ') == 'x')
		start += 2;
	const struct scheme *scheme = &base64_scheme;
	if (is_hex_line(bytes, (struct line){ start, first.end })) {
		scheme = &hex_scheme;
		out->encoding = ENCODING_HEX;
	} else {
		start = chain->start;
	}
	out->start = decoding_start(scheme, text, chain, start);
	return out->start != TEXT_NONE;
}
