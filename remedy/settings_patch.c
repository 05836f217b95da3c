#include "remedy/settings_patch.h"

#include "base/array.h"
#include "base/cleanup.h"
#include "scanner/err_git.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT_LINES 3

/* Lines of one hunk as libgit2 made it; `secret`: it holds one. */
struct line {
	const git_diff_line *diff;
	bool secret;
};

struct patch {
	struct buf *out;
	struct patch_traits *traits;
	const struct patch_input *input;
	struct line *lines;
	size_t count, capacity;
};

/* The span of a line that is counted from 1. */
static struct secret_span span_of_line(const struct buf *file, int number)
{
	struct secret_span span = { 0 };
	for (int i = 0; i < number; i++) {
		span.start = span.end;
		const char *feed = memchr(
			file->bytes + span.start, '\n', file->len - span.start);
		span.end = feed ? (size_t)(feed - file->bytes) + 1 : file->len;
	}
	return span;
}

static bool is_added(const git_diff_line *line)
{
	return line->origin == GIT_DIFF_LINE_ADDITION;
}

static bool is_context(const git_diff_line *line)
{
	return line->origin == GIT_DIFF_LINE_CONTEXT;
}

/* What says that no newline ends the line before. */
static bool is_note(const git_diff_line *line)
{
	return !is_added(line) && !is_context(line) &&
		line->origin != GIT_DIFF_LINE_DELETION;
}

static const struct buf *file_of(
	const struct patch *patch, const git_diff_line *line)
{
	return is_added(line) ? patch->input->after : patch->input->before;
}

static const struct secret_spans *secrets_of(
	const struct patch *patch, const git_diff_line *line)
{
	return is_added(line) ? &patch->input->secrets_after
			      : &patch->input->secrets_before;
}

static struct secret_span span_of(
	const struct patch *patch, const git_diff_line *line)
{
	return span_of_line(file_of(patch, line),
		is_added(line) ? line->new_lineno : line->old_lineno);
}

static void take_line(struct patch *patch, const git_diff_line *line)
{
	struct secret_span span = { 0 };
	if (!is_note(line))
		span = span_of(patch, line);
	ARRAY_GROW(patch->lines, patch->count, patch->capacity);
	patch->lines[patch->count++] = (struct line){
		.diff = line,
		.secret = secret_spans_meet(
			secrets_of(patch, line), span.start, span.end),
	};
}

static void put_line(struct patch *patch, const struct line *line)
{
	const git_diff_line *diff = line->diff;
	if (!is_note(diff))
		buf_add_byte(patch->out, (unsigned char)diff->origin);
	if (!line->secret) {
		buf_add(patch->out, diff->content, diff->content_len);
		return;
	}
	struct secret_span span = span_of(patch, diff);
	const struct buf *file = file_of(patch, diff);
	secret_spans_add_masked(patch->out, secrets_of(patch, diff), file,
		span.start, span.end);
	if (patch->out->len && patch->out->bytes[patch->out->len - 1] != '\n')
		buf_add_byte(patch->out, '\n');
	patch->traits->is_masked = true;
}

/* Lines on one side before `to`: all but what the other side has. */
static size_t count_side(
	const struct patch *patch, size_t from, size_t to, char other)
{
	size_t count = 0;
	for (size_t i = from; i < to; i++)
		count += !is_note(patch->lines[i].diff) &&
			patch->lines[i].diff->origin != other;
	return count;
}

/* A side without lines is told by the line before. */
static void put_range(struct patch *patch, char sign, size_t start, size_t from,
	size_t to, char other)
{
	size_t count = count_side(patch, from, to, other);
	start += count_side(patch, 0, from, other);
	buf_printf(patch->out, " %c%zu,%zu", sign, start - (count == 0), count);
}

static bool has_change(const struct patch *patch, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!is_context(patch->lines[i].diff) &&
			!is_note(patch->lines[i].diff))
			return true;
	return false;
}

static bool is_cut_at(const struct patch *patch, size_t at)
{
	return is_context(patch->lines[at].diff) && patch->lines[at].secret;
}

/* Puts the lines from..to of a hunk as one of their own. */
static void put_part(
	struct patch *patch, const git_diff_hunk *hunk, size_t from, size_t to)
{
	if (!has_change(patch, from, to))
		return;
	/* where a side of the hunk has no lines, libgit2 tells the one before,
	 * too */
	buf_add_text(patch->out, "@@");
	put_range(patch, '-', (size_t)hunk->old_start + (hunk->old_lines == 0),
		from, to, GIT_DIFF_LINE_ADDITION);
	put_range(patch, '+', (size_t)hunk->new_start + (hunk->new_lines == 0),
		from, to, GIT_DIFF_LINE_DELETION);
	buf_add_text(patch->out, " @@\n");
	for (size_t i = from; i < to; i++)
		put_line(patch, &patch->lines[i]);
	if (to < patch->count && !is_context(patch->lines[to - 1].diff))
		patch->traits->needs_zero = true;
}

static int put_hunk(struct patch *patch, git_patch *diff, size_t number)
{
	const git_diff_hunk *hunk;
	size_t line_count;
	int rc = git_patch_get_hunk(&hunk, &line_count, diff, number);
	patch->count = 0;
	for (size_t i = 0; i < line_count && rc == 0; i++) {
		const git_diff_line *line;
		rc = git_patch_get_line_in_hunk(&line, diff, number, i);
		if (rc == 0)
			take_line(patch, line);
	}
	if (rc < 0)
		return rc;
	for (size_t from = 0, to = 0; from < patch->count; from = to + 1) {
		to = from;
		while (to < patch->count && !is_cut_at(patch, to))
			to++;
		put_part(patch, hunk, from, to);
	}
	return 0;
}

/* The lines before the first hunk, without the names of objects: these are
 * nowhere, and the mode is a guess. */
static int put_head(struct patch *patch, git_patch *diff)
{
	git_buf text = { 0 };
	int rc = git_patch_to_buf(&text, diff);
	if (rc == 0) {
		const char *hunk = strstr(text.ptr, "\n@@ ");
		const char *end = hunk ? hunk + 1 : text.ptr + text.size;
		const char *index = strstr(text.ptr, "\nindex ");
		index = index && index < end ? index + 1 : end;
		const char *rest = strchr(index, '\n');
		rest = rest && rest < end ? rest + 1 : end;
		buf_add(patch->out, text.ptr, (size_t)(index - text.ptr));
		buf_add(patch->out, rest, (size_t)(end - rest));
	}
	git_buf_dispose(&text);
	return rc;
}

static int make_diff(git_patch **out, const struct patch_input *input)
{
	git_diff_options opts;
	int rc = git_diff_options_init(&opts, GIT_DIFF_OPTIONS_VERSION);
	opts.flags = GIT_DIFF_FORCE_TEXT;
	opts.context_lines = CONTEXT_LINES;
	return rc < 0
		? rc
		: git_patch_from_buffers(out, input->before->bytes,
			  input->before->len, input->path, input->after->bytes,
			  input->after->len, input->path, &opts);
}

int settings_patch_add(struct buf *out, struct patch_traits *traits,
	const struct patch_input *input, struct err *err)
{
	struct patch patch = { .out = out, .traits = traits, .input = input };
	git_patch *diff = NULL;
	int rc = make_diff(&diff, input);
	if (rc == 0)
		rc = put_head(&patch, diff);
	size_t hunks = rc == 0 ? git_patch_num_hunks(diff) : 0;
	for (size_t i = 0; i < hunks && rc == 0; i++)
		rc = put_hunk(&patch, diff, i);
	git_patch_free(diff);
	free(patch.lines);
	return rc < 0 ? err_git(err, "%s", input->path) : 0;
}
