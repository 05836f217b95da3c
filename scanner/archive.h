/*
 * Archives and compressed files in memory: zip, tar, gzip, bzip2, xz, zstd. The
 * only way to libarchive in this program.
 *
 * The library is loaded when the first archive is met. Few scans meet one, and
 * the libraries that it brings along (for XML and Unicode) would take longer to
 * load than a hook has in all. Nothing is ever written to disk, no other
 * program is run.
 */
#ifndef SCANNER_ARCHIVE_H
#define SCANNER_ARCHIVE_H

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How bytes begin that archive_each() can read: ENCODING_ZIP and so on, of the
 * outermost layer; else ENCODING_NONE. */
int archive_encoding(const unsigned char *bytes, size_t len);

struct archive_library;

/** Loads it. ERR_UNSUPPORTED when it is not installed. Caller frees. */
int archive_library_open(
	struct archive_library **out, struct err *err) MUST_CHECK;
void archive_library_free(struct archive_library *library);
DEFINE_CLEANUP(
	archive_library_freep, struct archive_library, archive_library_free)

enum member_status {
	MEMBER_WHOLE,
	MEMBER_CUT,       /* it is larger than a bound: `bytes` is its start */
	MEMBER_ENCRYPTED, /* and could not be read, as with the next two */
	MEMBER_UNKNOWN,   /* packed in a way that is not known */
	MEMBER_BROKEN,
};

/** A file in an archive. */
struct archive_member {
	const char *name; /* "" when it has none; raw bytes */
	int status;       /* enum member_status */
	int encoding;     /* of the archive */
	const unsigned char *bytes;
	size_t len;
};

/** What may be read, counted down. */
struct archive_bounds {
	size_t bytes;
	size_t members; /* directories and links count, too */
	int64_t deadline_ms;
};

/** True when nothing more may be read. */
bool archive_bounds_are_met(const struct archive_bounds *bounds);

/** Takes a member, whose bytes are borrowed for the call. 0 go on, negative
 * ends it. */
typedef int archive_sink(
	const struct archive_member *member, void *ctx, struct err *err);

/**
 * Pushes the regular files of an archive, in its order. 0 when it was read to
 * its end; ERR_CORRUPT when it breaks off or is none, ERR_LIMIT when a bound
 * was met; else what the sink ended it with.
 */
int archive_each(const struct archive_library *library,
	const unsigned char *bytes, size_t len, struct archive_bounds *bounds,
	archive_sink *sink, void *ctx, struct err *err) MUST_CHECK;

#endif
