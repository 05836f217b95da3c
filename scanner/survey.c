#include "scanner/survey.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/survey_cache.h"
#include "scanner/survey_table.h"
#include "scanner/tree_parse.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FAN_BITS  22
#define FEW           4 /* ids that are gone through one by one */
#define BLOCK_ENTRIES ((size_t)64 << 10)

static uint32_t fan_place(const struct survey *survey, const struct oid *oid)
{
	uint32_t first = (uint32_t)oid->bytes[0] << 24 |
		(uint32_t)oid->bytes[1] << 16 | (uint32_t)oid->bytes[2] << 8 |
		oid->bytes[3];
	return first >> (32 - survey->fan_bits);
}

/** One place for about each id: most look-ups compare one. */
static void make_fan(struct survey *survey)
{
	survey->fan_bits = 1;
	while (survey->fan_bits < MAX_FAN_BITS &&
		survey->listed_count >> survey->fan_bits)
		survey->fan_bits++;
	uint32_t places = 1U << survey->fan_bits;
	survey->fan = xcalloc((size_t)places + 1, sizeof(*survey->fan));
	for (uint32_t i = 0; i < survey->listed_count; i++)
		survey->fan[fan_place(survey, &survey->listed[i].oid) + 1]++;
	for (uint32_t i = 0; i < places; i++)
		survey->fan[i + 1] += survey->fan[i];
}

uint32_t survey_find(const struct survey *survey, const struct oid *oid)
{
	uint32_t place = fan_place(survey, oid);
	uint32_t low = survey->fan[place];
	uint32_t high = survey->fan[place + 1];
	while (high - low > FEW) {
		uint32_t middle = low + (high - low) / 2;
		if (oid_compare(&survey->listed[middle].oid, oid) < 0)
			low = middle + 1;
		else
			high = middle + 1;
	}
	for (; low < high; low++)
		if (oid_equal(&survey->listed[low].oid, oid))
			return low;
	return SURVEY_NONE;
}

void survey_find_soon(const struct survey *survey, const struct oid *oid)
{
	__builtin_prefetch(&survey->fan[fan_place(survey, oid)]);
}

void survey_find_next(const struct survey *survey, const struct oid *oid)
{
	uint32_t first = survey->fan[fan_place(survey, oid)];
	if (first < survey->listed_count)
		__builtin_prefetch(&survey->listed[first]);
}

struct survey_entry *survey_add_entries(
	struct survey_block **blocks, size_t count)
{
	struct survey_block *block = *blocks;
	if (!block || block->capacity - block->used < count) {
		size_t capacity = count > BLOCK_ENTRIES ? count : BLOCK_ENTRIES;
		block = xmalloc(sizeof(*block) +
			capacity * sizeof(struct survey_entry));
		block->next = *blocks;
		block->used = 0;
		block->capacity = capacity;
		*blocks = block;
	}
	struct survey_entry *entries = block->entries + block->used;
	block->used += count;
	return entries;
}

/** Trees, commits and the objects that they name. */
static void clear_tables(struct survey *survey)
{
	while (survey->blocks) {
		struct survey_block *block = survey->blocks;
		survey->blocks = block->next;
		free(block);
	}
	shape_reader_clear(&survey->late);
	oid_map_clear(&survey->others);
	free(STEAL(survey->trees));
	free(STEAL(survey->tree_of));
	free(STEAL(survey->commits));
	free(STEAL(survey->commit_of));
	survey->tree_count = survey->tree_capacity = 0;
	survey->tree_of_count = survey->tree_of_capacity = 0;
	survey->commit_count = survey->commit_capacity = 0;
	arena_clear(&survey->links);
}

/** Empty tables, with room for what is listed. */
static void make_tables(struct survey *survey)
{
	size_t listed = survey->listed_count;
	shape_reader_init(&survey->late, 0, 1);
	survey->tree_of = xcalloc(listed, sizeof(*survey->tree_of));
	survey->tree_of_count = survey->tree_of_capacity = listed;
	survey->commit_of = xcalloc(listed, sizeof(*survey->commit_of));
	memset(survey->tree_of, 0xff, listed * sizeof(*survey->tree_of));
	memset(survey->commit_of, 0xff, listed * sizeof(*survey->commit_of));
}

void survey_forget(struct survey *survey)
{
	clear_tables(survey);
	make_tables(survey);
}

struct survey *survey_of_list(struct object_name *listed, uint32_t count)
{
	struct survey *survey = xcalloc(1, sizeof(*survey));
	survey->listed = listed;
	survey->listed_count = count;
	make_fan(survey);
	make_tables(survey);
	return survey;
}

/** Reads all, but for what the cache has. */
static int read_all(
	struct survey *survey, const struct survey_opts *opts, struct err *err)
{
	if (opts->cache)
		survey_cache_load(survey, opts->cache);
	size_t known = survey->tree_count + survey->commit_count;
	int rc = survey_read(survey, opts->jobs, opts->progress, err);
	if (rc || !opts->cache)
		return rc;
	cache_use_of(opts->cache)->trees_known = known;
	cache_use_of(opts->cache)->trees_read =
		survey->tree_count + survey->commit_count - known;
	survey_cache_store(survey, opts->cache, known);
	return 0;
}

int survey_new(struct survey **out, const struct objects *objects,
	const struct survey_opts *opts, struct err *err)
{
	*out = NULL;
	CLEANUP(freep) struct object_name *listed = NULL;
	size_t count;
	int rc = objects_list(&listed, &count, objects, opts->jobs, err);
	if (rc < 0)
		return rc;
	if (count >= SURVEY_GITLINK)
		return 1;
	CLEANUP(survey_freep)
	struct survey *survey = survey_of_list(STEAL(listed), (uint32_t)count);
	survey->objects = objects;
	survey->max_object_size = opts->max_object_size;
	rc = objects_reader_new(&survey->reader, objects, err);
	if (rc == 0)
		rc = read_all(survey, opts, err);
	if (rc == 0)
		*out = STEAL(survey);
	return rc;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	clear_tables(survey);
	objects_reader_free(survey->reader);
	free(survey->listed);
	free(survey->fan);
	free(survey);
}

struct oid *survey_collect(const struct survey *survey, unsigned types,
	uint32_t **numbers, size_t *count)
{
	struct oid *oids = xcalloc(survey->listed_count, sizeof(*oids));
	*numbers = xcalloc(survey->listed_count, sizeof(**numbers));
	*count = 0;
	for (uint32_t i = 0; i < survey->listed_count; i++) {
		if (!(1U << survey->listed[i].type & types) ||
			survey->tree_of[i] != SURVEY_NONE ||
			survey->commit_of[i] != SURVEY_NONE)
			continue;
		(*numbers)[*count] = i;
		oids[(*count)++] = survey->listed[i].oid;
	}
	return oids;
}

const struct path_table *survey_names(const struct survey *survey)
{
	return &survey->late.names;
}

bool survey_names_tree(const struct survey *survey, uint32_t name)
{
	const struct path_entry *entry = &survey->late.names.entries[name];
	return entry->len && !entry->text[entry->len - 1];
}

const struct object_name *survey_listed(
	const struct survey *survey, uint32_t *count)
{
	*count = survey->listed_count;
	return survey->listed;
}

uint32_t survey_number(struct survey *survey, const struct oid *oid)
{
	uint32_t number = survey_find(survey, oid);
	if (number != SURVEY_NONE)
		return number;
	return survey->listed_count + oid_map_add(&survey->others, oid, NULL);
}

const struct oid *survey_oid(const struct survey *survey, uint32_t number)
{
	if (number < survey->listed_count)
		return &survey->listed[number].oid;
	return &survey->others.oids[number - survey->listed_count];
}

/** Keeps what was read of a tree that no other will be built upon. */
static void keep_late(struct survey *survey, struct survey_tree *tree)
{
	const struct shape_reader *shapes = &survey->late;
	tree->corrupt = shapes->corrupt;
	tree->odd = shapes->odd;
	tree->count = (uint32_t)shapes->fresh_count;
	struct survey_entry *entries =
		survey_add_entries(&survey->blocks, shapes->fresh_count);
	tree->entries = entries;
	for (size_t i = 0; i < shapes->fresh_count; i++) {
		const struct shape_entry *fresh = &shapes->fresh[i];
		uint32_t child =
			survey_number(survey, (const struct oid *)fresh->oid);
		if (mode_is_gitlink(fresh->mode))
			child |= SURVEY_GITLINK;
		entries[i] = (struct survey_entry){ fresh->name, child };
	}
}

static int read_late(struct survey_tree *out, struct survey *survey,
	const struct oid *oid, struct err *err)
{
	*out = (struct survey_tree){ .base = SURVEY_NONE };
	struct object object = { 0 };
	int rc = 0;
	if (!tree_oid_is_empty(oid))
		rc = objects_read(&object, survey->reader, oid, err);
	if (rc == 0 && object.type != OBJECT_TREE && object.type)
		rc = ERR_CORRUPT;
	if (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT || rc == ERR_LIMIT)
		out->status = rc;
	else if (rc < 0)
		return rc;
	if (rc < 0)
		return 0;
	rc = shape_read(&survey->late, &object, 0, err);
	if (rc == 0)
		keep_late(survey, out);
	return rc;
}

int survey_tree(const struct survey_tree **out, struct survey *survey,
	uint32_t number, struct err *err)
{
	while (survey->tree_of_count <= number) {
		ARRAY_GROW(survey->tree_of, survey->tree_of_count,
			survey->tree_of_capacity);
		survey->tree_of[survey->tree_of_count++] = SURVEY_NONE;
	}
	uint32_t row = survey->tree_of[number];
	if (row == SURVEY_NONE) {
		struct oid oid = *survey_oid(survey, number);
		struct survey_tree tree;
		int rc = read_late(&tree, survey, &oid, err);
		if (rc < 0)
			return rc;
		ARRAY_GROW(survey->trees, survey->tree_count,
			survey->tree_capacity);
		row = (uint32_t)survey->tree_count++;
		survey->trees[row] = tree;
		survey->tree_of[number] = row;
	}
	*out = &survey->trees[row];
	return 0;
}

void survey_tree_load(
	const struct survey *survey, uint32_t number, unsigned step)
{
	if (number >= survey->tree_of_count)
		return;
	if (step == 0) {
		__builtin_prefetch(&survey->tree_of[number]);
		return;
	}
	uint32_t row = survey->tree_of[number];
	if (row == SURVEY_NONE)
		return;
	if (step == 1)
		__builtin_prefetch(&survey->trees[row]);
	else
		__builtin_prefetch(survey->trees[row].entries);
}

void survey_commit_load(
	const struct survey *survey, uint32_t number, unsigned step)
{
	if (number >= survey->listed_count)
		return;
	if (step == 0) {
		__builtin_prefetch(&survey->commit_of[number]);
		return;
	}
	uint32_t row = survey->commit_of[number];
	if (row == SURVEY_NONE)
		return;
	const uint32_t *links = survey->commits[row].links;
	if (step == 1)
		__builtin_prefetch(links);
	else
		__builtin_prefetch(survey_oid(survey, links[0]));
}

bool survey_commit(
	struct survey_commit *out, const struct survey *survey, uint32_t number)
{
	if (number >= survey->listed_count ||
		survey->commit_of[number] == SURVEY_NONE)
		return false;
	const struct survey_commit_row *row =
		&survey->commits[survey->commit_of[number]];
	*out = (struct survey_commit){
		.tree = row->links[0],
		.parent_count = row->parent_count,
		.parents = row->links + 1,
		.time = row->time,
	};
	return true;
}
