/*
 * Pointers of Git LFS: small text files that stand for content kept elsewhere
 * (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md, "The Pointer").
 */
#ifndef SCANNER_LFS_POINTER_H
#define SCANNER_LFS_POINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LFS_OID_SIZE 64 /* hexadecimal digits of a SHA-256 */

struct lfs_pointer {
	char oid[LFS_OID_SIZE + 1];
	uint64_t size; /* bytes of the content */
};

/** Reads one; false when the bytes are none. */
bool lfs_pointer_parse(
	struct lfs_pointer *out, const unsigned char *bytes, size_t len);

#endif
