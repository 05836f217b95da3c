/*
 * Takes a content apart: the text of a document, what pieces of text encode,
 * the members of an archive and the tables of a database, and these in turn.
 * Each is pushed while its bytes are there, before what is inside of it.
 *
 * All that is unpacked from one blob has one bound of bytes, members and time.
 */
#ifndef SCANNER_UNPACK_H
#define SCANNER_UNPACK_H

#include "base/err.h"
#include "rules/encoded_search.h"
#include "scanner/archive.h"
#include "scanner/content.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes that are unpacked from one blob: so many for each of its own and
 * UNPACK_FREE_BYTES more, but no more than the greatest number. */
#define UNPACK_RATIO      200
#define UNPACK_FREE_BYTES ((size_t)16 << 20)
#define UNPACK_MAX_BYTES  ((size_t)256 << 20)

#define UNPACK_MAX_MEMBERS 100000
#define UNPACK_BUDGET_MS   10000

/** What becomes of the parts. */
struct unpack_sink {
	/** Takes a content; it is there until the call ends. 0, or negative to
	 * end it all. */
	int (*take)(struct content *content, void *ctx, struct err *err);
	/** Is told what could not be looked at (enum skip_reason). */
	void (*skip)(
		int reason, const char *inner, const char *detail, void *ctx);
	void *ctx;
};

/** One thread's; all zero but for the first three is ready. */
struct unpack {
	struct unpack_sink sink;
	unsigned depth;    /* how deep it goes; 0: not at all */
	bool is_known;     /* a decoder has told what is in the blob */
	int64_t budget_ms; /* 0: UNPACK_BUDGET_MS */
	struct archive_library *library; /* once it was needed */
	struct arena arena;              /* of names, for the present blob */
	struct archive_bounds bounds;    /* what is left of them */
};

/** Begins with a blob of that many bytes. */
void unpack_begin(struct unpack *unpack, size_t len);
void unpack_clear(struct unpack *unpack);

/** Pushes what the content is as a whole: the members of an archive, the tables
 * of a database, or the text of a document. 1 when nothing else is in it, 0
 * when its bytes are text or there was nothing to unpack. */
int unpack_whole(struct unpack *unpack, struct content *content,
	struct err *err) MUST_CHECK;

/** Pushes what the run encodes, which stands in the content. */
int unpack_run(struct unpack *unpack, struct content *content,
	const struct encoded_run *run, struct err *err) MUST_CHECK;

/** Pushes all that is inside of a content. */
int unpack_inside(struct unpack *unpack, struct content *content,
	struct err *err) MUST_CHECK;

#endif
