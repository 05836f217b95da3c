#include "scanner/objects/delta.h"

#include "base/array.h"

#include <stdint.h>
#include <string.h>

static bool parse_size(
	size_t *out, const unsigned char **bytes, const unsigned char *end)
{
	uint64_t size = 0;
	unsigned char byte = 0;
	unsigned shift = 0;
	do {
		if (*bytes == end || shift > 64 - 7)
			return false;
		byte = *(*bytes)++;
		size |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
	} while (byte & 0x80);
	*out = (size_t)size;
	return size <= SIZE_MAX;
}

bool delta_parse(struct delta *out, const unsigned char *bytes, size_t len)
{
	*out = (struct delta){ 0 };
	if (!len)
		return false; /* and `bytes` may be NULL */
	const unsigned char *end = bytes + len;
	if (!parse_size(&out->base_size, &bytes, end) ||
		!parse_size(&out->result_size, &bytes, end))
		return false;
	out->instructions = bytes;
	out->len = (size_t)(end - bytes);
	return true;
}

#define COPY_MAX   7  /* bytes behind the first one of a copy */
#define COPY_READ  8  /* bytes there that are read at once */
#define COPY_WHOLE 64 /* bytes that are copied at least, if they are there */

/* What follows the first byte of a copy. */
struct copy {
	size_t offset;
	size_t size;
};

/* "Instruction to copy from base object": the low bits of the first byte say
 * which bytes of offset and size follow. */
static const unsigned char *parse_any_copy(struct copy *out, unsigned char op,
	const unsigned char *at, const unsigned char *end)
{
	uint64_t value = 0;
	for (unsigned bit = 0; bit < COPY_MAX; bit++) {
		if (!(op >> bit & 1U))
			continue;
		if (at == end)
			return NULL;
		value |= (uint64_t)*at++ << 8 * bit;
	}
	out->offset = (size_t)(value & UINT32_MAX);
	out->size = (size_t)(value >> 32);
	return at;
}

/* Compilers make one load of it. */
static uint32_t read_four(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
		(uint32_t)at[3] << 24;
}

/* The same, for the most part without a loop: of a number the lowest bytes
 * follow, and how many do is hard to foretell. A size of 0 is 0x10000. */
static const unsigned char *parse_copy(struct copy *out, unsigned char op,
	const unsigned char *at, const unsigned char *end)
{
	/* by the bits: 0, 1, 3, 7 and 15 for so many of the lowest */
	static const unsigned char counts[] = {
		[1] = 1, [3] = 2, [7] = 3, [15] = 4
	};
	static const uint32_t masks[] = { 0, 0xff, 0xffff, 0xffffff,
		UINT32_MAX };
	unsigned offset_bits = op & 15U;
	unsigned size_bits = op >> 4 & 7U;
	bool has_gap =
		offset_bits & (offset_bits + 1) || size_bits & (size_bits + 1);
	if (has_gap || end - at < COPY_READ) {
		at = parse_any_copy(out, op, at, end);
	} else {
		out->offset = read_four(at) & masks[counts[offset_bits]];
		at += counts[offset_bits];
		out->size = read_four(at) & masks[counts[size_bits]];
		at += counts[size_bits];
	}
	if (!out->size)
		out->size = 0x10000;
	return at;
}

/* Adds a copy, or makes the last one longer where this continues it. */
static void note_copy(
	struct delta_copies *copies, size_t at, size_t from, size_t len)
{
	if (copies->count) {
		struct object_copy *last = &copies->items[copies->count - 1];
		if (last->at + last->len == at &&
			last->from + last->len == from) {
			last->len += len;
			return;
		}
	}
	ARRAY_GROW(copies->items, copies->count, copies->capacity);
	copies->items[copies->count++] = (struct object_copy){ at, from, len };
}

/* Copies `len` bytes to where `room` have their place from where `known` can be
 * read. Most are few, and to copy more of them is faster than to choose. */
static void copy_bytes(unsigned char *out, size_t room,
	const unsigned char *from, size_t known, size_t len)
{
	if (len <= COPY_WHOLE && room >= COPY_WHOLE && known >= COPY_WHOLE)
		memcpy(out, from, COPY_WHOLE);
	else
		memcpy(out, from, len);
}

bool delta_apply(unsigned char *out, const struct delta *delta,
	const unsigned char *base, struct delta_copies *copies)
{
	copies->count = 0;
	const unsigned char *at = delta->instructions;
	const unsigned char *end = at + delta->len;
	size_t left = delta->result_size;
	while (at < end) {
		unsigned char op = *at++;
		const unsigned char *from = at;
		size_t known = (size_t)(end - at);
		struct copy copy = { 0 };
		size_t size = op;
		if (op & 0x80) {
			at = parse_copy(&copy, op, at, end);
			size = copy.size;
			if (!at || copy.offset > delta->base_size ||
				size > delta->base_size - copy.offset)
				return false;
			from = base + copy.offset;
			known = delta->base_size - copy.offset;
		} else {
			if (op == 0 || known < size)
				return false;
			at += size;
		}
		if (size > left)
			return false;
		if (op & 0x80)
			note_copy(copies, delta->result_size - left,
				copy.offset, size);
		copy_bytes(out, left, from, known, size);
		out += size;
		left -= size;
	}
	return left == 0;
}
