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
#define COPY_WHOLE 64 /* bytes that are copied at least, if they are there */

/* "Instruction to copy from base object": the low bits of the first byte say
 * which bytes of offset and size follow; a size of 0 is 0x10000. Which do is
 * hard to foretell, so that bytes which do not follow are taken as well, and
 * made zero. */
static const unsigned char *parse_copy(size_t *offset, size_t *size,
	unsigned char op, const unsigned char *at, const unsigned char *end)
{
	unsigned char last[COPY_MAX] = { 0 };
	size_t len = (size_t)__builtin_popcount(op & 0x7fU);
	const unsigned char *behind = at + len;
	if (end - at < COPY_MAX) {
		if ((size_t)(end - at) < len)
			return NULL;
		at = memcpy(last, at, len);
	}
	uint64_t value = 0;
	for (unsigned bit = 0; bit < COPY_MAX; bit++) {
		uint64_t follows = op >> bit & 1U;
		value |= (*at & (0 - follows)) << 8 * bit;
		at += follows;
	}
	*offset = (size_t)(value & UINT32_MAX);
	*size = value >> 32 ? (size_t)(value >> 32) : 0x10000;
	return behind;
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
		size_t offset = 0;
		size_t size = op;
		if (op & 0x80) {
			at = parse_copy(&offset, &size, op, at, end);
			if (!at || offset > delta->base_size ||
				size > delta->base_size - offset)
				return false;
			from = base + offset;
			known = delta->base_size - offset;
		} else {
			if (op == 0 || known < size)
				return false;
			at += size;
		}
		if (size > left)
			return false;
		if (op & 0x80)
			note_copy(copies, delta->result_size - left, offset,
				size);
		copy_bytes(out, left, from, known, size);
		out += size;
		left -= size;
	}
	return left == 0;
}
