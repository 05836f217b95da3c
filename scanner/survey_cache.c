#include "scanner/survey_cache.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/digest.h"
#include "scanner/cache_codec.h"

#include <stdlib.h>
#include <string.h>

#define KIND "trees"

/* A part that is new is read as fast as it is stored: it is stored once it is
 * one in so many. */
#define STORE_SHARE 64

/* How an entry's object is written: a number, or that the name is gone. */
#define CHILD_GONE 0

/* What a file calls the objects: by id those that the survey lists, then the
 * others. */
struct file_numbers {
	uint32_t *of; /* by number of the survey, plus one; 0: not named */
	uint32_t listed, count;
};

static void file_numbers_clear(struct file_numbers *numbers)
{
	free(numbers->of);
}

static void mark_tree(
	struct file_numbers *numbers, const struct survey_tree *tree)
{
	for (uint32_t i = 0; i < tree->count; i++) {
		uint32_t child = tree->entries[i].child;
		if (child != SURVEY_NONE)
			numbers->of[child & ~SURVEY_GITLINK] = 1;
	}
}

/** Numbers every object that a tree or commit is or names. */
static void number_objects(
	struct file_numbers *out, const struct survey *survey)
{
	uint32_t count = survey->listed_count + survey->others.count;
	*out = (struct file_numbers){ .of = xcalloc(count, sizeof(*out->of)) };
	for (uint32_t i = 0; i < survey->listed_count; i++)
		out->of[i] = survey->tree_of[i] != SURVEY_NONE ||
			survey->commit_of[i] != SURVEY_NONE;
	for (size_t i = 0; i < survey->tree_count; i++)
		mark_tree(out, &survey->trees[i]);
	for (size_t i = 0; i < survey->commit_count; i++) {
		const struct survey_commit_row *row = &survey->commits[i];
		for (uint32_t k = 0; k <= row->parent_count; k++)
			out->of[row->links[k]] = 1;
	}
	for (uint32_t i = 0; i < count; i++) {
		if (i == survey->listed_count)
			out->listed = out->count;
		if (out->of[i])
			out->of[i] = ++out->count;
	}
	if (count == survey->listed_count)
		out->listed = out->count;
}

static void put_ids(struct buf *out, const struct survey *survey,
	const struct file_numbers *numbers)
{
	uint32_t count = survey->listed_count + survey->others.count;
	cache_put_number(out, numbers->listed);
	cache_put_number(out, numbers->count - numbers->listed);
	for (uint32_t i = 0; i < count; i++)
		if (numbers->of[i])
			buf_add(out, survey_oid(survey, i)->bytes, OID_SIZE);
}

/** Names hold a NUL where they are those of trees. */
static void put_names(struct buf *out, const struct path_table *names)
{
	cache_put_number(out, names->count);
	for (uint32_t i = 0; i < names->count; i++) {
		cache_put_number(out, names->entries[i].len);
		buf_add(out, names->entries[i].text, names->entries[i].len);
	}
}

static void put_tree(struct buf *out, const struct survey *survey,
	const struct file_numbers *numbers, uint32_t number)
{
	const struct survey_tree *tree =
		&survey->trees[survey->tree_of[number]];
	cache_put_number(out, numbers->of[number] - 1);
	cache_put_number(
		out, tree->base == SURVEY_NONE ? 0 : numbers->of[tree->base]);
	cache_put_number(out, tree->corrupt | tree->odd << 1);
	cache_put_number(out, tree->count);
	for (uint32_t i = 0; i < tree->count; i++) {
		uint32_t child = tree->entries[i].child;
		cache_put_number(out, tree->entries[i].name);
		if (child == SURVEY_NONE)
			cache_put_number(out, CHILD_GONE);
		else
			cache_put_number(out,
				(uint64_t)numbers->of[child & ~SURVEY_GITLINK]
						<< 1 |
					(child & SURVEY_GITLINK) /
						SURVEY_GITLINK);
	}
}

/** Numbers of trees on the way to a base. */
struct way {
	uint32_t *items;
	size_t count, capacity;
};

static void way_clear(struct way *way)
{
	free(way->items);
}

/** A tree behind those that it is built upon. */
static void put_tree_and_bases(struct buf *out, const struct survey *survey,
	const struct file_numbers *numbers, bool *is_put, struct way *way,
	uint32_t number)
{
	while (number != SURVEY_NONE && !is_put[number]) {
		is_put[number] = true;
		ARRAY_GROW(way->items, way->count, way->capacity);
		way->items[way->count++] = number;
		number = survey->trees[survey->tree_of[number]].base;
	}
	while (way->count)
		put_tree(out, survey, numbers, way->items[--way->count]);
}

/** In the order in which they were read, which is that of memory. */
static void put_trees(struct buf *out, const struct survey *survey,
	const struct file_numbers *numbers)
{
	CLEANUP(way_clear) struct way way = { 0 };
	CLEANUP(freep)
	bool *is_put = xcalloc(survey->listed_count, sizeof(*is_put));
	CLEANUP(freep)
	uint32_t *number_of = xcalloc(survey->tree_count, sizeof(*number_of));
	for (uint32_t i = 0; i < survey->listed_count; i++)
		if (survey->tree_of[i] != SURVEY_NONE)
			number_of[survey->tree_of[i]] = i;
	cache_put_number(out, survey->tree_count);
	for (size_t i = 0; i < survey->tree_count; i++)
		put_tree_and_bases(
			out, survey, numbers, is_put, &way, number_of[i]);
}

static void put_commits(struct buf *out, const struct survey *survey,
	const struct file_numbers *numbers)
{
	cache_put_number(out, survey->commit_count);
	for (size_t i = 0; i < survey->commit_count; i++) {
		const struct survey_commit_row *row = &survey->commits[i];
		cache_put_number(out, numbers->of[row->number] - 1);
		cache_put_signed(out, row->time);
		cache_put_number(out, row->parent_count);
		for (uint32_t k = 0; k <= row->parent_count; k++)
			cache_put_number(out, numbers->of[row->links[k]] - 1);
	}
}

CACHE_SIZE_IS(struct survey_tree, 24);
CACHE_SIZE_IS(struct survey_commit_row, 24);

void survey_cache_encode(struct buf *out, const struct survey *survey)
{
	CLEANUP(file_numbers_clear) struct file_numbers numbers;
	number_objects(&numbers, survey);
	put_ids(out, survey, &numbers);
	put_names(out, &survey->late.names);
	put_trees(out, survey, &numbers);
	put_commits(out, survey, &numbers);
}

/** What is read, and what it means in the survey. */
struct decoding {
	struct survey *survey;
	struct cache_reader reader;
	uint32_t *numbers; /* of the survey, by that of the file */
	uint32_t count;
	uint32_t name_count;
};

static void decoding_clear(struct decoding *decoding)
{
	free(decoding->numbers);
}

/** The ids that stand in order are found by going along the survey's list. */
static void get_ids(struct decoding *decoding)
{
	struct survey *survey = decoding->survey;
	struct cache_reader *reader = &decoding->reader;
	size_t listed = cache_get_count(reader, OID_SIZE);
	size_t count = listed + cache_get_count(reader, OID_SIZE);
	if (count >= SURVEY_GITLINK - 1 - survey->listed_count)
		reader->failed = true;
	const unsigned char *bytes = cache_get_bytes(reader, count * OID_SIZE);
	if (reader->failed)
		return;
	decoding->numbers = xcalloc(count, sizeof(*decoding->numbers));
	decoding->count = (uint32_t)count;
	uint32_t at = 0;
	for (size_t i = 0; i < count; i++, bytes += OID_SIZE) {
		const struct oid *oid = (const struct oid *)(const void *)bytes;
		while (i < listed && at < survey->listed_count &&
			oid_compare(&survey->listed[at].oid, oid) < 0)
			at++;
		bool is_there = i < listed && at < survey->listed_count &&
			oid_equal(&survey->listed[at].oid, oid);
		decoding->numbers[i] =
			is_there ? at : survey_number(survey, oid);
	}
}

static void get_names(struct decoding *decoding)
{
	struct path_table *names = &decoding->survey->late.names;
	struct cache_reader *reader = &decoding->reader;
	size_t count = cache_get_count(reader, 1);
	for (size_t i = 0; i < count && !reader->failed; i++) {
		size_t len = cache_get_count(reader, 1);
		const unsigned char *text = cache_get_bytes(reader, len);
		if (!text ||
			path_table_add(names, (const char *)text, len) != i)
			reader->failed = true;
	}
	decoding->name_count = names->count;
}

/** An object by its number in the file; SURVEY_NONE, and failed, if there is no
 * such number. */
static uint32_t get_object(struct decoding *decoding)
{
	uint64_t number = cache_get_number(&decoding->reader);
	if (number < decoding->count)
		return decoding->numbers[number];
	decoding->reader.failed = true;
	return SURVEY_NONE;
}

static void get_entry(struct survey_entry *out, struct decoding *decoding)
{
	uint64_t name = cache_get_number(&decoding->reader);
	uint64_t child = cache_get_number(&decoding->reader);
	*out = (struct survey_entry){ (uint32_t)name, SURVEY_NONE };
	if (name >= decoding->name_count || child >> 1 > decoding->count)
		decoding->reader.failed = true;
	else if (child >> 1)
		out->child = decoding->numbers[(child >> 1) - 1] |
			(child & 1 ? SURVEY_GITLINK : 0);
}

static bool is_listed(
	const struct survey *survey, uint32_t number, enum object_type type)
{
	return number < survey->listed_count &&
		survey->listed[number].type == type;
}

/** True when the survey has the base that a tree needs. */
static bool has_base(const struct survey *survey, uint32_t base)
{
	return base == SURVEY_NONE ||
		(is_listed(survey, base, OBJECT_TREE) &&
			survey->tree_of[base] != SURVEY_NONE);
}

static uint32_t get_base(struct decoding *decoding)
{
	uint64_t number = cache_get_below(&decoding->reader, decoding->count);
	return number ? decoding->numbers[number - 1] : SURVEY_NONE;
}

/* Bytes of an entry: a name and an object. */
#define ENTRY_LEAST 2

static void get_tree(struct decoding *decoding)
{
	struct survey *survey = decoding->survey;
	struct cache_reader *reader = &decoding->reader;
	uint32_t number = get_object(decoding);
	struct survey_tree tree = { .base = get_base(decoding) };
	unsigned flags = (unsigned)cache_get_below(reader, 3);
	tree.corrupt = flags & 1;
	tree.odd = flags & 2;
	tree.count = (uint32_t)cache_get_count(reader, ENTRY_LEAST);
	struct survey_entry *entries =
		survey_add_entries(&survey->blocks, tree.count);
	tree.entries = entries;
	for (uint32_t i = 0; i < tree.count && !reader->failed; i++)
		get_entry(&entries[i], decoding);
	if (reader->failed || !is_listed(survey, number, OBJECT_TREE) ||
		!has_base(survey, tree.base))
		return; /* it is gone, or is read again */
	if (survey->tree_of[number] != SURVEY_NONE) {
		reader->failed = true;
		return;
	}
	survey->tree_of[number] = (uint32_t)survey->tree_count;
	ARRAY_GROW(survey->trees, survey->tree_count, survey->tree_capacity);
	survey->trees[survey->tree_count++] = tree;
}

static void get_commit(struct decoding *decoding)
{
	struct survey *survey = decoding->survey;
	struct cache_reader *reader = &decoding->reader;
	struct survey_commit_row row = { .number = get_object(decoding) };
	row.time = cache_get_signed(reader);
	row.parent_count = (uint32_t)cache_get_count(reader, 1);
	row.links = arena_array(
		&survey->links, row.parent_count + 1, sizeof(*row.links));
	for (uint32_t k = 0; k <= row.parent_count && !reader->failed; k++)
		row.links[k] = get_object(decoding);
	if (reader->failed || !is_listed(survey, row.number, OBJECT_COMMIT))
		return;
	if (survey->commit_of[row.number] != SURVEY_NONE) {
		reader->failed = true;
		return;
	}
	survey->commit_of[row.number] = (uint32_t)survey->commit_count;
	ARRAY_GROW(
		survey->commits, survey->commit_count, survey->commit_capacity);
	survey->commits[survey->commit_count++] = row;
}

/* Bytes of a tree and of a commit without parents. */
#define TREE_LEAST   4
#define COMMIT_LEAST 4

bool survey_cache_decode(struct survey *survey, const struct cache_body *body)
{
	CLEANUP(decoding_clear)
	struct decoding decoding = {
		.survey = survey,
		.reader = {
			.at = body->bytes,
			.end = body->bytes + body->len,
			.arena = &survey->links,
		},
	};
	struct cache_reader *reader = &decoding.reader;
	get_ids(&decoding);
	get_names(&decoding);
	size_t count = cache_get_count(reader, TREE_LEAST);
	for (size_t i = 0; i < count && !reader->failed; i++)
		get_tree(&decoding);
	count = cache_get_count(reader, COMMIT_LEAST);
	for (size_t i = 0; i < count && !reader->failed; i++)
		get_commit(&decoding);
	return !reader->failed && reader->at == reader->end;
}

static void make_id(uint8_t out[SHA256_DIGEST_SIZE],
	const struct survey *survey, struct cache *cache)
{
	struct sha256_ctx sha;
	cache_id_init(&sha, cache, KIND);
	digest_number(&sha, (int64_t)survey->max_object_size);
	sha256_digest(&sha, SHA256_DIGEST_SIZE, out);
}

void survey_cache_load(struct survey *survey, struct cache *cache)
{
	uint8_t id[SHA256_DIGEST_SIZE];
	CLEANUP(buf_clear) struct buf file = { 0 };
	struct cache_body body;
	make_id(id, survey, cache);
	if (cache_read(&body, &file, cache, KIND, id) &&
		!survey_cache_decode(survey, &body))
		survey_forget(survey);
}

void survey_cache_store(
	const struct survey *survey, struct cache *cache, size_t known)
{
	uint8_t id[SHA256_DIGEST_SIZE];
	size_t count = survey->tree_count + survey->commit_count;
	if (!cache_is_worth(cache, count) ||
		count - known <= known / STORE_SHARE)
		return;
	CLEANUP(buf_clear) struct buf body;
	buf_init(&body, CACHE_MAX_BODY);
	survey_cache_encode(&body, survey);
	make_id(id, survey, cache);
	cache_write(cache, KIND, id, &body);
}
