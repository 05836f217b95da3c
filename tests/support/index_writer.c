#include "tests/support/index_writer.h"

#include <string.h>

static void put32(struct buf *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_add_byte(out, (unsigned char)(value >> shift));
}

static void put16(struct buf *out, unsigned value)
{
	buf_add_byte(out, (unsigned char)(value >> 8));
	buf_add_byte(out, (unsigned char)value);
}

static void put_zeros(struct buf *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add_byte(out, 0);
}

/** 7 bits a byte, the first ones with a 1 to subtract. */
static void put_cut(struct buf *out, size_t cut)
{
	unsigned char bytes[8];
	size_t at = sizeof(bytes);
	bytes[--at] = cut & 0x7f;
	while (cut >>= 7)
		bytes[--at] = (unsigned char)(0x80 | (--cut & 0x7f));
	buf_add(out, bytes + at, sizeof(bytes) - at);
}

static size_t common_len(const char *a, const char *b)
{
	size_t len = 0;
	while (a[len] && a[len] == b[len])
		len++;
	return len;
}

static void put_row(struct buf *out, unsigned version,
	const struct index_row *row, const char *before)
{
	size_t start = out->len;
	size_t len = strlen(row->path);
	put_zeros(out, 24);
	put32(out, row->mode);
	put_zeros(out, 12);
	for (int i = 0; i < 20; i++)
		buf_add_byte(out, row->id);
	bool extended = version > 2 && row->more_flags;
	put16(out,
		(extended ? 0x4000U : 0) | row->stage << 12 |
			(unsigned)(len < 0xfff ? len : 0xfff));
	if (extended)
		put16(out, row->more_flags);
	if (version < 4) {
		buf_add(out, row->path, len);
		put_zeros(out, 8 - (out->len - start) % 8);
		return;
	}
	size_t common = common_len(before, row->path);
	put_cut(out, strlen(before) - common);
	buf_add(out, row->path + common, len - common + 1);
}

void index_write(struct buf *out, unsigned version,
	const struct index_row *rows, uint32_t count)
{
	buf_add_text(out, "DIRC");
	put32(out, version);
	put32(out, count);
	for (uint32_t i = 0; i < count; i++)
		put_row(out, version, &rows[i], i ? rows[i - 1].path : "");
}

void index_write_extension(
	struct buf *out, const char *name, const void *bytes, uint32_t len)
{
	buf_add(out, name, 4);
	put32(out, len);
	buf_add(out, bytes, len);
}

void index_write_end(struct buf *out)
{
	put_zeros(out, 20);
}
