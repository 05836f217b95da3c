/*
 * Rows for the tests of decoders: what goes in, what must come out. A row
 * that fails names itself, the sample, and what differs.
 */
#ifndef TESTS_UNIT_RULES_DECODERS_DECODE_ROWS_H
#define TESTS_UNIT_RULES_DECODERS_DECODE_ROWS_H

#include "base/buf.h"
#include "rules/decoder.h"

#include <stddef.h>
#include <stdint.h>

/** The text of a row, NULs included. */
#define BYTES(literal) .text = (literal), .len = sizeof(literal) - 1

/** The bytes are those of a sample under tests/data/samples, or a text. */
struct decode_row {
	const char *name;   /* a sentence */
	const char *sample; /* path below the samples, or NULL */
	const char *text;   /* bytes, where there is no sample */
	size_t len;         /* of the text; 0: up to its NUL */
	const char *path;   /* told to the decoder; NULL: the sample's */

	const char *kind; /* NULL: must be refused, nothing below counts */
	const char *keys; /* "a b": names of the root, or of its first row */
	size_t entries;
	int expiry; /* enum expiry */
	int64_t expires_at;
	int id;            /* enum id_exposure */
	const char *calls; /* "A B", NULL: none */
};

/** Decodes the row and fails the test when the result differs. */
void decode_row_check(
	const struct decoder *decoder, const struct decode_row *row);

/** One test a row; returns the number of failed ones, for main(). */
int decode_rows_run(const struct decoder *decoder,
	const struct decode_row *rows, size_t count);

/** Reads a file under tests/data/samples, or fails the test. */
void decode_sample(struct buf *out, const char *sample);

#endif
