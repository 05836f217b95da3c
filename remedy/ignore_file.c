#include "remedy/ignore_file.h"

#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BEGIN \
	"# BEGIN git-hygiene (git hygiene ignore --write updates this block)"
#define BLOCK_END "# END git-hygiene"

void ignore_file_clear(struct ignore_file *file)
{
	buf_clear(&file->bytes);
	free(file->lines);
	*file = (struct ignore_file){ 0 };
}

static bool has_newline(const struct text_line *line)
{
	return line->len && line->start[line->len - 1] == '\n';
}

struct text_line ignore_file_text(const struct ignore_file *file, size_t line)
{
	struct text_line text = file->lines[line];
	if (has_newline(&text))
		text.len--;
	if (text.len && text.start[text.len - 1] == '\r')
		text.len--;
	return text;
}

static bool line_is(const struct ignore_file *file, size_t line,
	const char *words, bool prefix)
{
	struct text_line text = ignore_file_text(file, line);
	size_t len = strlen(words);
	return (prefix ? text.len >= len : text.len == len) &&
		!memcmp(text.start, words, len);
}

/* The begin mark may be followed by other words than this version writes. */
static bool is_begin(const struct ignore_file *file, size_t line)
{
	return line_is(file, line, "# BEGIN git-hygiene", true);
}

static bool is_end(const struct ignore_file *file, size_t line)
{
	return line_is(file, line, BLOCK_END, false);
}

static int find_block(
	struct ignore_file *file, const char *label, struct err *err)
{
	size_t begin = SIZE_MAX;
	for (size_t i = 0; i < file->count; i++) {
		bool opens = is_begin(file, i);
		bool closes = is_end(file, i);
		bool second = opens && (begin != SIZE_MAX || file->block_end);
		if (second || (closes && begin == SIZE_MAX))
			return err_set(err, ERR_PARSE,
				"%s:%zu: a mark of git-hygiene that does not "
				"belong here; remove it",
				label, i + 1);
		if (opens)
			begin = i;
		if (!closes)
			continue;
		file->block_start = begin;
		file->block_end = i + 1;
		begin = SIZE_MAX;
	}
	if (begin == SIZE_MAX)
		return 0;
	return err_set(err, ERR_PARSE,
		"%s:%zu: the block of git-hygiene has no line '%s'", label,
		begin + 1, BLOCK_END);
}

static bool has_block(const struct ignore_file *file)
{
	return file->block_end > file->block_start;
}

/* That of the block, else that of the first line; a last line that ends with a
 * bare CR takes LF, so that CR and newline can be told apart again. */
static void find_line_ending(struct ignore_file *file)
{
	if (!file->count)
		return;
	const struct text_line *line = &file->lines[file->block_start];
	const struct text_line *last = &file->lines[file->count - 1];
	file->crlf = line->len >= 2 &&
		!memcmp(line->start + line->len - 2, "\r\n", 2);
	if (!has_block(file) && last->start[last->len - 1] == '\r')
		file->crlf = false;
}

int ignore_file_parse(struct ignore_file *out, struct buf *bytes,
	const char *label, struct err *err)
{
	*out = (struct ignore_file){ .bytes = *bytes };
	*bytes = (struct buf){ 0 };
	const char *at = out->bytes.bytes;
	const char *end = at + out->bytes.len;
	if (out->bytes.len && memchr(at, '\0', out->bytes.len))
		return err_set(err, ERR_UNSUPPORTED,
			"%s: holds NUL bytes; git reads UTF-8 (is it UTF-16?)",
			label);
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((newline ? newline + 1 : end) - at);
		ARRAY_GROW(out->lines, out->count, out->capacity);
		out->lines[out->count++] = (struct text_line){ at, len };
		at += len;
	}
	int rc = find_block(out, label, err);
	find_line_ending(out);
	return rc;
}

bool ignore_file_is_entry(const struct ignore_file *file, size_t line)
{
	if (line <= file->block_start || line + 1 >= file->block_end)
		return false;
	struct text_line text = ignore_file_text(file, line);
	return text.len && *text.start != '#';
}

/* The block stands at the end and has no final newline: then the newline
 * before it is ours as well. */
static bool block_ends_open(const struct ignore_file *file)
{
	return has_block(file) && file->block_end == file->count &&
		!has_newline(&file->lines[file->count - 1]);
}

static void cut_newline(struct buf *out, size_t start, bool crlf)
{
	if (out->len > start && out->bytes[out->len - 1] == '\n')
		out->len--;
	if (crlf && out->len > start && out->bytes[out->len - 1] == '\r')
		out->len--;
	if (out->bytes)
		out->bytes[out->len] = '\0';
}

static void render_block(struct buf *out, const struct ignore_file *file,
	const char *const *entries, size_t count, bool open)
{
	const char *newline = file->crlf ? "\r\n" : "\n";
	buf_printf(out, "%s%s", BLOCK_BEGIN, newline);
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s%s", entries[i], newline);
	buf_printf(out, "%s%s", BLOCK_END, open ? "" : newline);
}

static void render_lines(struct buf *out, const struct ignore_file *file,
	size_t from, size_t to, const bool *drop)
{
	for (size_t i = from; i < to; i++)
		if (!drop || !drop[i])
			buf_add(out, file->lines[i].start, file->lines[i].len);
}

void ignore_file_render(struct buf *out, const struct ignore_file *file,
	const char *const *entries, size_t count, const bool *drop)
{
	size_t start = out->len;
	size_t at = has_block(file) ? file->block_start : file->count;
	size_t behind = has_block(file) ? file->block_end : file->count;
	bool open = block_ends_open(file);
	render_lines(out, file, 0, at, drop);
	if (!has_block(file) && count) {
		bool exists = file->bytes.bytes != NULL;
		open = exists &&
			(out->len == start || out->bytes[out->len - 1] != '\n');
		if (open)
			buf_add_text(out, file->crlf ? "\r\n" : "\n");
	}
	if (count)
		render_block(out, file, entries, count, open);
	else if (open)
		cut_newline(out, start, file->crlf);
	render_lines(out, file, behind, file->count, drop);
}

bool ignore_file_is_ours(const struct ignore_file *file)
{
	return has_block(file) && file->block_start == 0 &&
		file->block_end == file->count && !block_ends_open(file);
}
