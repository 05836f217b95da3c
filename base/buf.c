#include "base/buf.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t limit)
{
	*buf = (struct buf){ .limit = limit };
}

void buf_clear(struct buf *buf)
{
	free(buf->bytes);
	buf_init(buf, buf->limit);
}

void buf_reset(struct buf *buf)
{
	buf->len = 0;
	buf->failed = false;
	if (buf->bytes)
		buf->bytes[0] = '\0';
}

int buf_reserve(struct buf *buf, size_t len)
{
	size_t limit = buf->limit ? buf->limit : SIZE_MAX / 4;
	if (len > limit || buf->len > limit - len) {
		buf->failed = true;
		return ERR_LIMIT;
	}
	size_t needed = buf->len + len + 1;
	if (needed <= buf->capacity)
		return 0;
	size_t capacity = buf->capacity ? buf->capacity : 64;
	while (capacity < needed)
		capacity *= 2;
	if (buf->limit && capacity > buf->limit + 1)
		capacity = buf->limit + 1;
	buf->bytes = xreallocarray(buf->bytes, capacity, 1);
	buf->capacity = capacity;
	buf->bytes[buf->len] = '\0';
	return 0;
}

int buf_add(struct buf *buf, const void *bytes, size_t len)
{
	int rc = buf_reserve(buf, len);
	if (rc < 0)
		return rc;
	if (len)
		memcpy(buf->bytes + buf->len, bytes, len);
	buf->len += len;
	buf->bytes[buf->len] = '\0';
	return 0;
}

int buf_add_text(struct buf *buf, const char *text)
{
	return buf_add(buf, text, strlen(text));
}

int buf_add_byte(struct buf *buf, unsigned char byte)
{
	return buf_add(buf, &byte, 1);
}

int buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(length >= 0);
	int rc = buf_reserve(buf, (size_t)length);
	if (rc == 0) {
		vsnprintf(buf->bytes + buf->len, (size_t)length + 1, format,
			again);
		buf->len += (size_t)length;
	}
	va_end(again);
	return rc;
}

char *buf_steal(struct buf *buf)
{
	char *bytes = buf->bytes ? buf->bytes : xmemdupz("", 0);
	buf_init(buf, buf->limit);
	return bytes;
}
