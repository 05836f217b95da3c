/*
 * Finds where text in base64, hexadecimal or percent-encoding stands among
 * other bytes, if what it encodes looks worth a search: text, or a format that
 * holds some. Names, hashes, images and certificates are none of that.
 *
 * A run of base64 or hexadecimal digits may go on over lines, as in PEM or
 * YAML: the lines are a chain where each is followed by one that is no longer.
 * What is found depends on the chain alone, wherever the search began.
 */
#ifndef RULES_ENCODED_RUNS_H
#define RULES_ENCODED_RUNS_H

#include "rules/encoded/encoding.h"

#include <stddef.h>

/** Fewest digits of base64; 24 bytes. */
#define ENCODED_RUN_MIN 32

struct encoded_run {
	size_t start, end; /* what can be given to decode_text() */
	/* The same bytes here, or the same end of the blob, give the same run
	 * wherever they stand. */
	size_t seen_start, seen_end;
	int encoding; /* enum encoding */
};

/** Takes a run; they do not come sorted. */
typedef void encoded_run_sink(const struct encoded_run *run, void *ctx);

/** A search in one text, in ascending spans. */
struct run_search {
	const unsigned char *bytes; /* borrowed */
	size_t len;
	encoded_run_sink *sink;
	void *ctx;
	size_t chains_done;  /* chains that begin before it were looked at */
	size_t escapes_done; /* the same of percent-encoding */
};

void run_search_init(struct run_search *search, const unsigned char *bytes,
	size_t len, encoded_run_sink *sink, void *ctx);

/** Finds every run that has a byte in the span, or would have another extent
 * if the bytes of the span were others; each once. */
void run_search_span(struct run_search *search, size_t from, size_t to);

/** Looks at the text that holds the place, as encoded like that, unless it was
 * looked at. */
void run_search_again(struct run_search *search, int encoding, size_t at);

/** Takes a run that is known from elsewhere, unless it was found. */
void run_search_take(struct run_search *search, const struct encoded_run *run);

#endif
