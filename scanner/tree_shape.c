#include "scanner/tree_shape.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/tree_parse.h"

#include <stdlib.h>
#include <string.h>

#define NEAR 3 /* entries of a base that are tried in turn */

/** What is kept of a tree for those that are made from it. */
struct shape_note {
	struct object_note note;
	uint32_t number;
	uint32_t count;
	uint32_t values[]; /* count + 1 starts, then count names */
};

/** The reading of one tree. */
struct reading {
	struct shape_reader *reader;
	const struct object *tree;
	const struct shape_note *base; /* or NULL */
	size_t copy;                   /* the one at or behind `at` */
	size_t at;
	uint32_t base_next;     /* entries of the base before it are done */
	struct tree_entry last; /* the entry before `at`, if size is not 0 */
	bool keep;              /* the shape is wanted */
};

void shape_reader_init(
	struct shape_reader *reader, uint32_t thread, uint32_t threads)
{
	*reader = (struct shape_reader){
		.thread = thread,
		.threads = threads,
	};
}

void shape_reader_clear(struct shape_reader *reader)
{
	path_table_clear(&reader->names);
	free(reader->fresh);
	free(reader->gone);
	free(reader->shape.starts);
	free(reader->shape.names);
	*reader = (struct shape_reader){ 0 };
}

static void grow_shape(struct shape *shape, size_t more)
{
	if (shape->capacity - shape->count > more)
		return; /* one start is left for the end */
	shape->capacity = (shape->count + more + 1) * 2;
	shape->starts = xreallocarray(
		shape->starts, shape->capacity, sizeof(*shape->starts));
	shape->names = xreallocarray(
		shape->names, shape->capacity, sizeof(*shape->names));
}

static bool number_name(uint32_t *out, struct shape_reader *reader,
	const struct tree_entry *entry)
{
	size_t len = entry->name_len + mode_is_tree(entry->mode);
	uint64_t number =
		(uint64_t)path_table_add(&reader->names, entry->name, len) *
			reader->threads +
		reader->thread;
	*out = (uint32_t)number;
	return number < UINT32_MAX;
}

/** True when the entry may stand behind the last one. */
static bool in_order(
	const struct reading *reading, const struct tree_entry *entry)
{
	return !memchr(entry->name, '/', entry->name_len) &&
		(!reading->last.size ||
			tree_entry_compare(&reading->last, entry) < 0);
}

static void add_gone(struct reading *reading, uint32_t end)
{
	struct shape_reader *reader = reading->reader;
	const uint32_t *names =
		reading->base->values + reading->base->count + 1;
	for (uint32_t i = reading->base_next; i < end; i++) {
		ARRAY_GROW(reader->gone, reader->gone_count,
			reader->gone_capacity);
		reader->gone[reader->gone_count++] = names[i];
	}
	reading->base_next = end;
}

/** The first entry of the base that begins at or behind `offset`. */
static uint32_t base_entry(
	const struct reading *reading, uint32_t low, size_t offset)
{
	const uint32_t *starts = reading->base->values;
	uint32_t high = reading->base->count + 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (starts[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/** The whole entries of the base that are copied to `at`: first..end. False:
 * none is, or it does not begin there. */
static bool find_copied(struct reading *reading, uint32_t *first, uint32_t *end)
{
	const struct object_delta *delta = reading->tree->delta;
	const struct object_copy *copy;
	if (!reading->base)
		return false;
	for (;; reading->copy++) {
		if (reading->copy == delta->copy_count)
			return false;
		copy = &delta->copies[reading->copy];
		if (copy->at + copy->len > reading->at)
			break;
	}
	if (copy->at > reading->at)
		return false;
	size_t from = copy->from + (reading->at - copy->at);
	const uint32_t *starts = reading->base->values;
	uint32_t count = reading->base->count;
	/* mostly the next entry of the base, or the one behind it, whose
	 * place another has taken */
	*first = reading->base_next;
	while (*first < count && starts[*first] < from &&
		*first < reading->base_next + NEAR)
		++*first;
	if (*first > count || starts[*first] < from ||
		(*first && starts[*first - 1] >= from))
		*first = base_entry(reading, 0, from);
	if (*first >= count || starts[*first] != from)
		return false;
	*end = base_entry(reading, *first, copy->from + copy->len + 1) - 1;
	return *end > *first;
}

static void keep_copied(struct reading *reading, uint32_t first, uint32_t end)
{
	struct shape *shape = &reading->reader->shape;
	const uint32_t *starts = reading->base->values;
	const uint32_t *names = starts + reading->base->count + 1;
	uint32_t shift = (uint32_t)reading->at - starts[first];
	uint32_t count = end - first;
	grow_shape(shape, count);
	uint32_t *to = shape->starts + shape->count;
	for (uint32_t i = 0; i < count; i++)
		to[i] = starts[first + i] + shift;
	memcpy(shape->names + shape->count, names + first,
		count * sizeof(*names));
	shape->count += count;
}

/** Reads the entry at an offset, where one was found before. */
static void read_known(
	struct tree_entry *entry, const struct object *tree, size_t at)
{
	struct tree_cursor cursor;
	tree_cursor_init(&cursor, tree->bytes + at, tree->len - at);
	*entry = cursor.entry;
}

/** Takes entries first..end of the base. False: that is out of order. */
static bool take_copied(struct reading *reading, uint32_t first, uint32_t end)
{
	const struct object *tree = reading->tree;
	const uint32_t *starts = reading->base->values;
	struct tree_entry entry;
	read_known(&entry, tree, reading->at);
	if (first < reading->base_next || !in_order(reading, &entry))
		return false;
	add_gone(reading, first);
	reading->base_next = end;
	reading->reader->copied += end - first;
	if (reading->keep)
		keep_copied(reading, first, end);
	read_known(&reading->last, tree,
		reading->at + starts[end - 1] - starts[first]);
	reading->at += starts[end] - starts[first];
	return true;
}

/** Most new entries have the name of one that is gone, which stands at the
 * same place, and has a number. */
static bool same_name(uint32_t *out, const struct reading *reading,
	const struct tree_entry *entry)
{
	const struct shape_reader *reader = reading->reader;
	const struct shape_note *base = reading->base;
	if (!base || reading->base_next >= base->count)
		return false;
	*out = base->values[base->count + 1 + reading->base_next];
	if (*out % reader->threads != reader->thread)
		return false; /* in the table of another thread */
	const struct path_entry *name =
		&reader->names.entries[*out / reader->threads];
	size_t len = entry->name_len + mode_is_tree(entry->mode);
	return name->len == len && !memcmp(name->text, entry->name, len);
}

static int take_fresh(struct reading *reading, const struct tree_entry *entry,
	struct err *err)
{
	struct shape_reader *reader = reading->reader;
	uint32_t name;
	if (!same_name(&name, reading, entry) &&
		!number_name(&name, reader, entry))
		return err_set(err, ERR_LIMIT, "too many names in trees");
	ARRAY_GROW(reader->fresh, reader->fresh_count, reader->fresh_capacity);
	reader->fresh[reader->fresh_count++] =
		(struct shape_entry){ name, entry->mode, entry->oid };
	if (reading->keep) {
		struct shape *shape = &reader->shape;
		grow_shape(shape, 1);
		shape->starts[shape->count] = (uint32_t)reading->at;
		shape->names[shape->count++] = name;
	}
	reading->last = *entry;
	reading->at += entry->size;
	return 0;
}

/** Reads on to the end. 1: not as a set upon the base. */
static int read_entries(struct reading *reading, struct err *err)
{
	struct shape_reader *reader = reading->reader;
	const struct object *tree = reading->tree;
	while (reading->at < tree->len) {
		uint32_t first;
		uint32_t end;
		if (find_copied(reading, &first, &end)) {
			if (!take_copied(reading, first, end))
				return 1;
			continue;
		}
		struct tree_cursor cursor;
		tree_cursor_init(&cursor, tree->bytes + reading->at,
			tree->len - reading->at);
		reader->corrupt = !cursor.more;
		if (!cursor.more)
			break;
		if (!in_order(reading, &cursor.entry)) {
			if (reading->base)
				return 1;
			reader->odd = true;
		}
		int rc = take_fresh(reading, &cursor.entry, err);
		if (rc < 0)
			return rc;
	}
	if (reading->base)
		add_gone(reading, reading->base->count);
	return 0;
}

static void free_note(struct object_note *note)
{
	free(note);
}

static void leave_note(
	struct shape_reader *reader, const struct object *tree, uint32_t number)
{
	struct shape *shape = &reader->shape;
	size_t count = shape->count;
	size_t size =
		sizeof(struct shape_note) + (2 * count + 1) * sizeof(uint32_t);
	struct shape_note *note = xmalloc(size);
	*note = (struct shape_note){
		.note = { .size = size, .free = free_note },
		.number = number,
		.count = (uint32_t)count,
	};
	if (count) {
		memcpy(note->values, shape->starts, count * sizeof(uint32_t));
		memcpy(note->values + count + 1, shape->names,
			count * sizeof(uint32_t));
	}
	note->values[count] = (uint32_t)tree->len;
	*tree->note = &note->note;
}

static int read_upon(struct shape_reader *reader, const struct object *tree,
	const struct shape_note *base, struct err *err)
{
	struct reading reading = {
		.reader = reader,
		.tree = tree,
		.base = base,
		.keep = tree->note && tree->len < UINT32_MAX,
	};
	reader->base = base ? base->number : SHAPE_NO_BASE;
	reader->fresh_count = 0;
	reader->gone_count = 0;
	reader->shape.count = 0;
	reader->copied = 0;
	reader->odd = false;
	reader->corrupt = false;
	int rc = read_entries(&reading, err);
	if (rc == 0 && base && reader->gone_count > reader->copied)
		return 1; /* to list all of it is shorter */
	return rc;
}

int shape_read(struct shape_reader *reader, const struct object *tree,
	uint32_t number, struct err *err)
{
	int rc = 1;
	if (tree->delta)
		rc = read_upon(reader, tree,
			(const struct shape_note *)tree->delta->base, err);
	if (rc == 1)
		rc = read_upon(reader, tree, NULL, err);
	if (rc == 0 && tree->note && tree->len < UINT32_MAX && !reader->odd &&
		!reader->corrupt)
		leave_note(reader, tree, number);
	return rc;
}
