#include "remedy/ignore_cover.h"

#include "base/array.h"
#include "remedy/ignore_line.h"
#include "remedy/ignore_text.h"
#include "scanner/ignore_pattern.h"
#include "scanner/name_mask.h"
#include "scanner/path_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_KEPT_CHILDREN 16                 /* negations of one store */
#define MAX_MATRIX_WORDS  ((size_t)32 << 20) /* 256 MB of bits */

/* Targets with the same pattern: covered together or not at all. */
struct unit {
	const char *text;    /* its own entry */
	bool is_folder;      /* "/path/to/name/", no wildcards */
	size_t first, count; /* in cover_work.order */
};

struct candidate {
	const char *text;
	const char *name; /* for any depth; or NULL */
	bool fixed;       /* stays, whatever it covers */
	bool chosen;
	size_t unit_count; /* that it covers */
	struct ignore_lines lines;
	uint64_t *bits; /* by unit */
};

struct work {
	const struct cover_input *in;
	struct cover *out;
	struct cover_target *targets; /* the input's, then the earlier ones */
	size_t target_count, target_capacity;
	size_t *order; /* targets by unit */
	struct unit *units;
	size_t unit_count, unit_capacity;
	struct candidate *candidates;
	size_t candidate_count, candidate_capacity;
	size_t words; /* of the bits of a candidate */
};

void cover_clear(struct cover *cover)
{
	free(cover->missed);
	arena_clear(&cover->arena);
	*cover = (struct cover){ 0 };
}

static void work_clear(struct work *work)
{
	for (size_t i = 0; i < work->candidate_count; i++) {
		ignore_lines_clear(&work->candidates[i].lines);
		free(work->candidates[i].bits);
	}
	free(work->candidates);
	free(work->units);
	free(work->order);
	free(work->targets);
}

static bool takes_avoided(
	const struct work *work, const struct ignore_lines *lines)
{
	return ignore_lines_take_any(
		lines, work->in->avoid, work->in->avoid_count);
}

static bool covers_unit(const struct work *work,
	const struct ignore_lines *lines, const struct unit *unit)
{
	for (size_t i = 0; i < unit->count; i++) {
		size_t target = work->order[unit->first + i];
		if (!ignore_lines_take(lines, work->targets[target].path))
			return false;
	}
	return true;
}

static int parse_lines(struct ignore_lines *out, const struct work *work,
	const char *text, struct err *err)
{
	return ignore_lines_parse(out, text, strlen(text),
		work->in->ignore_case, ".gitignore", err);
}

/* Whether an entry covers the unit and nothing that must stay: 1, 0, or an
 * error. */
static int suits(const struct work *work, const char *text,
	const struct unit *unit, struct err *err)
{
	CLEANUP(ignore_lines_clear) struct ignore_lines lines = { 0 };
	int rc = parse_lines(&lines, work, text, err);
	if (rc == ERR_LIMIT) { /* too long for a pattern */
		*err = (struct err){ 0 };
		return 0;
	}
	if (rc < 0)
		return rc;
	return covers_unit(work, &lines, unit) && !takes_avoided(work, &lines);
}

/* Units. */

static struct unit *add_unit(struct work *work, const char *text)
{
	ARRAY_GROW(work->units, work->unit_count, work->unit_capacity);
	struct unit *unit = &work->units[work->unit_count++];
	*unit = (struct unit){ .text = text };
	unit->is_folder = ignore_text_is_folder(text);
	return unit;
}

static void add_target(struct work *work, const char *path, const char *pattern)
{
	ARRAY_GROW(work->targets, work->target_count, work->target_capacity);
	work->targets[work->target_count++] =
		(struct cover_target){ path, pattern };
}

/* Entries of an earlier run without wildcards stand for a path below them. */
static void add_earlier_targets(struct work *work)
{
	struct arena *arena = &work->out->arena;
	for (size_t i = 0; i < work->in->kept_count; i++) {
		const char *text = work->in->kept[i];
		if (ignore_text_is_folder(text))
			add_target(work,
				arena_printf(arena, "%s/x",
					ignore_text_path(arena, text)),
				text);
	}
}

static int compare_order(const void *a, const void *b, void *ctx)
{
	const struct cover_target *targets = ctx;
	size_t left = *(const size_t *)a;
	size_t right = *(const size_t *)b;
	int order = strcmp(targets[left].pattern, targets[right].pattern);
	if (order)
		return order;
	return left < right ? -1 : left > right;
}

static void make_units(struct work *work)
{
	for (size_t i = 0; i < work->in->target_count; i++)
		add_target(work, work->in->targets[i].path,
			work->in->targets[i].pattern);
	add_earlier_targets(work);
	work->order = xcalloc(work->target_count, sizeof(*work->order));
	for (size_t i = 0; i < work->target_count; i++)
		work->order[i] = i;
	if (work->target_count)
		qsort_r(work->order, work->target_count, sizeof(*work->order),
			compare_order, work->targets);
	struct unit *unit = NULL;
	for (size_t i = 0; i < work->target_count; i++) {
		size_t target = work->order[i];
		const char *text = work->targets[target].pattern;
		if (!unit || strcmp(unit->text, text) != 0) {
			unit = add_unit(work, text);
			unit->first = i;
		}
		unit->count++;
	}
}

/* An entry that names no secret; whether it covers the same is to be proved. */
static const char *without_secrets(const struct work *work, const char *text)
{
	return name_mask_pattern(work->in->secrets, text);
}

/* What a store must leave alone: its children that lead to avoided paths, each
 * once. False when there are too many to name. */
static bool find_children(struct path_table *children, const struct work *work,
	const char *folder)
{
	size_t len = strlen(folder);
	for (size_t i = 0; i < work->in->avoid_count; i++) {
		const char *path = work->in->avoid[i];
		if (strncmp(path, folder, len) != 0 || path[len] != '/')
			continue;
		size_t child = strcspn(path + len + 1, "/");
		path_table_add(children, path, len + 1 + child);
		if (children->count > MAX_KEPT_CHILDREN)
			return false;
	}
	return children->count > 0;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Everything in the store but these children; NULL when there is no such
 * entry. */
static const char *text_with_negations(struct work *work, const char *text)
{
	struct arena *arena = &work->out->arena;
	struct path_table children = { 0 };
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	bool found =
		find_children(&children, work, ignore_text_path(arena, text));
	const char *paths[MAX_KEPT_CHILDREN + 1];
	for (uint32_t i = 0; found && i < children.count; i++)
		paths[i] = children.entries[i].text;
	if (found)
		qsort(paths, children.count, sizeof(*paths), compare_texts);
	int rc = buf_printf(&out, "%s*", text);
	for (uint32_t i = 0; found && i < children.count && rc == 0; i++) {
		buf_add_text(&out, "\n!/");
		rc = ignore_pattern_add_path(&out, paths[i], strlen(paths[i]));
	}
	path_table_clear(&children);
	return found ? without_secrets(work, arena_strdup(arena, out.bytes))
		     : NULL;
}

static void add_missed(struct work *work, size_t target)
{
	struct cover *out = work->out;
	if (!out->missed)
		out->missed =
			xcalloc(work->in->target_count, sizeof(*out->missed));
	out->missed[out->missed_count++] = target;
}

/* The unit's targets one by one; it is left without any. */
static int split_unit(struct work *work, size_t index, struct err *err)
{
	struct unit whole = work->units[index];
	work->units[index].count = 0;
	for (size_t i = 0; i < whole.count; i++) {
		size_t target = work->order[whole.first + i];
		if (target >= work->in->target_count)
			continue;
		struct unit single = {
			.text = without_secrets(work,
				ignore_text_of_path(&work->out->arena,
					work->targets[target].path)),
			.first = whole.first + i,
			.count = 1,
		};
		int rc = suits(work, single.text, &single, err);
		if (rc < 0)
			return rc;
		if (rc == 0)
			add_missed(work, target);
		else
			*add_unit(work, single.text) = single;
	}
	return 0;
}

/* Puts the unit's targets that the lines take before the others; returns how
 * many these are. */
static size_t part_targets(const struct work *work,
	const struct ignore_lines *lines, const struct unit *unit)
{
	size_t *order = work->order + unit->first;
	CLEANUP(freep) size_t *rest = xcalloc(unit->count, sizeof(*rest));
	size_t taken = 0;
	size_t left = 0;
	for (size_t i = 0; i < unit->count; i++) {
		const char *path = work->targets[order[i]].path;
		if (ignore_lines_take(lines, path))
			order[taken++] = order[i];
		else
			rest[left++] = order[i];
	}
	memcpy(order + taken, rest, left * sizeof(*rest));
	return taken;
}

/* Leaves the unit those targets that its entry covers, and splits off the
 * others; 0 when there are none, or the entry takes what must stay. */
static int keep_covered(struct work *work, size_t index, struct err *err)
{
	CLEANUP(ignore_lines_clear) struct ignore_lines lines = { 0 };
	struct unit unit = work->units[index];
	int rc = parse_lines(&lines, work, unit.text, err);
	if (rc == ERR_LIMIT) { /* too long for a pattern */
		*err = (struct err){ 0 };
		return 0;
	}
	if (rc < 0)
		return rc;
	size_t taken = takes_avoided(work, &lines)
		? 0
		: part_targets(work, &lines, &unit);
	if (!taken)
		return 0;
	work->units[index].count = taken;
	struct unit *rest = add_unit(work, unit.text);
	rest->first = unit.first + taken;
	rest->count = unit.count - taken;
	rc = split_unit(work, work->unit_count - 1, err);
	return rc < 0 ? rc : 1;
}

/* Gives the unit an entry that covers it and nothing else. */
static int settle_unit(struct work *work, size_t index, struct err *err)
{
	struct unit *unit = &work->units[index];
	const char *named = unit->text;
	unit->text = without_secrets(work, named);
	int rc = suits(work, unit->text, unit, err);
	if (rc != 0)
		return rc;
	if (unit->is_folder) {
		const char *text = text_with_negations(work, named);
		unit->is_folder = false;
		rc = text ? suits(work, text, unit, err) : 0;
		if (rc > 0)
			unit->text = text;
		if (rc != 0)
			return rc;
	}
	rc = keep_covered(work, index, err);
	return rc == 0 ? split_unit(work, index, err) : rc;
}

static int settle_units(struct work *work, struct err *err)
{
	size_t count = work->unit_count;
	for (size_t i = 0; i < count; i++) {
		int rc = settle_unit(work, i, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Candidates. */

static int add_candidate(struct work *work, const char *text, const char *name,
	bool fixed, struct err *err)
{
	for (size_t i = 0; fixed && i < work->candidate_count; i++)
		if (!strcmp(work->candidates[i].text, text))
			return 0;
	CLEANUP(ignore_lines_clear) struct ignore_lines lines = { 0 };
	int rc = parse_lines(&lines, work, text, err);
	if (rc < 0)
		return rc;
	if (!fixed && takes_avoided(work, &lines))
		return 0;
	ARRAY_GROW(work->candidates, work->candidate_count,
		work->candidate_capacity);
	struct candidate *added = &work->candidates[work->candidate_count++];
	*added = (struct candidate){
		.text = text,
		.name = name,
		.fixed = fixed,
		.chosen = fixed,
		.lines = lines,
	};
	lines = (struct ignore_lines){ 0 };
	return 0;
}

/* Names that several stores bear. */
static int add_names(struct work *work, struct err *err)
{
	CLEANUP(freep)
	const char **names = xcalloc(work->unit_count, sizeof(*names));
	size_t count = 0;
	for (size_t i = 0; i < work->unit_count; i++)
		if (work->units[i].is_folder && work->units[i].count)
			names[count++] = ignore_text_any_depth(
				&work->out->arena, work->units[i].text);
	if (count)
		qsort(names, count, sizeof(*names), compare_texts);
	for (size_t i = 1; i < count; i++) {
		bool again = !strcmp(names[i - 1], names[i]);
		bool known = i > 1 && !strcmp(names[i - 2], names[i]);
		int rc = 0;
		if (again && !known)
			rc = add_candidate(
				work, names[i], names[i], false, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* An earlier entry that no unit stands for stays as it is. */
static int add_kept(struct work *work, struct err *err)
{
	for (size_t i = 0; i < work->in->kept_count; i++) {
		const char *text = work->in->kept[i];
		int rc = 0;
		if (!ignore_text_is_folder(text))
			rc = add_candidate(work, without_secrets(work, text),
				NULL, true, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int add_candidates(struct work *work, struct err *err)
{
	int rc = add_kept(work, err);
	for (size_t i = 0; i < work->unit_count && rc == 0; i++)
		if (work->units[i].count)
			rc = add_candidate(
				work, work->units[i].text, NULL, false, err);
	if (rc == 0)
		rc = add_names(work, err);
	work->words = work->unit_count / 64 + 1;
	if (rc == 0 && work->candidate_count > MAX_MATRIX_WORDS / work->words)
		return err_set(err, ERR_LIMIT,
			"%zu entries are too many to choose from",
			work->candidate_count);
	return rc;
}

/* A single path covers itself alone; do not ask it about all others. */
static bool is_single(
	const struct unit *unit, const struct candidate *candidate)
{
	const struct ignore_line *line = ignore_lines_path(&candidate->lines);
	return line && !line->directory_only &&
		strcmp(unit->text, candidate->text) != 0;
}

static void fill_bits(const struct work *work, struct candidate *candidate)
{
	candidate->bits = xcalloc(work->words, sizeof(*candidate->bits));
	for (size_t i = 0; i < work->unit_count; i++) {
		const struct unit *unit = &work->units[i];
		if (!unit->count || is_single(unit, candidate) ||
			!covers_unit(work, &candidate->lines, unit))
			continue;
		candidate->bits[i / 64] |= (uint64_t)1 << i % 64;
		candidate->unit_count++;
	}
}

/* Fixed ones first, then by size, then the narrower, then by text. */
static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a;
	const struct candidate *right = b;
	if (left->fixed != right->fixed)
		return left->fixed ? -1 : 1;
	if (left->unit_count != right->unit_count)
		return left->unit_count > right->unit_count ? -1 : 1;
	if (!left->name != !right->name)
		return left->name ? 1 : -1;
	return strcmp(left->text, right->text);
}

/* Adds the candidate's units to `covered`; false when all were there. */
static bool join_bits(uint64_t *covered, const uint64_t *bits, size_t words)
{
	bool new_ones = false;
	for (size_t i = 0; i < words; i++) {
		new_ones = new_ones || (bits[i] & ~covered[i]);
		covered[i] |= bits[i];
	}
	return new_ones;
}

static void choose(struct work *work)
{
	CLEANUP(freep)
	uint64_t *covered = xcalloc(work->words, sizeof(*covered));
	if (work->candidate_count)
		qsort(work->candidates, work->candidate_count,
			sizeof(*work->candidates), compare_candidates);
	for (size_t i = 0; i < work->candidate_count; i++) {
		struct candidate *candidate = &work->candidates[i];
		bool adds = join_bits(covered, candidate->bits, work->words);
		candidate->chosen = candidate->fixed || adds;
	}
}

static bool has_unit(const struct candidate *candidate, size_t unit)
{
	return (candidate->bits[unit / 64] >> unit % 64 & 1) != 0;
}

/* How many chosen candidates cover each unit. */
static unsigned *count_covers(const struct work *work)
{
	unsigned *counts = xcalloc(work->unit_count, sizeof(*counts));
	for (size_t i = 0; i < work->candidate_count; i++) {
		const struct candidate *candidate = &work->candidates[i];
		for (size_t u = 0; candidate->chosen && u < work->unit_count;
			u++)
			counts[u] += has_unit(candidate, u);
	}
	return counts;
}

static bool is_needed(const struct work *work,
	const struct candidate *candidate, const unsigned *counts)
{
	for (size_t u = 0; u < work->unit_count; u++)
		if (has_unit(candidate, u) && counts[u] < 2)
			return true;
	return false;
}

/* The smallest first: what the others cover together goes. */
static void drop_superfluous(struct work *work)
{
	CLEANUP(freep) unsigned *counts = count_covers(work);
	for (size_t i = work->candidate_count; i > 0; i--) {
		struct candidate *candidate = &work->candidates[i - 1];
		if (candidate->fixed || !candidate->chosen ||
			is_needed(work, candidate, counts))
			continue;
		candidate->chosen = false;
		for (size_t u = 0; u < work->unit_count; u++)
			counts[u] -= has_unit(candidate, u);
	}
}

/* The result. */

static void describe(struct work *work, struct cover_entry *entry,
	const struct candidate *candidate)
{
	*entry = (struct cover_entry){
		.text = candidate->text,
		.name = candidate->name,
	};
	for (size_t i = 0; i < work->in->target_count; i++) {
		const char *path = work->in->targets[i].path;
		if (!ignore_lines_take(&candidate->lines, path))
			continue;
		if (!entry->target_count++)
			entry->first_target = i;
	}
}

static int compare_entries(const void *a, const void *b)
{
	const struct cover_entry *left = a;
	const struct cover_entry *right = b;
	return strcmp(left->text, right->text);
}

static void make_entries(struct work *work)
{
	struct cover *out = work->out;
	size_t count = 0;
	for (size_t i = 0; i < work->candidate_count; i++)
		count += work->candidates[i].chosen;
	out->entries = arena_array(&out->arena, count, sizeof(*out->entries));
	for (size_t i = 0; i < work->candidate_count; i++)
		if (work->candidates[i].chosen)
			describe(work, &out->entries[out->count++],
				&work->candidates[i]);
	if (count)
		qsort(out->entries, count, sizeof(*out->entries),
			compare_entries);
}

int cover_find(
	struct cover *out, const struct cover_input *input, struct err *err)
{
	CLEANUP(work_clear)
	struct work work = { .in = input, .out = out };
	make_units(&work);
	int rc = settle_units(&work, err);
	if (rc == 0)
		rc = add_candidates(&work, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < work.candidate_count; i++)
		fill_bits(&work, &work.candidates[i]);
	choose(&work);
	drop_superfluous(&work);
	make_entries(&work);
	return 0;
}
