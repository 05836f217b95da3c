/*
 * The bulk reading of a survey. Each thread numbers names, and objects that the
 * store does not list, by itself: number n of thread t is n * threads + t, and
 * is told from it when all have ended and the numbers become those of the
 * survey.
 */
#include "base/alloc.h"
#include "base/arena.h"
#include "base/array.h"
#include "scanner/commit_parse.h"
#include "scanner/survey_table.h"
#include "scanner/tree_parse.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Entries of all trees: 256 MB. A million trees that are stored as deltas have
 * some five million. */
#define MAX_ENTRIES ((size_t)32 << 20)

#define MAX_PARENTS UINT16_MAX
#define TELL_STEP   4096 /* objects, or entries */

#define PENDING 64 /* look-ups that are made together */

/** What the threads share. */
struct reading {
	const struct survey *survey; /* its list is constant meanwhile */
	uint32_t threads;
	size_t wanted;
	atomic_size_t done, entries; /* what threads have told of theirs */
	atomic_size_t more_parents;  /* as COMMITS_MAX_MORE_PARENTS */
	atomic_bool too_much;
	const struct walk_progress *progress;
};

struct tree_row {
	uint32_t number;
	struct survey_tree tree;
};

/** An object to be numbered. */
struct pending {
	struct oid oid;
	uint32_t *out;
	uint32_t flags; /* to be set in its number */
};

/** What one thread gathers. */
struct worker {
	struct reading *reading;
	uint32_t thread;
	struct shape_reader shapes;
	struct oid_map others;
	struct survey_block *blocks;
	struct tree_row *trees;
	size_t tree_count, tree_capacity;
	struct survey_commit_row *commits;
	size_t commit_count, commit_capacity;
	struct arena links;   /* of commits */
	size_t done, entries; /* not told to the others yet */
	struct pending pending[PENDING];
	uint32_t pending_count;
	const uint32_t *numbers;        /* by place of objects_each() */
	uint32_t *name_map, *other_map; /* to the numbers of the survey */
};

static void worker_clear(struct worker *worker)
{
	while (worker->blocks) {
		struct survey_block *block = worker->blocks;
		worker->blocks = block->next;
		free(block);
	}
	shape_reader_clear(&worker->shapes);
	oid_map_clear(&worker->others);
	free(worker->trees);
	free(worker->commits);
	arena_clear(&worker->links);
	free(worker->name_map);
	free(worker->other_map);
}

/** Ends the run without an error of its own. */
static int give_up(struct reading *reading, struct err *err)
{
	atomic_store(&reading->too_much, true);
	return err_set(err, ERR_LIMIT, "too much history for one survey");
}

/** False when there are no numbers left. */
static bool number_object(
	uint32_t *out, struct worker *worker, const struct oid *oid)
{
	const struct survey *survey = worker->reading->survey;
	*out = survey_find(survey, oid);
	if (*out != SURVEY_NONE)
		return true;
	uint64_t number = (uint64_t)oid_map_add(&worker->others, oid, NULL) *
			worker->reading->threads +
		worker->thread + survey->listed_count;
	*out = (uint32_t)number;
	return number < SURVEY_GITLINK - 1;
}

/**
 * Numbers what waits for it. Objects are looked up in any order, in tables that
 * no cache holds, and memory is slow but not busy: so many look-ups go on at
 * once, in steps. False when there are no numbers left.
 */
static bool number_pending(struct worker *worker)
{
	const struct survey *survey = worker->reading->survey;
	const struct pending *pending = worker->pending;
	uint32_t count = worker->pending_count;
	worker->pending_count = 0;
	for (uint32_t i = 0; i < count; i++)
		survey_find_soon(survey, &pending[i].oid);
	for (uint32_t i = 0; i < count; i++)
		survey_find_next(survey, &pending[i].oid);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t number;
		if (!number_object(&number, worker, &pending[i].oid))
			return false;
		*pending[i].out = number | pending[i].flags;
	}
	return true;
}

/** Sets *out to the number of the object, soon. */
static bool number_soon(uint32_t *out, struct worker *worker,
	const unsigned char *oid, uint32_t flags)
{
	struct pending *pending = &worker->pending[worker->pending_count++];
	memcpy(pending->oid.bytes, oid, OID_SIZE);
	pending->out = out;
	pending->flags = flags;
	return worker->pending_count < PENDING || number_pending(worker);
}

/** Now and then: all threads wait for a number that all of them change. False:
 * there are too many. */
static bool tell_entries(struct worker *worker)
{
	size_t count = worker->entries;
	worker->entries = 0;
	return atomic_fetch_add(&worker->reading->entries, count) + count <=
		MAX_ENTRIES;
}

static int take_tree(
	struct worker *worker, const struct object *object, struct err *err)
{
	struct shape_reader *shapes = &worker->shapes;
	uint32_t number = worker->numbers[object->place];
	int rc = shape_read(shapes, object, number, err);
	if (rc == ERR_LIMIT)
		return give_up(worker->reading, err);
	if (rc < 0)
		return rc;
	size_t count = shapes->gone_count + shapes->fresh_count;
	worker->entries += count;
	if (worker->entries > TELL_STEP && !tell_entries(worker))
		return give_up(worker->reading, err);
	struct survey_entry *entries =
		survey_add_entries(&worker->blocks, count);
	ARRAY_GROW(worker->trees, worker->tree_count, worker->tree_capacity);
	worker->trees[worker->tree_count++] = (struct tree_row){
		.number = number,
		.tree = {
			.entries = entries,
			.count = (uint32_t)count,
			.base = shapes->base,
			.corrupt = shapes->corrupt,
			.odd = shapes->odd,
		},
	};
	for (size_t i = 0; i < shapes->gone_count; i++)
		*entries++ =
			(struct survey_entry){ shapes->gone[i], SURVEY_NONE };
	for (size_t i = 0; i < shapes->fresh_count; i++) {
		const struct shape_entry *fresh = &shapes->fresh[i];
		bool gitlink = mode_is_gitlink(fresh->mode);
		entries->name = fresh->name;
		if (!number_soon(&entries->child, worker, fresh->oid,
			    gitlink ? SURVEY_GITLINK : 0))
			return give_up(worker->reading, err);
		entries++;
	}
	return 0;
}

/** False when all commits together have too many parents. */
static bool tell_parents(struct reading *reading, size_t count)
{
	size_t more = commit_more_parents(count);
	return !more ||
		atomic_fetch_add(&reading->more_parents, more) + more <=
		COMMITS_MAX_MORE_PARENTS;
}

/** One that does not parse is not kept: who asks for it reads it again, and
 * tells. */
static int take_commit(
	struct worker *worker, const struct object *object, struct err *err)
{
	struct commit_header header;
	if (!commit_parse(&header, object->bytes, object->len) ||
		header.parent_count > MAX_PARENTS)
		return 0;
	if (!tell_parents(worker->reading, header.parent_count))
		return give_up(worker->reading, err);
	uint32_t *links = arena_array(
		&worker->links, header.parent_count + 1, sizeof(*links));
	ARRAY_GROW(
		worker->commits, worker->commit_count, worker->commit_capacity);
	worker->commits[worker->commit_count++] = (struct survey_commit_row){
		.number = worker->numbers[object->place],
		.parent_count = (uint32_t)header.parent_count,
		.links = links,
		.time = header.committer.time,
	};
	bool numbered = number_soon(links, worker, header.tree.bytes, 0);
	for (size_t i = 0; numbered && i < header.parent_count; i++) {
		struct oid oid;
		commit_parent(&oid, &header, i);
		numbered = number_soon(links + 1 + i, worker, oid.bytes, 0);
	}
	return numbered ? 0 : give_up(worker->reading, err);
}

static void tell_done(struct worker *worker)
{
	struct reading *reading = worker->reading;
	size_t done = atomic_fetch_add(&reading->done, worker->done);
	worker->done = 0;
	if (worker->thread == 0 && reading->progress)
		reading->progress->tell(
			done, reading->wanted, reading->progress->ctx);
}

static int take_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct worker *worker = ctx;
	if (++worker->done == TELL_STEP)
		tell_done(worker);
	if (status < 0)
		return 0; /* who asks for it reads it again, and tells */
	if (object->type == OBJECT_TREE)
		return take_tree(worker, object, err);
	if (object->type == OBJECT_COMMIT)
		return take_commit(worker, object, err);
	return 0;
}

/** The numbers that the worker's names and other objects get. */
static void map_numbers(struct survey *survey, struct worker *worker)
{
	const struct path_table *names = &worker->shapes.names;
	worker->name_map = xcalloc(names->count, sizeof(uint32_t));
	for (uint32_t i = 0; i < names->count; i++)
		worker->name_map[i] = path_table_add(&survey->late.names,
			names->entries[i].text, names->entries[i].len);
	const struct oid_map *others = &worker->others;
	worker->other_map = xcalloc(others->count, sizeof(uint32_t));
	for (uint32_t i = 0; i < others->count; i++)
		worker->other_map[i] = survey->listed_count +
			oid_map_add(&survey->others, &others->oids[i], NULL);
}

static uint32_t map_object(const struct survey *survey,
	const struct worker *workers, uint32_t threads, uint32_t number)
{
	if (number < survey->listed_count)
		return number;
	number -= survey->listed_count;
	return workers[number % threads].other_map[number / threads];
}

static void map_entries(const struct survey *survey,
	const struct worker *workers, uint32_t threads,
	struct survey_block *block)
{
	for (size_t i = 0; i < block->used; i++) {
		struct survey_entry *entry = &block->entries[i];
		entry->name = workers[entry->name % threads]
				      .name_map[entry->name / threads];
		if (entry->child == SURVEY_NONE)
			continue;
		uint32_t flag = entry->child & SURVEY_GITLINK;
		entry->child = flag |
			map_object(survey, workers, threads,
				entry->child & ~SURVEY_GITLINK);
	}
}

static void take_over_trees(struct survey *survey, struct worker *workers,
	uint32_t threads, struct worker *worker)
{
	while (worker->blocks) {
		struct survey_block *block = worker->blocks;
		worker->blocks = block->next;
		map_entries(survey, workers, threads, block);
		block->next = survey->blocks;
		survey->blocks = block;
	}
	for (size_t i = 0; i < worker->tree_count; i++) {
		const struct tree_row *row = &worker->trees[i];
		survey->tree_of[row->number] = (uint32_t)survey->tree_count;
		survey->trees[survey->tree_count++] = row->tree;
	}
}

static void take_over_commits(struct survey *survey,
	const struct worker *workers, uint32_t threads, struct worker *worker)
{
	for (size_t i = 0; i < worker->commit_count; i++) {
		const struct survey_commit_row *row = &worker->commits[i];
		for (uint32_t k = 0; k <= row->parent_count; k++)
			row->links[k] = map_object(
				survey, workers, threads, row->links[k]);
		survey->commit_of[row->number] = (uint32_t)survey->commit_count;
		survey->commits[survey->commit_count++] = *row;
	}
	arena_absorb(&survey->links, &worker->links);
}

static void merge(
	struct survey *survey, struct worker *workers, uint32_t threads)
{
	size_t trees = 0;
	size_t commits = 0;
	for (uint32_t i = 0; i < threads; i++) {
		map_numbers(survey, &workers[i]);
		trees += workers[i].tree_count;
		commits += workers[i].commit_count;
	}
	trees += survey->tree_count;
	commits += survey->commit_count;
	survey->trees =
		xreallocarray(survey->trees, trees, sizeof(*survey->trees));
	survey->tree_capacity = trees;
	survey->commits = xreallocarray(
		survey->commits, commits, sizeof(*survey->commits));
	survey->commit_capacity = commits;
	for (uint32_t i = 0; i < threads; i++) {
		take_over_trees(survey, workers, threads, &workers[i]);
		take_over_commits(survey, workers, threads, &workers[i]);
		/* the rest of a thread's is not needed while the next one's
		 * is taken over */
		free(STEAL(workers[i].trees));
		free(STEAL(workers[i].commits));
	}
}

int survey_read(struct survey *survey, unsigned jobs,
	const struct walk_progress *progress, struct err *err)
{
	struct reading reading = {
		.survey = survey,
		.threads = jobs,
		.progress = progress,
	};
	for (const struct survey_block *block = survey->blocks; block;
		block = block->next)
		reading.entries += block->used;
	for (size_t i = 0; i < survey->commit_count; i++)
		reading.more_parents +=
			commit_more_parents(survey->commits[i].parent_count);
	CLEANUP(freep) uint32_t *numbers = NULL;
	CLEANUP(freep)
	struct oid *wanted =
		survey_collect(survey, 1U << OBJECT_TREE | 1U << OBJECT_COMMIT,
			&numbers, &reading.wanted);
	CLEANUP(freep) struct worker *workers = xcalloc(jobs, sizeof(*workers));
	CLEANUP(freep) void **contexts = xcalloc(jobs, sizeof(*contexts));
	for (unsigned i = 0; i < jobs; i++) {
		workers[i].reading = &reading;
		workers[i].thread = i;
		workers[i].numbers = numbers;
		shape_reader_init(&workers[i].shapes, i, jobs);
		contexts[i] = &workers[i];
	}
	int rc = objects_each(survey->objects, wanted, reading.wanted, jobs,
		take_object, contexts, err);
	for (unsigned i = 0; rc == 0 && i < jobs; i++)
		if (!number_pending(&workers[i]) || !tell_entries(&workers[i]))
			rc = give_up(&reading, err);
	if (rc == 0)
		merge(survey, workers, jobs);
	for (unsigned i = 0; i < jobs; i++)
		worker_clear(&workers[i]);
	return rc == ERR_LIMIT && atomic_load(&reading.too_much) ? 1 : rc;
}
