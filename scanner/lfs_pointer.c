#include "scanner/lfs_pointer.h"

#include <stdio.h>
#include <string.h>

#define MAX_POINTER 1024 /* git-lfs reads no more of one */
#define VERSION     "version https://git-lfs.github.com/spec/v1\n"
#define OID         "oid sha256:"
#define SIZE        "size "

/** What follows `key` in the line that begins at or after *at; NULL when no
 * such line does. */
static const char *value_of(const char *at, const char *end, const char *key)
{
	size_t len = strlen(key);
	while (at < end) {
		if ((size_t)(end - at) > len && !memcmp(at, key, len))
			return at + len;
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		at = newline ? newline + 1 : end;
	}
	return NULL;
}

static bool read_oid(
	char out[LFS_OID_SIZE + 1], const char *at, const char *end)
{
	if (!at || end - at <= LFS_OID_SIZE || at[LFS_OID_SIZE] != '\n')
		return false;
	snprintf(out, LFS_OID_SIZE + 1, "%.*s", LFS_OID_SIZE, at);
	return strspn(out, "0123456789abcdef") == LFS_OID_SIZE;
}

static bool read_size(uint64_t *out, const char *at, const char *end)
{
	uint64_t size = 0;
	const char *start = at;
	for (; at && at < end && *at >= '0' && *at <= '9'; at++) {
		if (size > INT64_MAX / 10 - 1) /* as git-lfs has it */
			return false;
		size = size * 10 + (uint64_t)(*at - '0');
	}
	*out = size;
	return at != start && (at == end || *at == '\n');
}

bool lfs_pointer_parse(
	struct lfs_pointer *out, const unsigned char *bytes, size_t len)
{
	const size_t head = strlen(VERSION);
	if (len <= head || len >= MAX_POINTER || memcmp(bytes, VERSION, head))
		return false;
	const char *at = (const char *)bytes + head;
	const char *end = (const char *)bytes + len;
	return read_oid(out->oid, value_of(at, end, OID), end) &&
		read_size(&out->size, value_of(at, end, SIZE), end);
}
