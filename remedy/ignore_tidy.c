#include "remedy/ignore_tidy.h"

#include "base/array.h"
#include "remedy/ignore_line.h"
#include "remedy/ignore_rules.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LINES 4096 /* each is compared with each; longer files are left */

/* A pattern cut into what can be compared: the name that it ends with, and the
 * path before that. */
struct shape {
	const struct ignore_line *line;
	const char *text; /* without a leading double star */
	size_t len;
	bool any_depth; /* the name alone counts */
	const char *name;
	size_t name_len;
};

static struct shape shape_of(const struct ignore_line *line)
{
	struct shape shape = {
		.line = line,
		.text = line->pattern,
		.len = line->len,
		.any_depth = line->name_only,
	};
	while (shape.len > 3 && !memcmp(shape.text, "**/", 3)) {
		shape.text += 3;
		shape.len -= 3;
		shape.any_depth = !memchr(shape.text, '/', shape.len);
	}
	const char *slash = memrchr(shape.text, '/', shape.len);
	shape.name = slash ? slash + 1 : shape.text;
	shape.name_len = (size_t)(shape.text + shape.len - shape.name);
	return shape;
}

static bool same_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
	return a_len == b_len && !memcmp(a, b, a_len);
}

static bool is_literal(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr("*?[\\", text[i]))
			return false;
	return len > 0;
}

/* Whether the pattern for any depth fits whatever this component fits. A
 * double star is no component: it may be none at all. */
static bool name_includes(const struct shape *wide, const char *component,
	size_t len, bool is_dir)
{
	if (same_text(component, len, "**", 2))
		return false;
	if (same_text(wide->name, wide->name_len, component, len))
		return true;
	return wide->line->name_only && is_literal(component, len) &&
		ignore_line_fits(wide->line, component, len, is_dir);
}

/* Each entry that `narrow` fits, `wide` fits too. */
static bool includes(const struct shape *wide, const struct shape *narrow)
{
	if (wide->line->directory_only && !narrow->line->directory_only)
		return false;
	if (wide->any_depth)
		return name_includes(
			wide, narrow->name, narrow->name_len, true);
	return !narrow->any_depth &&
		same_text(wide->line->pattern, wide->line->len,
			narrow->line->pattern, narrow->line->len);
}

/* `wide` fits a folder above each entry that `narrow` fits. */
static bool includes_folder(
	const struct shape *wide, const struct shape *narrow)
{
	if (narrow->line->name_only)
		return false;
	if (!wide->any_depth)
		return narrow->line->len > wide->line->len &&
			narrow->line->pattern[wide->line->len] == '/' &&
			!memcmp(wide->line->pattern, narrow->line->pattern,
				wide->line->len);
	const char *at = narrow->text;
	const char *slash;
	for (; at < narrow->name; at = slash + 1) {
		slash = memchr(at, '/', (size_t)(narrow->name - at));
		if (name_includes(wide, at, (size_t)(slash - at), true))
			return true;
	}
	return false;
}

/* The user's lines of one file. */
struct lines {
	struct ignore_lines parsed;
	struct shape *shapes;
	bool *gone;
	size_t *order; /* longest first, of equals the later first */
};

static void lines_clear(struct lines *lines)
{
	ignore_lines_clear(&lines->parsed);
	free(lines->shapes);
	free(lines->gone);
	free(lines->order);
}

static bool in_block(const struct plan_file *file, size_t number)
{
	return number - 1 >= file->old.block_start &&
		number - 1 < file->old.block_end;
}

static bool negation_between(const struct lines *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (lines->parsed.items[i].negated)
			return true;
	return false;
}

/* `below`: a deeper file negates something. */
static bool is_superfluous(
	const struct lines *lines, size_t line, size_t by, bool below)
{
	const struct shape *narrow = &lines->shapes[line];
	const struct shape *wide = &lines->shapes[by];
	if (includes(wide, narrow))
		return by > line || !negation_between(lines, by, line);
	return !below && includes_folder(wide, narrow) &&
		!negation_between(lines, by, lines->parsed.count);
}

static int compare_order(const void *a, const void *b, void *ctx)
{
	const struct lines *lines = ctx;
	size_t left = *(const size_t *)a;
	size_t right = *(const size_t *)b;
	size_t left_len = lines->parsed.items[left].len;
	size_t right_len = lines->parsed.items[right].len;
	if (left_len != right_len)
		return left_len > right_len ? -1 : 1;
	return left > right ? -1 : left < right;
}

static int lines_init(struct lines *lines, const struct ignore_plan *plan,
	const struct plan_file *file, struct err *err)
{
	const struct buf *bytes = &file->old.bytes;
	int rc = ignore_lines_parse(&lines->parsed,
		bytes->bytes ? bytes->bytes : "", bytes->len,
		plan->opts.ignore_case, file->name, err);
	if (rc < 0)
		return rc;
	size_t count = lines->parsed.count;
	lines->shapes = xcalloc(count, sizeof(*lines->shapes));
	lines->gone = xcalloc(count, sizeof(*lines->gone));
	lines->order = xcalloc(count, sizeof(*lines->order));
	for (size_t i = 0; i < count; i++) {
		lines->shapes[i] = shape_of(&lines->parsed.items[i]);
		lines->order[i] = i;
	}
	if (count)
		qsort_r(lines->order, count, sizeof(*lines->order),
			compare_order, lines);
	return 0;
}

static bool is_users(
	const struct lines *lines, const struct plan_file *file, size_t line)
{
	const struct ignore_line *item = &lines->parsed.items[line];
	return !item->negated && !in_block(file, item->number);
}

/* The line that makes this one superfluous, or `count`. */
static size_t find_wider(const struct lines *lines,
	const struct plan_file *file, size_t line, bool below)
{
	size_t count = lines->parsed.count;
	for (size_t by = 0; by < count; by++)
		if (by != line && !lines->gone[by] &&
			is_users(lines, file, by) &&
			is_superfluous(lines, line, by, below))
			return by;
	return count;
}

static int compare_redundant(const void *a, const void *b)
{
	const struct redundant_line *left = a;
	const struct redundant_line *right = b;
	return left->line < right->line ? -1 : left->line > right->line;
}

static const struct redundant_line *find_row(
	const struct plan_file *file, size_t line)
{
	for (size_t i = 0; i < file->redundant_count; i++)
		if (file->redundant[i].line == line)
			return &file->redundant[i];
	return NULL;
}

/* Names the line that stays, not one that goes as well. A line only ever goes
 * after those that it makes superfluous, so this ends. */
static void follow(struct plan_file *file)
{
	for (size_t i = 0; i < file->redundant_count; i++) {
		struct redundant_line *row = &file->redundant[i];
		const struct redundant_line *next;
		while ((next = find_row(file, row->by)))
			row->by = next->by;
	}
}

static int find_in_file(
	const struct ignore_plan *plan, struct plan_file *file, struct err *err)
{
	CLEANUP(lines_clear) struct lines lines = { 0 };
	int rc = lines_init(&lines, plan, file, err);
	if (rc < 0)
		return rc;
	bool below = ignore_rules_negate_below(plan->rules, file->dir);
	size_t count = lines.parsed.count;
	free(file->redundant);
	file->redundant = xcalloc(count, sizeof(*file->redundant));
	file->redundant_count = 0;
	if (count > MAX_LINES)
		return 0;
	for (size_t i = 0; i < count; i++) {
		size_t line = lines.order[i];
		size_t by = count;
		if (is_users(&lines, file, line))
			by = find_wider(&lines, file, line, below);
		if (by == count)
			continue;
		lines.gone[line] = true;
		file->redundant[file->redundant_count++] =
			(struct redundant_line){
				.line = lines.parsed.items[line].number - 1,
				.by = lines.parsed.items[by].number - 1,
			};
	}
	if (file->redundant_count)
		qsort(file->redundant, file->redundant_count,
			sizeof(*file->redundant), compare_redundant);
	follow(file);
	return 0;
}

int ignore_tidy_find(struct ignore_plan *plan, struct err *err)
{
	int rc = 0;
	for (size_t i = 0; i < plan->file_count && rc == 0; i++)
		rc = find_in_file(plan, plan->files[i], err);
	return rc;
}

/* Proof on paths. */

/* Made-up paths that the line fits, or nearly fits. */
static void add_probes(
	struct path_table *paths, const char *dir, const struct text_line *text)
{
	static const struct {
		const char *before, *after;
	} forms[] = { { "", "" }, { "", "/f" }, { "p/", "" }, { "p/", "/f" },
		{ "p/q/", "/f" }, { "p/", "/q/f" } };
	CLEANUP(buf_clear) struct buf middle;
	buf_init(&middle, 0);
	for (size_t i = 0; i < text->len; i++) {
		char byte = text->start[i];
		bool outer = byte == '/' && (i == 0 || i + 1 == text->len);
		bool wild = byte == '*' || byte == '?';
		if (!outer && byte != '\\' && byte != '\r')
			buf_add_byte(&middle, wild ? 'x' : (unsigned char)byte);
	}
	for (size_t i = 0; i < ARRAY_SIZE(forms) && middle.len; i++) {
		CLEANUP(buf_clear) struct buf path;
		buf_init(&path, 0);
		buf_printf(&path, "%s%s%s%s%s", dir, *dir ? "/" : "",
			forms[i].before, middle.bytes, forms[i].after);
		path_table_add(paths, path.bytes, path.len);
	}
}

static void make_probes(
	struct path_table *probes, const struct ignore_plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct plan_file *file = plan->files[i];
		for (size_t j = 0; j < file->old.count; j++) {
			struct text_line text = ignore_file_text(&file->old, j);
			if (text.len && *text.start != '#')
				add_probes(probes, file->dir, &text);
		}
	}
}

/* The paths that a proof is about, and whether git ignores them so far. */
struct proof {
	const struct path_table *tables[2];
	bool *ignored[2];
};

static void proof_clear(struct proof *proof)
{
	free(proof->ignored[0]);
	free(proof->ignored[1]);
}

static int ask(bool *out, struct ignore_plan *plan, const struct proof *proof,
	int table, uint32_t path, struct err *err)
{
	struct ignore_decision decision;
	int rc = ignore_rules_decide(&decision, plan->rules,
		proof->tables[table]->entries[path].text, err);
	*out = decision.ignored;
	return rc;
}

static int proof_init(
	struct proof *proof, struct ignore_plan *plan, struct err *err)
{
	int rc = 0;
	for (int t = 0; t < 2 && rc == 0; t++) {
		uint32_t count = proof->tables[t]->count;
		proof->ignored[t] = xcalloc(count, sizeof(bool));
		for (uint32_t i = 0; i < count && rc == 0; i++)
			rc = ask(&proof->ignored[t][i], plan, proof, t, i, err);
	}
	return rc;
}

/* 1 when every decision is as it was, 0 when one is not. */
static int holds(
	const struct proof *proof, struct ignore_plan *plan, struct err *err)
{
	for (int t = 0; t < 2; t++)
		for (uint32_t i = 0; i < proof->tables[t]->count; i++) {
			bool now = false;
			int rc = ask(&now, plan, proof, t, i, err);
			if (rc < 0)
				return rc;
			if (now != proof->ignored[t][i])
				return 0;
		}
	return 1;
}

/* Drops these redundant lines; takes that back when a decision changes. */
static int try_drop(struct ignore_plan *plan, struct plan_file *file,
	const struct proof *proof, size_t from, size_t to, struct err *err)
{
	for (size_t i = from; i < to; i++)
		file->drop[file->redundant[i].line] = true;
	int rc = plan_file_render(plan, file, err);
	int same = rc < 0 ? rc : holds(proof, plan, err);
	if (same < 0)
		return same;
	for (size_t i = from; i < to; i++) {
		file->redundant[i].removed = same;
		file->drop[file->redundant[i].line] = same;
	}
	if (!same)
		rc = plan_file_render(plan, file, err);
	return rc < 0 ? rc : same;
}

static int tidy_file(struct ignore_plan *plan, struct plan_file *file,
	const struct proof *proof, struct err *err)
{
	if (!file->redundant_count)
		return 0;
	file->drop = xcalloc(file->old.count, sizeof(*file->drop));
	int rc = try_drop(plan, file, proof, 0, file->redundant_count, err);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	for (size_t i = 0; i < file->redundant_count && rc >= 0; i++)
		rc = try_drop(plan, file, proof, i, i + 1, err);
	return rc < 0 ? rc : 0;
}

int ignore_tidy_apply(struct ignore_plan *plan, const struct path_table *paths,
	struct err *err)
{
	struct path_table probes = { 0 };
	make_probes(&probes, plan);
	CLEANUP(proof_clear)
	struct proof proof = { .tables = { paths, &probes } };
	int rc = proof_init(&proof, plan, err);
	if (rc == 0) /* now every .gitignore has been read */
		rc = ignore_tidy_find(plan, err);
	for (size_t i = 0; i < plan->file_count && rc == 0; i++)
		rc = tidy_file(plan, plan->files[i], &proof, err);
	path_table_clear(&probes);
	return rc;
}
