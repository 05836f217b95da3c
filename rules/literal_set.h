/*
 * Many literals searched for at once: the only way to libhs in this program.
 * Every occurrence of every literal is reported, overlapping ones included;
 * the order of the reports is not promised.
 */
#ifndef RULES_LITERAL_SET_H
#define RULES_LITERAL_SET_H

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct literal {
	const char *bytes;
	size_t len;       /* at least 1 */
	bool ignore_case; /* ASCII letters */
};

/** The compiled literals; constant, shared by threads. */
struct literal_set;

/** Compiles; none at all is fine. Nothing is borrowed. Caller frees. */
int literal_set_new(struct literal_set **out, const struct literal *literals,
	size_t count, struct err *err) MUST_CHECK;
void literal_set_free(struct literal_set *set);
DEFINE_CLEANUP(literal_set_freep, struct literal_set, literal_set_free)

/** One thread's scratch memory for a set, which must outlive it. */
struct literal_scanner;

int literal_scanner_new(struct literal_scanner **out,
	const struct literal_set *set, struct err *err) MUST_CHECK;
void literal_scanner_free(struct literal_scanner *scanner);
DEFINE_CLEANUP(
	literal_scanner_freep, struct literal_scanner, literal_scanner_free)

/** Takes an occurrence; 0 go on, anything else ends the scan. */
typedef int literal_sink(size_t literal, size_t start, size_t end, void *ctx);

/** Searches the bytes. 0, or what the sink ended it with. */
int literal_scan(struct literal_scanner *scanner, const unsigned char *bytes,
	size_t len, literal_sink *sink, void *ctx) MUST_CHECK;

#endif
