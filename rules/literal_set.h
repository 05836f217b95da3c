/*
 * Many literals searched for at once: the only way to libhs in this program.
 * Every occurrence of every literal is reported, overlapping ones included;
 * the order of the reports is not promised.
 */
#ifndef RULES_LITERAL_SET_H
#define RULES_LITERAL_SET_H

#include "base/cleanup.h"
#include "base/err.h"
#include "rules/literal.h"

#include <stddef.h>

/** The literals; constant while threads share them. */
struct literal_set;

/** Makes them ready to be searched for in a few small files; none at all is
 * fine. Nothing is borrowed. Caller frees. */
int literal_set_new(struct literal_set **out, const struct literal *literals,
	size_t count, struct err *err) MUST_CHECK;
void literal_set_free(struct literal_set *set);
DEFINE_CLEANUP(literal_set_freep, struct literal_set, literal_set_free)

/** Compiles for searching many bytes; worth its milliseconds from a megabyte
 * on. Before the first scanner is made. */
int literal_set_compile(struct literal_set *set, struct err *err) MUST_CHECK;

/** Bytes of the longest literal; 0 without any. */
size_t literal_set_longest(const struct literal_set *set);

/** One thread's scratch memory for a set, which must outlive it. */
struct literal_scanner;

int literal_scanner_new(struct literal_scanner **out,
	const struct literal_set *set, struct err *err) MUST_CHECK;
void literal_scanner_free(struct literal_scanner *scanner);
DEFINE_CLEANUP(
	literal_scanner_freep, struct literal_scanner, literal_scanner_free)

/** Searches the bytes. 0, or what the sink ended it with. */
int literal_scan(struct literal_scanner *scanner, const unsigned char *bytes,
	size_t len, literal_sink *sink, void *ctx) MUST_CHECK;

/** The version of libhs that runs, "5.4.8 2022-09-13". Lives as long as the
 * program. */
const char *literal_set_library_version(void);

#endif
