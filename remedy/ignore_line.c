#include "remedy/ignore_line.h"

#include "base/array.h"
#include "base/buf.h"
#include "rules/wildmatch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void ignore_lines_clear(struct ignore_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		wildmatch_free(lines->items[i].wildmatch);
	free(lines->items);
	arena_clear(&lines->arena);
	*lines = (struct ignore_lines){ 0 };
}

/* Cuts spaces off the end, up to one that a backslash precedes; a backslash at
 * the very end keeps them all. */
static size_t trimmed_len(const char *text, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++) {
		bool escaped = text[i] == '\\';
		i += escaped;
		if (i == len)
			return len;
		if (escaped || text[i] != ' ')
			kept = i + 1;
	}
	return kept;
}

static size_t literal_len(const char *pattern, size_t len)
{
	size_t at = 0;
	while (at < len && !strchr("*?[\\", pattern[at]))
		at++;
	return at;
}

static void compile(struct ignore_line *line)
{
	unsigned flags = line->ignore_case ? WILDMATCH_FOLD : 0;
	const char *from = line->pattern;
	if (!line->name_only) {
		flags |= WILDMATCH_PATHNAME;
		from += line->literal_len;
	}
	size_t len = (size_t)(line->pattern + line->len - from);
	bool literal = line->literal_len == line->len;
	if (!literal && !line->ends_with)
		line->wildmatch = wildmatch_new(from, len, flags);
}

static void set_pattern(struct ignore_line *line, const char *text, size_t len)
{
	line->negated = len && *text == '!';
	text += line->negated;
	len -= line->negated;
	line->directory_only = len && text[len - 1] == '/';
	len -= line->directory_only;
	line->name_only = !memchr(text, '/', len);
	line->ends_with = line->name_only && len && *text == '*' &&
		literal_len(text + 1, len - 1) == len - 1;
	bool anchored = len && *text == '/';
	line->pattern = text + anchored;
	line->len = len - anchored;
	line->literal_len = literal_len(line->pattern, line->len);
	compile(line);
}

static int add_line(struct ignore_lines *lines, const char *text, size_t len,
	const struct ignore_line *start, const char *label, struct err *err)
{
	if (len > WILDMATCH_MAX)
		return err_set(err, ERR_LIMIT,
			"%s:%zu: a pattern is longer than %d bytes", label,
			start->number, WILDMATCH_MAX);
	ARRAY_GROW(lines->items, lines->count, lines->capacity);
	struct ignore_line *line = &lines->items[lines->count++];
	*line = *start;
	set_pattern(line, arena_memdupz(&lines->arena, text, len), len);
	return 0;
}

int ignore_lines_parse(struct ignore_lines *out, const char *bytes, size_t len,
	bool ignore_case, const char *label, struct err *err)
{
	const char *at = bytes;
	const char *end = bytes + len;
	if (len >= 3 && !memcmp(at, "\xef\xbb\xbf", 3))
		at += 3;
	struct ignore_line start = { .ignore_case = ignore_case };
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		const char *next = newline ? newline + 1 : end;
		start.number++;
		if (stop > at && stop[-1] == '\r')
			stop--;
		size_t length = strnlen(at, (size_t)(stop - at));
		length = trimmed_len(at, length);
		int rc = 0;
		if (length && *at != '#')
			rc = add_line(out, at, length, &start, label, err);
		if (rc < 0)
			return rc;
		at = next;
	}
	return 0;
}

static bool same_bytes(const struct ignore_line *line, const char *pattern,
	const char *text, size_t len)
{
	return line->ignore_case ? !strncasecmp(pattern, text, len)
				 : !memcmp(pattern, text, len);
}

static bool fits_name(
	const struct ignore_line *line, const char *name, size_t len)
{
	if (line->literal_len == line->len)
		return len == line->len &&
			same_bytes(line, line->pattern, name, len);
	if (line->ends_with) {
		size_t tail = line->len - 1;
		return len >= tail &&
			same_bytes(line, line->pattern + 1, name + len - tail,
				tail);
	}
	return line->wildmatch && wildmatch_match(line->wildmatch, name, len);
}

/* Git compares the bytes before the first special one by themselves and gives
 * the rest to wildmatch(), so that in "foo**" followed by "/bar" the stars
 * stand at a start. */
static bool fits_path(
	const struct ignore_line *line, const char *path, size_t len)
{
	size_t skip = line->literal_len;
	if (len < skip || !same_bytes(line, line->pattern, path, skip))
		return false;
	if (skip == line->len)
		return len == skip;
	return line->wildmatch &&
		wildmatch_match(line->wildmatch, path + skip, len - skip);
}

bool ignore_line_fits(const struct ignore_line *line, const char *path,
	size_t len, bool is_dir)
{
	if (line->directory_only && !is_dir)
		return false;
	if (!line->name_only)
		return fits_path(line, path, len);
	const char *slash = memrchr(path, '/', len);
	const char *name = slash ? slash + 1 : path;
	return fits_name(line, name, (size_t)(path + len - name));
}

bool ignore_line_needs(struct ignore_needs *out, const struct ignore_line *line)
{
	*out = (struct ignore_needs){ 0 };
	const char *literal = line->pattern + line->ends_with;
	size_t len = line->ends_with ? line->len - 1 : line->literal_len;
	if (line->wildmatch)
		wildmatch_needs(line->wildmatch, &out->bytes, &out->least);
	else if (!line->ends_with && len < line->len)
		return false;
	if (line->name_only && line->wildmatch)
		return true; /* that has the literal bytes, too */
	out->bytes |= wildmatch_bytes(literal, len);
	out->least += (uint32_t)len;
	return true;
}

const struct ignore_line *ignore_lines_last(const struct ignore_lines *lines,
	const char *path, size_t len, bool is_dir)
{
	for (size_t i = lines->count; i > 0; i--)
		if (ignore_line_fits(&lines->items[i - 1], path, len, is_dir))
			return &lines->items[i - 1];
	return NULL;
}

bool ignore_lines_take(const struct ignore_lines *lines, const char *path)
{
	const char *slash = strchr(path, '/');
	for (; slash; slash = strchr(slash + 1, '/')) {
		const struct ignore_line *line = ignore_lines_last(
			lines, path, (size_t)(slash - path), true);
		if (line && !line->negated)
			return true;
	}
	const struct ignore_line *line =
		ignore_lines_last(lines, path, strlen(path), false);
	return line && !line->negated;
}

const struct ignore_line *ignore_lines_path(const struct ignore_lines *lines)
{
	const struct ignore_line *line = lines->items;
	return lines->count == 1 && !line->name_only && !line->negated &&
			!line->ignore_case && line->literal_len == line->len
		? line
		: NULL;
}

/* The first path that is not before the text. */
static size_t find_from(
	const char *const *paths, size_t count, const char *text)
{
	size_t low = 0;
	size_t high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(paths[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool path_takes_any(
	const struct ignore_line *line, const char *const *paths, size_t count)
{
	CLEANUP(buf_clear) struct buf folder;
	buf_init(&folder, 0);
	buf_printf(&folder, "%.*s/", (int)line->len, line->pattern);
	size_t at = find_from(paths, count, folder.bytes);
	if (at < count && !strncmp(paths[at], folder.bytes, folder.len))
		return true;
	CLEANUP(freep) char *path = xmemdupz(line->pattern, line->len);
	at = find_from(paths, count, path);
	return !line->directory_only && at < count && !strcmp(paths[at], path);
}

bool ignore_lines_take_any(const struct ignore_lines *lines,
	const char *const *paths, size_t count)
{
	const struct ignore_line *line = ignore_lines_path(lines);
	if (line)
		return path_takes_any(line, paths, count);
	for (size_t i = 0; i < count; i++)
		if (ignore_lines_take(lines, paths[i]))
			return true;
	return false;
}
