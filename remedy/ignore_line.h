/*
 * One pattern of an ignore file, as git reads it: gitignore(5) "PATTERN
 * FORMAT", and where that is silent, what git does.
 */
#ifndef REMEDY_IGNORE_LINE_H
#define REMEDY_IGNORE_LINE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wildmatch;

struct ignore_line {
	const char *pattern; /* without "!", leading and trailing slash */
	size_t len;
	size_t literal_len; /* bytes before the first special one */
	size_t number;      /* line in its file, from 1 */
	bool negated;
	bool directory_only; /* ended with a slash */
	bool name_only;      /* no slash: compared with the last component */
	bool ends_with;      /* "*literal": compared with the end of the name */
	bool ignore_case;
	struct wildmatch *wildmatch; /* what follows the literal bytes, or all
					of a name; NULL matches nothing */
};

/** Patterns of one file. All zero is none. */
struct ignore_lines {
	struct arena arena;
	struct ignore_line *items;
	size_t count, capacity;
};

void ignore_lines_clear(struct ignore_lines *lines);

/**
 * Reads the content of an ignore file: byte order mark, comments, trailing
 * spaces, CRLF, and a NUL that ends a line early. ERR_LIMIT for a line that is
 * too long to be evaluated; `label` names the file in messages.
 */
int ignore_lines_parse(struct ignore_lines *out, const char *bytes, size_t len,
	bool ignore_case, const char *label, struct err *err) MUST_CHECK;

/**
 * True when the pattern fits an entry, `path` below the folder of its file;
 * says nothing of folders above the entry. Negation is the caller's.
 */
bool ignore_line_fits(const struct ignore_line *line, const char *path,
	size_t len, bool is_dir);

/** What a name, or for a pattern with a slash a path, must have. */
struct ignore_needs {
	uint64_t bytes; /* all of these, as wildmatch_bytes() */
	uint32_t least; /* bytes in all */
};

/** What the pattern needs; false when it fits nothing. */
bool ignore_line_needs(
	struct ignore_needs *out, const struct ignore_line *line);

/** The last line that fits, or NULL. */
const struct ignore_line *ignore_lines_last(const struct ignore_lines *lines,
	const char *path, size_t len, bool is_dir);

/** True when these lines alone make git ignore the file `path`: folders are
 * asked first, from the top. */
bool ignore_lines_take(const struct ignore_lines *lines, const char *path);

/** The line, where they are one that stands for one path; else NULL. */
const struct ignore_line *ignore_lines_path(const struct ignore_lines *lines);

/** As ignore_lines_take(), of any of the paths, which are sorted: a line for
 * one path is not compared with each. */
bool ignore_lines_take_any(const struct ignore_lines *lines,
	const char *const *paths, size_t count);

#endif
