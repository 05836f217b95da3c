/* Indexes byte by byte, gitformat-index(5), for tests of what reads them. */
#ifndef TESTS_SUPPORT_INDEX_WRITER_H
#define TESTS_SUPPORT_INDEX_WRITER_H

#include "base/buf.h"

#include <stdint.h>

/** An entry to be written. */
struct index_row {
	const char *path;
	uint32_t mode;
	unsigned stage;
	unsigned char id;    /* fills the object id */
	uint16_t more_flags; /* versions 3 and 4 */
};

/** Appends header and entries, in the form of the version. */
void index_write(struct buf *out, unsigned version,
	const struct index_row *rows, uint32_t count);

/** Appends an extension. */
void index_write_extension(
	struct buf *out, const char *name, const void *bytes, uint32_t len);

/** Appends a checksum of zeros. */
void index_write_end(struct buf *out);

#endif
