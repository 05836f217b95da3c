/* Base64 by table-free arithmetic, and zlib with a bound on what it gives. */
#include "rules/decoders/encoding.h"

#include "base/buf.h"

#include <stdint.h>
#define ZLIB_CONST /* next_in points to const */
#include <zlib.h>

#define STEP ((size_t)16 * 1024)

static int digit_of(unsigned char byte, unsigned flags)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	if (((flags & BASE64_STANDARD) && byte == '+') ||
		((flags & BASE64_URL) && byte == '-'))
		return 62;
	if (((flags & BASE64_STANDARD) && byte == '/') ||
		((flags & BASE64_URL) && byte == '_'))
		return 63;
	return -1;
}

static bool is_space(unsigned char byte)
{
	return byte == '\n' || byte == '\r' || byte == ' ' || byte == '\t';
}

/** The length without trailing padding and, if allowed, white space. */
static size_t without_padding(
	const unsigned char *text, size_t len, unsigned flags)
{
	size_t padding = 0;
	while (len) {
		unsigned char last = text[len - 1];
		bool skip = (flags & BASE64_WHITE_SPACE) && is_space(last);
		if (!skip && (last != '=' || padding == 2))
			break;
		padding += last == '=';
		len--;
	}
	return len;
}

bool encoding_base64(struct encoding_span *out, struct arena *arena,
	const unsigned char *text, size_t len, unsigned flags)
{
	len = without_padding(text, len, flags);
	unsigned char *bytes = arena_alloc(arena, len / 4 * 3 + 3);
	size_t used = 0;
	size_t digits = 0;
	uint32_t bits = 0;
	for (size_t at = 0; at < len; at++) {
		if ((flags & BASE64_WHITE_SPACE) && is_space(text[at]))
			continue;
		int digit = digit_of(text[at], flags);
		if (digit < 0)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		if (digits++ % 4) /* six bits over from the digit before */
			bytes[used++] = (unsigned char)(bits >>
				(6 - (digits - 1) % 4 * 2));
	}
	if (digits % 4 == 1)
		return false;
	*out = (struct encoding_span){ .bytes = bytes, .len = used };
	return true;
}

/** Inflates into the buffer; Z_STREAM_END, or why not. */
static int inflate_all(struct buf *out, z_stream *stream)
{
	int rc = Z_OK;
	while (rc == Z_OK) {
		size_t room = out->limit - out->len;
		if (room > STEP)
			room = STEP;
		if (!room || buf_reserve(out, room) < 0)
			return Z_MEM_ERROR;
		stream->next_out = (unsigned char *)out->bytes + out->len;
		stream->avail_out = (uInt)room;
		rc = inflate(stream, Z_NO_FLUSH);
		out->len += room - stream->avail_out;
	}
	return rc;
}

int encoding_inflate(struct encoding_span *out, struct arena *arena,
	const unsigned char *bytes, size_t len, struct err *err)
{
	if (len > UINT32_MAX)
		return err_set(err, ERR_LIMIT, "compressed data too long");
	z_stream stream = {
		.next_in = bytes,
		.avail_in = (uInt)len,
	};
	if (inflateInit(&stream) != Z_OK)
		return err_set(err, ERR_LIMIT, "no memory to inflate");
	CLEANUP(buf_clear) struct buf buf;
	buf_init(&buf, ENCODING_MAX_INFLATED);
	int rc = inflate_all(&buf, &stream);
	inflateEnd(&stream);
	if (rc == Z_MEM_ERROR)
		return err_set(err, ERR_LIMIT,
			"compressed data of more than %zu MiB",
			ENCODING_MAX_INFLATED >> 20);
	if (rc != Z_STREAM_END)
		return 0;
	*out = (struct encoding_span){ .len = buf.len };
	out->bytes =
		(const unsigned char *)arena_memdupz(arena, buf.bytes, buf.len);
	return 1;
}

struct encoding_span encoding_trim(const unsigned char *text, size_t len)
{
	while (len && is_space(text[len - 1]))
		len--;
	while (len && is_space(text[0])) {
		text++;
		len--;
	}
	return (struct encoding_span){ .bytes = text, .len = len };
}
