/*
 * A byte buffer with a limit. A size that comes from a repository, a file or
 * a peer is only ever met through one: growing past the limit fails with
 * ERR_LIMIT and leaves the buffer as it was.
 *
 * Invariant: where `bytes` is not NULL, bytes[len] is NUL, so that text can be
 * read in place; the bytes themselves may hold NULs.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** Open to read; written through the functions below alone. */
struct buf {
	char *bytes;
	size_t len;
	size_t capacity;
	size_t limit; /* greatest len; 0 is no limit, for text of our own */
	bool failed;  /* an append was refused since init or reset */
};

/** An empty buffer that holds at most `limit` bytes; 0 is no limit. */
void buf_init(struct buf *buf, size_t limit);

/** Frees the bytes; the buffer is empty, keeps its limit, can be used. */
void buf_clear(struct buf *buf);

/** Empties the buffer and keeps its memory for the next use. */
void buf_reset(struct buf *buf);

/** Appends. ERR_LIMIT when the limit would be passed: nothing is appended. */
int buf_add(struct buf *buf, const void *bytes, size_t len);
int buf_add_text(struct buf *buf, const char *text);
int buf_add_byte(struct buf *buf, unsigned char byte);
int buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);

/** Room for `len` more bytes at bytes + len; the caller then raises len. */
int buf_reserve(struct buf *buf, size_t len) MUST_CHECK;

/** Hands over the bytes (never NULL, NUL-ended); the buffer is empty then. */
char *buf_steal(struct buf *buf);

#endif
