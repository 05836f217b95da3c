#include "rules/signature.h"

#include "base/buf.h"

#include <string.h>

/* What was read so far; `len` bytes from `offset` on. */
struct parse {
	size_t offset;
	size_t len;
	unsigned char low[SIGNATURE_MAX_LEN];
	unsigned char high[SIGNATURE_MAX_LEN];
	bool selective; /* some byte is not any */
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value of two hex digits, or -1. Reads no further than a NUL. */
static int hex_byte(const char *text)
{
	int high = hex_digit(text[0]);
	int low = high < 0 ? -1 : hex_digit(text[1]);
	return low < 0 ? -1 : high * 16 + low;
}

static int add_byte(struct parse *parse, int low, int high, struct err *err)
{
	if (parse->len == SIGNATURE_MAX_LEN)
		return err_set(err, ERR_PARSE, "spans more than %d bytes",
			SIGNATURE_MAX_LEN);
	parse->low[parse->len] = (unsigned char)low;
	parse->high[parse->len] = (unsigned char)high;
	parse->len++;
	if (low > 0 || high < 0xff)
		parse->selective = true;
	return 0;
}

static int go_on_at(
	struct parse *parse, const char *digits, size_t count, struct err *err)
{
	size_t target = 0;
	for (size_t i = 0; i < count; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return err_set(
				err, ERR_PARSE, "'@' wants a decimal offset");
		target = target * 10 + (size_t)(digits[i] - '0');
		if (target > SIGNATURE_MAX_OFFSET)
			return err_set(err, ERR_PARSE, "offset over %d",
				SIGNATURE_MAX_OFFSET);
	}
	if (!count)
		return err_set(err, ERR_PARSE, "'@' wants a decimal offset");
	if (!parse->len) {
		parse->offset = target;
		return 0;
	}
	if (target < parse->offset + parse->len)
		return err_set(err, ERR_PARSE, "'@%zu' goes back", target);
	int rc = 0;
	while (rc == 0 && parse->offset + parse->len < target)
		rc = add_byte(parse, 0, 0xff, err);
	return rc;
}

static int take_token(
	struct parse *parse, const char *token, size_t len, struct err *err)
{
	if (token[0] == '@')
		return go_on_at(parse, token + 1, len - 1, err);
	if (len == 2 && !memcmp(token, "??", 2))
		return add_byte(parse, 0, 0xff, err);
	int low = len == 2 || len == 5 ? hex_byte(token) : -1;
	int high = len == 5 && token[2] == '-' ? hex_byte(token + 3) : -1;
	if (len == 2)
		high = low;
	if (low < 0 || high < 0)
		return err_set(err, ERR_PARSE,
			"each part is '5a', '30-39', '\?\?' or '@16'");
	if (low > high)
		return err_set(
			err, ERR_PARSE, "'%02x-%02x' is empty", low, high);
	return add_byte(parse, low, high, err);
}

int signature_parse(struct rule_signature *out, struct arena *arena,
	const char *text, struct err *err)
{
	struct parse parse = { 0 };
	for (;;) {
		text += strspn(text, " \n");
		size_t len = strcspn(text, " \n");
		if (!len)
			break;
		int rc = take_token(&parse, text, len, err);
		if (rc < 0)
			return rc;
		text += len;
	}
	if (!parse.selective)
		return err_set(err, ERR_PARSE, "matches any bytes");
	out->offset = parse.offset;
	out->len = parse.len;
	out->low = (unsigned char *)arena_memdupz(arena, parse.low, parse.len);
	out->high =
		(unsigned char *)arena_memdupz(arena, parse.high, parse.len);
	return 0;
}

static bool is_any(const struct rule_signature *signature, size_t at)
{
	return signature->low[at] == 0 && signature->high[at] == 0xff;
}

/* Writes one byte, or "@N" for a run of three or more of any; returns the
 * number of bytes told. A run at the end is written out: it asks for length. */
static size_t add_text(
	struct buf *buf, const struct rule_signature *signature, size_t at)
{
	size_t end = at;
	while (end < signature->len && is_any(signature, end))
		end++;
	const char *space = buf->len ? " " : "";
	if (end - at > 2 && end < signature->len && at > 0) {
		buf_printf(buf, "%s@%zu", space, signature->offset + end);
		return end - at;
	}
	unsigned low = signature->low[at];
	unsigned high = signature->high[at];
	if (is_any(signature, at))
		buf_printf(buf, "%s?\?", space);
	else if (low == high)
		buf_printf(buf, "%s%02x", space, low);
	else
		buf_printf(buf, "%s%02x-%02x", space, low, high);
	return 1;
}

const char *signature_text(
	struct arena *arena, const struct rule_signature *signature)
{
	CLEANUP(buf_clear) struct buf buf;
	buf_init(&buf, 0);
	if (signature->offset)
		buf_printf(&buf, "@%zu", signature->offset);
	for (size_t at = 0; at < signature->len;)
		at += add_text(&buf, signature, at);
	return arena_memdupz(arena, buf.bytes, buf.len);
}

static bool signature_fits(const struct rule_signature *signature,
	const unsigned char *bytes, size_t len)
{
	if (signature->offset > len || signature->len > len - signature->offset)
		return false;
	bytes += signature->offset;
	for (size_t i = 0; i < signature->len; i++)
		if (bytes[i] < signature->low[i] ||
			bytes[i] > signature->high[i])
			return false;
	return true;
}

bool signatures_fit(
	const struct rule *rule, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < rule->signature_count; i++)
		if (signature_fits(&rule->signatures[i], bytes, len))
			return true;
	return !rule->signature_count;
}
