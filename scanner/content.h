/*
 * What is matched: a blob, or what was unpacked or decoded from it, and where
 * that stands in the blob.
 */
#ifndef SCANNER_CONTENT_H
#define SCANNER_CONTENT_H

#include "rules/encoded/decode.h"
#include "scanner/finding.h"
#include "scanner/region.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum content_kind {
	CONTENT_BLOB,
	CONTENT_MEMBER,   /* a file in an archive */
	CONTENT_VALUES,   /* the rows of a table, the values of a pickle */
	CONTENT_DOCUMENT, /* another form of all of it: the text of UTF-16 */
	CONTENT_RUN,      /* what a piece of its text encodes */
};

struct content {
	int kind; /* enum content_kind */
	const unsigned char *bytes;
	size_t len;
	struct content *outer; /* what it comes from; NULL for a blob */
	uint32_t encodings;    /* all that were undone */
	unsigned depth;        /* how many */
	const char *inner;     /* path inside of the blob, or NULL */
	const char *name;      /* of a member: its path, without the archives
				  around it; of a table: its name */

	/* where places are: of a document or run in its `outer`, else lines */
	struct decode_cursor cursor;
	size_t start; /* of the encoded text in `outer` */
	struct line_cursor lines;
};

void content_init_blob(
	struct content *content, const unsigned char *bytes, size_t len);

/** What a text in another content encodes. */
struct decoded_text {
	int kind; /* CONTENT_DOCUMENT or CONTENT_RUN */
	int encoding;
	const unsigned char *text; /* in the other one */
	size_t text_len;
	const unsigned char *bytes; /* undone */
	size_t len;
};

/** A document or run; all is borrowed. */
void content_init_decoded(struct content *content, struct content *outer,
	const struct decoded_text *decoded);

/** A part of a file: its blob or member, and the span there. */
struct content_place {
	struct content *file;
	size_t start, end;
};

/** Where a half-open span of the content stands in its file, encoded. */
struct content_place content_place(
	struct content *content, size_t start, size_t end);

/** The same as lines and columns. */
struct region content_region(struct content *content, size_t start, size_t end);

#endif
