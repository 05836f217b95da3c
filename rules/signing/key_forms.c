#include "rules/signing/key_forms.h"

#include "base/alloc.h"
#include "rules/decoders/encoding.h"

#include <nettle/base16.h>
#include <nettle/base64.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DECODED_LEAST 8 /* bytes; "dead" is a word before it is hex */

static void add_form(
	struct key_forms *forms, const unsigned char *bytes, size_t len)
{
	if (!len || forms->count == KEY_FORMS_MAX)
		return;
	for (size_t i = 0; i < forms->count; i++)
		if (forms->items[i].len == len &&
			!memcmp(forms->items[i].bytes, bytes, len))
			return;
	forms->items[forms->count++] = (struct key_form){ bytes, len };
}

/* Room for `len` bytes; key_forms_make() asked for enough. */
static unsigned char *take_memory(struct key_forms *forms, size_t len)
{
	unsigned char *memory = forms->memory + forms->used;
	forms->used += len;
	return memory;
}

static int digit_value(unsigned char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : 16;
}

/* Up to `most` digits of a base; returns how many there are. */
static size_t read_digits(unsigned *out, const unsigned char *text, size_t len,
	int base, size_t most)
{
	size_t count = 0;
	*out = 0;
	while (count < len && count < most && digit_value(text[count]) < base)
		*out = *out * (unsigned)base +
			(unsigned)digit_value(text[count++]);
	return count;
}

/* What follows a backslash; returns its length, 0 for no escape. Python,
 * "String and Bytes literals"; JavaScript and Ruby have the same ones. */
static size_t read_escape(
	unsigned char *out, const unsigned char *text, size_t len)
{
	static const char letters[] = "abfnrtv\\'\"";
	static const char meanings[] = "\a\b\f\n\r\t\v\\'\"";
	unsigned number;
	size_t digits = read_digits(&number, text, len, 8, 3);
	if (!digits && len && *text == 'x') {
		if (read_digits(&number, text + 1, len - 1, 16, 2) != 2)
			return 0;
		digits = 3;
	}
	if (digits) {
		*out = (unsigned char)number;
		return digits;
	}
	const char *letter = len && *text ? strchr(letters, *text) : NULL;
	if (!letter)
		return 0;
	*out = (unsigned char)meanings[letter - letters];
	return 1;
}

static void add_unescaped(
	struct key_forms *forms, const unsigned char *text, size_t len)
{
	if (!memchr(text, '\\', len))
		return;
	unsigned char *bytes = take_memory(forms, len);
	size_t count = 0;
	for (size_t i = 0; i < len; i++) {
		bytes[count++] = text[i];
		if (text[i] == '\\')
			i += read_escape(
				&bytes[count - 1], text + i + 1, len - i - 1);
	}
	add_form(forms, bytes, count);
}

static void add_hex(
	struct key_forms *forms, const unsigned char *text, size_t len)
{
	struct base16_decode_ctx ctx;
	size_t count = BASE16_DECODE_LENGTH(len);
	unsigned char *bytes = take_memory(forms, count);
	base16_decode_init(&ctx);
	if (base16_decode_update(
		    &ctx, &count, bytes, len, (const char *)text) &&
		base16_decode_final(&ctx) && count >= DECODED_LEAST)
		add_form(forms, bytes, count);
}

/* Either alphabet, with or without padding (RFC 4648 §4, §5). */
static void add_base64(
	struct key_forms *forms, const unsigned char *text, size_t len)
{
	struct base64_decode_ctx ctx;
	bool url = memchr(text, '-', len) || memchr(text, '_', len);
	while (len && text[len - 1] == '=')
		len--;
	size_t count = BASE64_DECODE_LENGTH(len);
	unsigned char *bytes = take_memory(forms, count);
	if (url)
		base64url_decode_init(&ctx);
	else
		base64_decode_init(&ctx);
	if (len % 4 != 1 &&
		base64_decode_update(
			&ctx, &count, bytes, len, (const char *)text) &&
		count >= DECODED_LEAST)
		add_form(forms, bytes, count);
}

static void add_text(
	struct key_forms *forms, const unsigned char *text, size_t len)
{
	add_form(forms, text, len);
	struct encoding_span trimmed = encoding_trim(text, len);
	add_form(forms, trimmed.bytes, trimmed.len);
	add_unescaped(forms, text, len);
	add_hex(forms, trimmed.bytes, trimmed.len);
	add_base64(forms, trimmed.bytes, trimmed.len);
}

/* End of the literal that opens with the quote at `start`, or NULL. */
static const unsigned char *literal_end(
	const unsigned char *start, const unsigned char *end)
{
	for (const unsigned char *at = start + 1; at < end; at++) {
		if (*at == *start)
			return at;
		if (*at == '\\')
			at++;
	}
	return NULL;
}

/* Each of `'a', b"c"`. */
static void add_list(
	struct key_forms *forms, const unsigned char *text, size_t len)
{
	const unsigned char *end = text + len;
	for (size_t i = 0;; i++) {
		while (text < end && *text != '\'' && *text != '"')
			text++;
		const unsigned char *close =
			text < end ? literal_end(text, end) : NULL;
		if (!close)
			return;
		if (i == KEY_TEXTS_MAX) {
			forms->is_cut = true;
			return;
		}
		add_text(forms, text + 1, (size_t)(close - text - 1));
		text = close + 1;
	}
}

void key_forms_make(
	struct key_forms *out, const unsigned char *text, size_t len)
{
	*out = (struct key_forms){ .is_cut = len > KEY_TEXT_MAX };
	if (!len || out->is_cut)
		return;
	/* the text; then, as it is and again as a list, at most as much for
	 * escapes, half for hex, three quarters and three for base64 */
	out->size = 6 * len + 6 * (KEY_TEXTS_MAX + 1);
	out->memory = xmalloc(out->size);
	unsigned char *copy = take_memory(out, len);
	memcpy(copy, text, len);
	add_text(out, copy, len);
	if (memchr(copy, '\'', len) || memchr(copy, '"', len))
		add_list(out, copy, len);
}

void key_forms_clear(struct key_forms *forms)
{
	if (forms->memory)
		explicit_bzero(forms->memory, forms->size);
	free(forms->memory);
	*forms = (struct key_forms){ 0 };
}
