#include "cmd/ignore_print.h"

#include "base/alloc.h"
#include "report/page.h"
#include "report/text_escape.h"

#include <stdlib.h>
#include <string.h>

#define FEW 10 /* paths that are named; the others are counted */

void ignore_print_clear(struct ignore_print *print)
{
	name_mask_free(print->secrets);
	arena_clear(&print->arena);
	*print = (struct ignore_print){ 0 };
}

static void add_name(struct path_table *names, const char *name)
{
	if (name)
		path_table_add(names, name, strlen(name));
}

int ignore_print_init(struct ignore_print *print, FILE *out, bool utf8,
	const struct ignore_plan *plan, struct name_guard *guard,
	struct err *err)
{
	CLEANUP(path_table_clear) struct path_table names = { 0 };
	*print = (struct ignore_print){ .out = out, .utf8 = utf8 };
	for (size_t i = 0; i < plan->opts.target_count; i++) {
		add_name(&names, plan->opts.targets[i].path);
		add_name(&names, plan->states[i].pattern);
	}
	for (size_t i = 0; i < plan->newly_count; i++)
		add_name(&names, plan->newly[i]);
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct plan_file *file = plan->files[i];
		add_name(&names, file->name);
		if (file->old.bytes.len)
			path_table_add(&names, file->old.bytes.bytes,
				file->old.bytes.len);
	}
	return name_guard_mask(
		&print->secrets, guard, &names, &print->arena, err);
}

/* A line as it is, but for secrets and what a terminal must not see:
 * backslashes mean something in a pattern and are not doubled. */
static void put_line(
	const struct ignore_print *print, const char *before, const char *text)
{
	text = name_mask_text(print->secrets, text);
	fputs(before, print->out);
	while (*text) {
		size_t len = strcspn(text, "\\");
		CLEANUP(freep) char *part = xmemdupz(text, len);
		CLEANUP(buf_clear) struct buf line;
		buf_init(&line, 0);
		text_add(&line, part, print->utf8);
		fwrite(line.bytes ? line.bytes : "", 1, line.len, print->out);
		text += len;
		if (*text == '\\')
			fputc(*text++, print->out);
	}
	fputc('\n', print->out);
}

/* Each line of a text. */
static void put_lines(const struct ignore_print *print, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		CLEANUP(freep) char *line = xmemdupz(text, len);
		put_line(print, "", line);
		text += len + (text[len] == '\n');
	}
}

static void add_path(
	struct buf *out, const struct ignore_print *print, const char *path)
{
	text_add_path(out, name_mask_text(print->secrets, path), print->utf8);
}

static void put_path(
	const struct ignore_print *print, const char *before, const char *path)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_path(&text, print, path);
	fprintf(print->out, "%s%s\n", before, text.bytes);
}

static void put_reason(const struct ignore_print *print,
	const struct ignore_plan *plan, const struct plan_file *file,
	const struct cover_entry *entry)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (!entry->target_count) {
		buf_add_text(&text, "from an earlier run");
	} else {
		size_t number = file->cover_targets[entry->first_target];
		const struct ignore_target *target =
			&plan->opts.targets[number];
		add_counted(&text, entry->target_count, "path");
		buf_add_text(
			&text, entry->target_count > 1 ? ", such as " : ": ");
		add_path(&text, print, target->shown);
		buf_printf(&text, " (%s)", target->why);
	}
	put_line(print, "# ", text.bytes);
}

/* What becomes of a line that says nothing beside another. */
static const char *fate(const struct ignore_plan *plan,
	const struct plan_file *file, const struct redundant_line *row)
{
	if (row->removed)
		return ": removed";
	if (file->drop)
		return ": kept, a path would change";
	return plan->unproven ? ": kept, not all paths are known"
			      : " (--tidy removes it)";
}

static void put_redundant(const struct ignore_print *print,
	const struct ignore_plan *plan, const struct plan_file *file)
{
	for (size_t i = 0; i < file->redundant_count; i++) {
		const struct redundant_line *row = &file->redundant[i];
		struct text_line line = ignore_file_text(&file->old, row->line);
		struct text_line by = ignore_file_text(&file->old, row->by);
		CLEANUP(buf_clear) struct buf text;
		buf_init(&text, 0);
		buf_printf(&text,
			"line %zu, '%.*s', says nothing beside line %zu, "
			"'%.*s'%s",
			row->line + 1, (int)line.len, line.start, row->by + 1,
			(int)by.len, by.start, fate(plan, file, row));
		put_line(print, "# ", text.bytes);
	}
}

void ignore_print_entries(
	const struct ignore_print *print, const struct ignore_plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct plan_file *file = plan->files[i];
		if (!file->cover.count && !file->redundant_count)
			continue;
		if (plan->file_count > 1)
			put_path(print, i ? "\n# in " : "# in ", file->name);
		for (size_t j = 0; j < file->cover.count; j++) {
			const struct cover_entry *entry =
				&file->cover.entries[j];
			put_reason(print, plan, file, entry);
			put_lines(print, entry->text);
		}
		put_redundant(print, plan, file);
	}
}

static void put_more(const struct ignore_print *print, size_t count)
{
	if (count > FEW)
		fprintf(print->out, "#   and %zu more\n", count - FEW);
}

static void put_failure(const struct ignore_print *print,
	const struct ignore_target *target, const struct target_state *state)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_path(&text, print, target->shown);
	if (state->file) {
		buf_printf(&text, ": %s:%zu has '!", state->file, state->line);
		buf_add_text(&text, state->pattern);
		buf_add_text(&text, "'");
	} else if (state->missed) {
		buf_add_text(&text,
			": no pattern fits it and no other tracked path");
	}
	put_line(print, "#   ", text.bytes);
}

static void put_failures(
	const struct ignore_print *print, const struct ignore_plan *plan)
{
	size_t count = plan->opts.target_count - plan->after_count;
	if (!count)
		return;
	fputs("# still not ignored:\n", print->out);
	size_t shown = 0;
	for (size_t i = 0; i < plan->opts.target_count && shown < FEW; i++) {
		if (plan->states[i].after)
			continue;
		put_failure(print, &plan->opts.targets[i], &plan->states[i]);
		shown++;
	}
	put_more(print, count);
}

void ignore_print_proof(
	const struct ignore_print *print, const struct ignore_plan *plan)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "proof: git ignores ");
	add_number(&text, plan->after_count);
	buf_add_text(&text, " of ");
	add_counted(&text, plan->opts.target_count, "path");
	buf_add_text(&text, " found (");
	add_number(&text, plan->before_count);
	buf_add_text(&text, " before), and ");
	add_number(&text, plan->newly_count);
	buf_add_text(&text, " of ");
	add_counted(&text, plan->opts.other_count, "other tracked path");
	buf_add_text(&text, " that it did not before");
	put_line(print, "# ", text.bytes);
	for (size_t i = 0; i < plan->newly_count && i < FEW; i++)
		put_path(print, "#   would become ignored: ", plan->newly[i]);
	put_more(print, plan->newly_count);
	put_failures(print, plan);
}

/* The difference: which old lines stay is known, so no search is needed. */

struct edit {
	char op; /* ' ', '-' or '+' */
	struct text_line line;
};

struct edits {
	struct edit *items;
	size_t count;
};

static bool same_line(const struct text_line *a, const struct text_line *b)
{
	return a->len == b->len && !memcmp(a->start, b->start, a->len);
}

static struct text_line next_line(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));
	return (struct text_line){ at,
		(size_t)((newline ? newline + 1 : end) - at) };
}

static void add_edit(struct edits *edits, char op, struct text_line line)
{
	edits->items[edits->count++] = (struct edit){ op, line };
}

/* True when an old line has gone, or is the last one and gained a newline. */
static bool old_line_goes(
	const struct plan_file *file, size_t i, const struct text_line *next)
{
	const struct ignore_file *old = &file->old;
	const struct text_line *line = &old->lines[i];
	bool in_block = i >= old->block_start && i < old->block_end;
	bool open_end = line->start[line->len - 1] != '\n';
	if (file->drop && file->drop[i])
		return true;
	return (in_block || open_end || i + 1 == old->block_start) &&
		!same_line(line, next);
}

static void make_edits(struct edits *edits, const struct plan_file *file)
{
	const struct ignore_file *old = &file->old;
	const char *at = file->bytes.bytes ? file->bytes.bytes : "";
	const char *end = at + file->bytes.len;
	size_t lines = old->count + 1;
	for (const char *c = at; c < end; c++)
		lines += *c == '\n';
	edits->items = xcalloc(lines + 1, sizeof(*edits->items));
	for (size_t i = 0; i < old->count; i++) {
		struct text_line next = next_line(at, end);
		if (old_line_goes(file, i, &next)) {
			add_edit(edits, '-', old->lines[i]);
			continue;
		}
		while (at < end && !same_line(&old->lines[i], &next)) {
			add_edit(edits, '+', next);
			at += next.len;
			next = next_line(at, end);
		}
		add_edit(edits, ' ', old->lines[i]);
		at += next.len;
	}
	for (; at < end; at += edits->items[edits->count - 1].line.len)
		add_edit(edits, '+', next_line(at, end));
}

#define CONTEXT 3

/* Within CONTEXT lines of a change. */
static bool is_shown(const struct edits *edits, size_t i)
{
	size_t from = i < CONTEXT ? 0 : i - CONTEXT;
	for (size_t j = from; j < edits->count && j <= i + CONTEXT; j++)
		if (edits->items[j].op != ' ')
			return true;
	return false;
}

static void put_edit(const struct ignore_print *print, const struct edit *edit)
{
	size_t len = edit->line.len;
	bool newline = edit->line.start[len - 1] == '\n';
	CLEANUP(freep) char *line = xmemdupz(edit->line.start, len - newline);
	char before[2] = { edit->op, '\0' };
	put_line(print, before, line);
	if (!newline)
		fputs("\\ No newline at end of file\n", print->out);
}

static size_t count_lines(
	const struct edits *edits, size_t from, size_t to, char not_op)
{
	size_t count = 0;
	for (size_t i = from; i < to; i++)
		count += edits->items[i].op != not_op;
	return count;
}

/* "12,3": a hunk without lines stands behind the line of that number. */
static void put_range(const struct ignore_print *print,
	const struct edits *edits, size_t from, size_t to, char not_op)
{
	size_t before = count_lines(edits, 0, from, not_op);
	size_t count = count_lines(edits, from, to, not_op);
	fprintf(print->out, "%zu,%zu", before + (count > 0), count);
}

static void put_hunks(
	const struct ignore_print *print, const struct edits *edits)
{
	for (size_t from = 0; from < edits->count;) {
		size_t to = from;
		while (to < edits->count && is_shown(edits, to))
			to++;
		if (to > from) {
			fputs("@@ -", print->out);
			put_range(print, edits, from, to, '+');
			fputs(" +", print->out);
			put_range(print, edits, from, to, '-');
			fputs(" @@\n", print->out);
		}
		for (size_t i = from; i < to; i++)
			put_edit(print, &edits->items[i]);
		from = to + (to == from);
	}
}

void ignore_print_diff(
	const struct ignore_print *print, const struct ignore_plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct plan_file *file = plan->files[i];
		if (!file->is_changed)
			continue;
		struct edits edits = { 0 };
		make_edits(&edits, file);
		put_path(
			print, "--- ", file->exists ? file->name : "/dev/null");
		put_path(print, "+++ ",
			file->is_removed ? "/dev/null" : file->name);
		put_hunks(print, &edits);
		free(edits.items);
	}
}

void ignore_print_written(
	const struct ignore_print *print, const struct ignore_plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++)
		if (plan->files[i]->is_changed)
			put_path(print, "# written: ", plan->files[i]->name);
}

static int compare_by_pattern(const void *a, const void *b)
{
	const struct ignore_target *const *left = a;
	const struct ignore_target *const *right = b;
	int order = strcmp((*left)->pattern, (*right)->pattern);
	return order ? order : strcmp((*left)->path, (*right)->path);
}

/* `count` targets with the same pattern. */
static void put_open(const struct ignore_print *print,
	const struct ignore_target *first, size_t count)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, first->pattern);
	buf_add_text(&text, ": ");
	add_counted(&text, count, "path");
	buf_printf(&text, " not ignored%s", count > 1 ? ", such as " : ": ");
	add_path(&text, print, first->shown);
	buf_printf(&text, " (%s)", first->why);
	put_line(print, "", text.bytes);
}

void ignore_print_open(
	const struct ignore_print *print, const struct ignore_plan *plan)
{
	CLEANUP(freep)
	const struct ignore_target **open =
		xcalloc(plan->opts.target_count, sizeof(*open));
	size_t count = 0;
	for (size_t i = 0; i < plan->opts.target_count; i++)
		if (!plan->states[i].before)
			open[count++] = &plan->opts.targets[i];
	if (count)
		qsort(open, count, sizeof(*open), compare_by_pattern);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i; next < count; next++)
			if (strcmp(open[next]->pattern, open[i]->pattern) != 0)
				break;
		put_open(print, open[i], next - i);
	}
}
