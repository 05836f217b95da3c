/*
 * Errors: a negative code as the return value, one line of text in the
 * caller's struct err. A message names the path, rule, object or option that
 * is at fault, never what a file holds; it has no full stop and no newline.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/cleanup.h"

/** What a function that can fail returns instead of 0 or a positive answer. */
enum err_code {
	ERR_NONE = 0,
	ERR_IO = -1,          /* the system refused: open, read, write, … */
	ERR_PARSE = -2,       /* text that the user wrote is wrong */
	ERR_LIMIT = -3,       /* a bound on size, depth or steps was hit */
	ERR_NOT_FOUND = -4,   /* no such file, object, ref, rule */
	ERR_CORRUPT = -5,     /* bytes that do not follow their format */
	ERR_UNSUPPORTED = -6, /* a known format that this program cannot read */
	ERR_USAGE = -7,       /* the command line is wrong */
	ERR_GIT = -8,         /* libgit2 failed for another reason */
};

/** The caller's error; all zero is "no error". */
struct err {
	int code;
	char msg[512];
};

/** Sets code and message, cut to fit; returns the code. A macro, so that who
 * reads or analyses the caller sees which code it returns. */
#define err_set(err, code, ...) \
	(err_format((err), (code), __VA_ARGS__), err_is(code))

/** As err_set() with ERR_IO, ": " and the text of `errno` appended. */
#define err_errno(err, ...) \
	(err_format_errno((err), __VA_ARGS__), err_is(ERR_IO))

/** What the two macros call; the first gives the code that it was given. */
static inline int err_is(int code)
{
	return code;
}

void err_format(struct err *err, int code, const char *format, ...)
	PRINTF_LIKE(3, 4);
void err_format_errno(struct err *err, const char *format, ...)
	PRINTF_LIKE(2, 3);

/** Puts a prefix and ": " before the message; returns the code it had. */
int err_prefix(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
