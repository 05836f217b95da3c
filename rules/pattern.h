/*
 * Regular expressions: the only way to PCRE2 in this program. Subjects are
 * bytes, not UTF-8; `^` and `$` stand at lines, which end in LF, CRLF or CR;
 * a dot takes anything but these.
 *
 * A pattern is constant once compiled and can be shared by threads. A match
 * state belongs to one thread and serves all patterns. Every search is bounded
 * in steps and memory: a pattern that explodes gives ERR_LIMIT.
 */
#ifndef RULES_PATTERN_H
#define RULES_PATTERN_H

#include "base/cleanup.h"
#include "base/err.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct pattern;

enum pattern_flags {
	PATTERN_IGNORE_CASE = 1 << 0, /* ASCII letters */
	PATTERN_WHOLE = 1 << 1, /* matches the whole subject or nothing; no
				   line mode */
};

/**
 * 0 when the pattern compiles, else ERR_PARSE with PCRE2's text, and the
 * offset of the mistake in *error_offset, which may be NULL.
 */
int pattern_check(const char *pattern, bool ignore_case, struct err *err,
	size_t *error_offset) MUST_CHECK;

/** Compiles, to machine code where that is supported. Caller frees. */
int pattern_new(struct pattern **out, const char *pattern, unsigned flags,
	struct err *err) MUST_CHECK;
void pattern_free(struct pattern *pattern);
DEFINE_CLEANUP(pattern_freep, struct pattern, pattern_free)

/** How many bytes before its start a match can depend on, at most. */
size_t pattern_lookbehind(const struct pattern *pattern);

/** Stack, memory and limits of one thread's searches. */
struct pattern_state;

int pattern_state_new(struct pattern_state **out, struct err *err) MUST_CHECK;
void pattern_state_free(struct pattern_state *state);
DEFINE_CLEANUP(pattern_state_freep, struct pattern_state, pattern_state_free)

/** Half-open offsets of a match, and of group 1: of the match where the
 * pattern has no such group or did not use it. */
struct pattern_span {
	size_t start, end;
	size_t group_start, group_end;
};

/**
 * Finds the first match that starts at or after `from` and no later than
 * `last`; it ends by `len` at the latest. What lies before `from` is seen by
 * lookbehinds. 1 and *out is set, 0 for none, ERR_LIMIT. Needs from <= len.
 */
int pattern_search(struct pattern_span *out, const struct pattern *pattern,
	struct pattern_state *state, const unsigned char *bytes, size_t len,
	size_t from, size_t last) MUST_CHECK;

/** Where pattern_steps() stops to count. */
#define PATTERN_STEPS_MAX ((size_t)1 << 20)

/**
 * How many steps PCRE2 needs to try the pattern at the offset `from` alone,
 * to the next power of two: 512 or more, PATTERN_STEPS_MAX for more than that.
 */
size_t pattern_steps(const struct pattern *pattern, const unsigned char *bytes,
	size_t len, size_t from);

/** Matches all of the bytes; for PATTERN_WHOLE. 1, 0 or ERR_LIMIT. */
int pattern_full_match(const struct pattern *pattern,
	struct pattern_state *state, const void *bytes, size_t len) MUST_CHECK;

/** What can be told of every match without searching. */
struct pattern_hint {
	size_t min_len;
	bool first[UCHAR_MAX + 1]; /* bytes that a match may begin with; an
				      empty match needs none of them */
};

/** Fills in the hint of a PATTERN_WHOLE pattern. */
int pattern_hint(struct pattern_hint *out, const char *pattern, unsigned flags,
	struct err *err) MUST_CHECK;

/** The version of PCRE2 that runs, "10.42 2022-12-11". Bytes of `out` beyond
 * its `size` are cut off. */
void pattern_library_version(char *out, size_t size);

#endif
