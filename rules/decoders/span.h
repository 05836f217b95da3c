/*
 * Spans of bytes, borrowed from what is decoded, and the few text verbs that
 * decoders of line formats share. No verb reads past the end of its span.
 */
#ifndef RULES_DECODERS_SPAN_H
#define RULES_DECODERS_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const unsigned char *bytes;
	size_t len;
};

/** Equality and prefix tests against plain text; ASCII case as named. */
bool span_is(struct span span, const char *text);
bool span_is_nocase(struct span span, const char *text);
bool span_starts(struct span span, const char *text);
bool span_ends(struct span span, const char *text);
bool span_has(struct span span, const char *text);

/** True when all bytes are among those of `set`; true for an empty span. */
bool span_made_of(struct span span, const char *set);

/** Without the ASCII white space at both ends. */
struct span span_trim(struct span span);

/** Cuts the next line off `rest`, without its LF or CRLF. False at the end. */
bool span_line(struct span *line, struct span *rest);

/**
 * Cuts what lies before the first `separator` off `rest`, which then starts
 * behind it. Without a separator: false, and nothing changes.
 */
bool span_cut(struct span *head, struct span *rest, unsigned char separator);

/** Cuts the next word, bounded by ASCII white space. False at the end. */
bool span_word(struct span *word, struct span *rest);

/** A whole decimal number, "-" allowed. False when it is none or too big. */
bool span_number(int64_t *out, struct span span);

/** The last component of a path; empty for NULL. */
struct span span_basename(const char *path);

#endif
