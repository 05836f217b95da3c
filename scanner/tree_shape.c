#include "scanner/tree_shape.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/tree_parse.h"

#include <stdlib.h>
#include <string.h>

#define NEAR      3  /* entries of a base that are tried in turn */
#define SPARE     16 /* entries that a tree may have more than its base */
#define MIN_DRAFT 64 /* entries */

/** What is kept of a tree for those that are made from it: where its entries
 * begin and what they are called; `starts` has one more, the end. */
struct shape_note {
	struct object_note note;
	uint32_t number;
	uint32_t count, capacity;
	uint32_t values[]; /* capacity + 1 starts, then capacity names */
};

static const uint32_t *starts_of(const struct shape_note *note)
{
	return note->values;
}

static const uint32_t *names_of(const struct shape_note *note)
{
	return note->values + note->capacity + 1;
}

/** Room for the next entry's start in a draft, and for its name. */
static uint32_t *next_start(struct shape_note *draft)
{
	return draft->values + draft->count;
}

static uint32_t *next_name(struct shape_note *draft)
{
	return draft->values + draft->capacity + 1 + draft->count;
}

/** The reading of one tree. */
struct reading {
	struct shape_reader *reader;
	const struct object *tree;
	const struct shape_note *base; /* or NULL */
	size_t copy;                   /* the one at or behind `at` */
	size_t at;
	uint32_t base_next; /* entries of the base before it are done */
	bool in_step;       /* the entry before `at` is called as the one of the
			       base before base_next, or there is neither */
	size_t last_at;     /* the entry before `at`, if it is not 0 */
	uint32_t last_name;
	bool keep; /* the shape is wanted */
};

void shape_reader_init(
	struct shape_reader *reader, uint32_t thread, uint32_t threads)
{
	*reader = (struct shape_reader){
		.thread = thread,
		.threads = threads,
	};
}

static struct shape_note *note_new(uint32_t capacity)
{
	size_t size = sizeof(struct shape_note) +
		(2 * (size_t)capacity + 1) * sizeof(uint32_t);
	struct shape_note *note = xmalloc(size);
	note->note = (struct object_note){ .size = size };
	note->count = 0;
	note->capacity = capacity;
	return note;
}

/** A copy with room for so many entries. */
static struct shape_note *note_copy(
	const struct shape_note *note, uint32_t capacity)
{
	struct shape_note *copy = note_new(capacity);
	size_t size = note->count * sizeof(uint32_t);
	memcpy(next_start(copy), starts_of(note), size);
	memcpy(next_name(copy), names_of(note), size);
	copy->count = note->count;
	return copy;
}

void shape_reader_clear(struct shape_reader *reader)
{
	path_table_clear(&reader->names);
	free(reader->next);
	free(reader->fresh);
	free(reader->gone);
	free(reader->draft);
	*reader = (struct shape_reader){ 0 };
}

static void grow_draft(struct shape_reader *reader, uint32_t more)
{
	struct shape_note *draft = reader->draft;
	if (draft->capacity - draft->count >= more)
		return;
	reader->draft = note_copy(draft, (draft->count + more) * 2);
	free(draft);
}

/** The place of a name in the thread's table, or SHAPE_NO_NAME. */
static uint32_t own_place(const struct shape_reader *reader, uint32_t name)
{
	return name % reader->threads == reader->thread ? name / reader->threads
							: SHAPE_NO_NAME;
}

static bool is_called(const struct shape_reader *reader, uint32_t place,
	const struct tree_entry *entry)
{
	const struct path_entry *name = &reader->names.entries[place];
	size_t len = entry->name_len + mode_is_tree(entry->mode);
	return name->len == len && !memcmp(name->text, entry->name, len);
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

/** Reads the entry at an offset, where one was found before. */
static void read_known(
	struct tree_entry *entry, const struct object *tree, size_t at)
{
	struct tree_cursor cursor;
	tree_cursor_init(&cursor, tree->bytes + at, tree->len - at);
	*entry = cursor.entry;
}

/** True when the entry may stand behind the last one. */
static bool in_order(
	const struct reading *reading, const struct tree_entry *entry)
{
	if (memchr(entry->name, '/', entry->name_len))
		return false;
	if (!reading->at)
		return true;
	struct tree_entry last;
	read_known(&last, reading->tree, reading->last_at);
	return tree_entry_compare(&last, entry) < 0;
}

static void add_gone(struct reading *reading, uint32_t end)
{
	struct shape_reader *reader = reading->reader;
	const uint32_t *names = names_of(reading->base);
	for (uint32_t i = reading->base_next; i < end; i++) {
		ARRAY_GROW(reader->gone, reader->gone_count,
			reader->gone_capacity);
		reader->gone[reader->gone_count++] = names[i];
	}
	reading->base_next = end;
}

/** The first entry of the base, from `low` on, that begins at or behind
 * `offset`; its count + 1 for none. */
static uint32_t base_entry(
	const struct reading *reading, uint32_t low, size_t offset)
{
	const uint32_t *starts = starts_of(reading->base);
	uint32_t left = reading->base->count + 1 - low;
	while (left) { /* which half it is cannot be foreseen: no jump */
		uint32_t half = (left + 1) / 2;
		low += starts[low + half - 1] < offset ? half : 0;
		left -= half;
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
	const uint32_t *starts = starts_of(reading->base);
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
	const uint32_t *starts = starts_of(reading->base) + first;
	uint32_t shift = (uint32_t)reading->at - *starts;
	uint32_t count = end - first;
	grow_draft(reading->reader, count);
	struct shape_note *draft = reading->reader->draft;
	uint32_t *to = next_start(draft);
	if (!shift) /* nothing came or went before */
		memcpy(to, starts, count * sizeof(*to));
	for (uint32_t i = 0; shift && i < count; i++)
		to[i] = starts[i] + shift;
	memcpy(next_name(draft), names_of(reading->base) + first,
		count * sizeof(*to));
	draft->count += count;
}

/** Takes entries first..end of the base. False: that is out of order. */
static bool take_copied(struct reading *reading, uint32_t first, uint32_t end)
{
	const uint32_t *starts = starts_of(reading->base);
	if (first < reading->base_next)
		return false;
	if (!reading->in_step) {
		struct tree_entry entry;
		read_known(&entry, reading->tree, reading->at);
		if (!in_order(reading, &entry))
			return false;
	}
	add_gone(reading, first);
	reading->base_next = end;
	reading->in_step = true;
	reading->reader->copied += end - first;
	if (reading->keep)
		keep_copied(reading, first, end);
	reading->last_at = reading->at + starts[end - 1] - starts[first];
	reading->last_name = names_of(reading->base)[end - 1];
	reading->at += starts[end] - starts[first];
	return true;
}

/** Most new entries have the name of one of the base's, which stands at the
 * same place or soon behind it, and has a number. True: it is *place. */
static bool find_replaced(const struct reading *reading,
	const struct tree_entry *entry, uint32_t *place)
{
	if (!reading->base)
		return false;
	for (uint32_t i = reading->base_next;
		i < reading->base->count && i < reading->base_next + NEAR;
		i++) {
		uint32_t own =
			own_place(reading->reader, names_of(reading->base)[i]);
		*place = i;
		if (own != SHAPE_NO_NAME &&
			is_called(reading->reader, own, entry))
			return true;
	}
	return false;
}

/** The name that stood behind the last one before, if it is this. */
static bool find_next(uint32_t *name, const struct reading *reading,
	const struct tree_entry *entry)
{
	const struct shape_reader *reader = reading->reader;
	uint32_t last = reading->at ? own_place(reader, reading->last_name)
				    : SHAPE_NO_NAME;
	if (last >= reader->next_count)
		return false;
	uint32_t next = reader->next[last];
	*name = next * reader->threads + reader->thread;
	return next != SHAPE_NO_NAME && is_called(reader, next, entry);
}

static void set_next(struct reading *reading, uint32_t name)
{
	struct shape_reader *reader = reading->reader;
	uint32_t last = reading->at ? own_place(reader, reading->last_name)
				    : SHAPE_NO_NAME;
	if (last == SHAPE_NO_NAME)
		return;
	while (reader->next_count < reader->names.count) {
		ARRAY_GROW(reader->next, reader->next_count,
			reader->next_capacity);
		reader->next[reader->next_count++] = SHAPE_NO_NAME;
	}
	reader->next[last] = own_place(reader, name);
}

/** Numbers the name of a new entry. 1: it is out of order. */
static int take_name(uint32_t *name, struct reading *reading,
	const struct tree_entry *entry, struct err *err)
{
	uint32_t place;
	bool was_in_step = reading->in_step;
	reading->in_step = false;
	if (find_replaced(reading, entry, &place)) {
		*name = names_of(reading->base)[place];
		if (!was_in_step && !in_order(reading, entry))
			return 1;
		add_gone(reading, place);
		reading->base_next = place + 1;
		reading->in_step = true;
		reading->reader->replaced++;
		return 0;
	}
	if (find_next(name, reading, entry))
		return 0;
	if (!number_name(name, reading->reader, entry))
		return err_set(err, ERR_LIMIT, "too many names in trees");
	if (!in_order(reading, entry))
		return 1;
	set_next(reading, *name);
	return 0;
}

static void take_fresh(
	struct reading *reading, const struct tree_entry *entry, uint32_t name)
{
	struct shape_reader *reader = reading->reader;
	ARRAY_GROW(reader->fresh, reader->fresh_count, reader->fresh_capacity);
	reader->fresh[reader->fresh_count++] =
		(struct shape_entry){ name, entry->mode, entry->oid };
	if (reading->keep) {
		grow_draft(reader, 1);
		struct shape_note *draft = reader->draft;
		*next_start(draft) = (uint32_t)reading->at;
		*next_name(draft) = name;
		draft->count++;
	}
	reading->last_at = reading->at;
	reading->last_name = name;
	reading->at += entry->size;
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
		uint32_t name;
		int rc = take_name(&name, reading, &cursor.entry, err);
		if (rc < 0 || (rc == 1 && reading->base))
			return rc;
		reader->odd = reader->odd || rc == 1;
		take_fresh(reading, &cursor.entry, name);
	}
	if (reading->base)
		add_gone(reading, reading->base->count);
	return 0;
}

static void free_note(struct object_note *note)
{
	free(note);
}

/** The draft becomes the note, or a copy where it has much more room. */
static void leave_note(
	struct shape_reader *reader, const struct object *tree, uint32_t number)
{
	struct shape_note *note = reader->draft;
	if (note->capacity - note->count > note->count / 4 + SPARE)
		note = note_copy(note, note->count);
	else
		reader->draft = NULL;
	note->note.free = free_note;
	note->number = number;
	*next_start(note) = (uint32_t)tree->len;
	*tree->note = &note->note;
}

static void begin_draft(
	struct shape_reader *reader, const struct shape_note *base)
{
	if (!reader->draft)
		reader->draft =
			note_new(base ? base->count + SPARE : MIN_DRAFT);
	reader->draft->count = 0;
}

static int read_upon(struct shape_reader *reader, const struct object *tree,
	const struct shape_note *base, struct err *err)
{
	struct reading reading = {
		.reader = reader,
		.tree = tree,
		.base = base,
		.in_step = base,
		.keep = tree->note && tree->len < UINT32_MAX,
	};
	reader->base = base ? base->number : SHAPE_NO_BASE;
	reader->fresh_count = 0;
	reader->gone_count = 0;
	reader->copied = 0;
	reader->replaced = 0;
	reader->odd = false;
	reader->corrupt = false;
	if (reading.keep)
		begin_draft(reader, base);
	int rc = read_entries(&reading, err);
	if (rc == 0 && base &&
		reader->gone_count + reader->replaced > reader->copied)
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
