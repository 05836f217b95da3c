/*
 * Checksums: what the format of a secret lets anybody verify offline, without
 * asking whoever issued it. Pure functions of bounded time over the bytes that
 * a pattern took. A value that fails is not a secret of that format: a rule
 * with `checksum` drops it.
 *
 * One row a format: checksum.c has the table, checksum_*.c the functions, each
 * with the page that documents it.
 */
#ifndef RULES_CHECKSUM_H
#define RULES_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>

/** Longer values are not looked at, and do not hold. */
#define CHECKSUM_MAX_LEN ((size_t)64 * 1024)

/** What was learned on the way: short ASCII that is no secret, such as
 * "RSA, 2048 bits"; "" for nothing. */
struct checksum_detail {
	char text[64];
};

struct checksum {
	const char *name;    /* as rule files say it */
	const char *summary; /* one line, for `rules show` and docs */
	bool proves;         /* a sum over all of it holds, or it was read to
				its end: nobody makes up such a value by hand */
	/** `detail` is "" on entry. */
	bool (*holds)(struct checksum_detail *detail,
		const unsigned char *bytes, size_t len);
};

/** All of them, sorted by name, NULL-ended. */
extern const struct checksum *const checksums[];

/** The checksum of that name, or NULL. */
const struct checksum *checksum_find(const char *name);

/** True when the value holds; then `detail` is filled in. */
bool checksum_holds(const struct checksum *checksum,
	struct checksum_detail *detail, const unsigned char *bytes, size_t len);

#endif
