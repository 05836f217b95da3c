#include "scanner/exposure.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/utf8.h"
#include "scanner/commit_parse.h"
#include "scanner/holder_kind.h"
#include "scanner/removing_merge.h"
#include "scanner/tip_search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NO_COMMIT    UINT32_MAX
#define TIP_OF_RANGE (-1)
#define CACHE_BYTES  ((size_t)16 << 20)

/* Tips whose ways are followed together, as bits of so many words: to go over
 * the commits costs more than the bits. */
#define MASK_WORDS 8
#define MASK_TIPS  ((size_t)MASK_WORDS * 64)

/* Of a name that is longer this much is kept: each finding tells it, so that
 * one of megabytes would make reports that nobody can read. */
#define AUTHOR_MAX 1024

/** A commit that brought the finding of a trace. */
struct origin {
	uint32_t trace;
	uint32_t commit;
};

struct tracer {
	struct trace *traces;
	size_t count;
	const struct history *history;
	const struct changes *changes;
	struct objects_reader *reader;
	struct scan_result *result;

	size_t *by_path;    /* numbers of changes, grouped by path */
	size_t *path_start; /* of path p: by_path[start[p] .. start[p + 1]) */
	struct origin *origins;
	size_t origin_count, origin_capacity;
	struct commit_info **infos; /* by commit, made when asked for */
	struct merge_search merges;
	const char **last_logs; /* by trace: the reflog that was met last */
};

void exposure_add_tip(struct finding *finding, int kind)
{
	unsigned place = kind < 0 ? PLACE_HISTORY : holder_kind_place(kind);
	if (kind >= 0)
		finding->exposure.tip_of |= 1U << kind;
	finding->at_tip = finding->at_tip || place == PLACE_HISTORY;
}

/** Groups the changes of the traced paths, each in order of commits. */
static void group_changes(struct tracer *tracer)
{
	const struct changes *changes = tracer->changes;
	uint32_t paths = changes->paths.count;
	CLEANUP(freep)
	bool *traced = xcalloc(paths, sizeof(*traced));
	for (size_t i = 0; i < tracer->count; i++)
		traced[tracer->traces[i].path] = true;
	tracer->path_start = xcalloc((size_t)paths + 1, sizeof(size_t));
	for (size_t i = 0; i < changes->count; i++)
		if (traced[changes->items[i].path])
			tracer->path_start[changes->items[i].path + 1]++;
	for (uint32_t p = 0; p < paths; p++)
		tracer->path_start[p + 1] += tracer->path_start[p];
	tracer->by_path = xcalloc(tracer->path_start[paths], sizeof(size_t));
	CLEANUP(freep) size_t *next = xcalloc(paths, sizeof(*next));
	for (size_t i = 0; i < changes->count; i++) {
		uint32_t path = changes->items[i].path;
		if (traced[path])
			tracer->by_path[tracer->path_start[path] +
				next[path]++] = i;
	}
}

static const struct commit_info *commit_info(
	struct tracer *tracer, uint32_t number)
{
	if (number == NO_COMMIT)
		return NULL;
	const struct history_commit *commit = &tracer->history->commits[number];
	if (oid_is_zero(&commit->oid))
		return NULL;
	if (tracer->infos[number])
		return tracer->infos[number];
	struct arena *arena = &tracer->result->arena;
	struct commit_info *info = arena_alloc(arena, sizeof(*info));
	oid_to_hex(info->oid, &commit->oid);
	info->author = "";
	info->time = commit->time;
	struct object object;
	struct commit_header header;
	struct err unread;
	if (objects_read(&object, tracer->reader, &commit->oid, &unread) == 0 &&
		commit_parse(&header, object.bytes, object.len)) {
		const struct signature *author = &header.author;
		info->author = arena_memdupz(arena, author->name,
			utf8_cut(author->name, author->name_len, AUTHOR_MAX));
		info->time = header.author.time;
		info->offset_minutes = header.author.offset_minutes;
		info->is_root = !header.parent_count;
	}
	tracer->infos[number] = info;
	return info;
}

/** The trace as it is asked for which blobs bear it. */
static struct borne_blobs borne_of(
	const struct tracer *tracer, const struct trace *trace)
{
	size_t first = tracer->path_start[trace->path];
	return (struct borne_blobs){
		.path = tracer->changes->paths.entries[trace->path].text,
		.blobs = trace->blobs,
		.blob_count = trace->blob_count,
		.rows = tracer->by_path + first,
		.row_count = tracer->path_start[trace->path + 1] - first,
	};
}

/** What one commit did to the finding of a trace. */
struct step {
	uint32_t commit;
	uint32_t blob;               /* that the commit has at the path */
	bool now;                    /* the commit bears it */
	bool any_before, all_before; /* its parents did */
	bool is_cut; /* its parents may have, which are not here */
};

/** Whether older commits that are not here may have had it as well. The message
 * of a commit, as whose blob it counts itself, is its own. */
static bool is_cut(const struct tracer *tracer, const struct change *row)
{
	const struct history_commit *commit =
		&tracer->history->commits[row->commit];
	return commit->is_cut &&
		(row->blob == BLOB_NONE ||
			!oid_equal(&tracer->changes->blobs.oids[row->blob],
				&commit->oid));
}

/** Takes the rows of the next commit, from *at on. */
static struct step next_step(const struct tracer *tracer,
	const struct borne_blobs *borne, size_t *at)
{
	const struct change *changes = tracer->changes->items;
	const struct change *row = &changes[borne->rows[*at]];
	struct step step = {
		.commit = row->commit,
		.blob = row->blob,
		.now = borne_blobs_has(borne, row->blob),
		.all_before = true,
		.is_cut = is_cut(tracer, row),
	};
	for (; *at < borne->row_count; ++*at) {
		row = &changes[borne->rows[*at]];
		if (row->commit != step.commit)
			break;
		bool before = borne_blobs_has(borne, row->before);
		step.any_before = step.any_before || before;
		step.all_before = step.all_before && before;
	}
	return step;
}

static void add_origin(struct tracer *tracer, uint32_t trace, uint32_t commit)
{
	ARRAY_GROW(
		tracer->origins, tracer->origin_count, tracer->origin_capacity);
	tracer->origins[tracer->origin_count++] =
		(struct origin){ trace, commit };
}

/** Whether a clone brings the commit. */
static bool is_public(const struct tracer *tracer, uint32_t commit)
{
	return history_place(tracer->history, commit) &
		(PLACE_HISTORY | PLACE_REPLACED);
}

/** What the steps so far came to. */
struct course {
	uint32_t first, last, removed; /* commits */
	uint32_t newest;               /* blob */
	bool is_cut;      /* one bears it whose parents are not here */
	bool last_is_cut; /* it is the last one */
};

/** Returns whether the commit brought the finding. */
static bool course_add(struct course *course, const struct step *step)
{
	if (!step->now) {
		if (step->all_before)
			course->removed = step->commit;
		return false;
	}
	course->last = step->commit;
	course->newest = step->blob;
	course->last_is_cut = step->is_cut;
	if (step->any_before)
		return false;
	course->is_cut = course->is_cut || step->is_cut;
	if (course->first == NO_COMMIT)
		course->first = step->commit;
	return true;
}

/** What older commits may have brought is nobody's here. */
static void put_course(struct tracer *tracer, struct exposure *exposure,
	const struct course *course)
{
	exposure->is_cut = course->is_cut;
	exposure->first =
		commit_info(tracer, course->is_cut ? NO_COMMIT : course->first);
	exposure->last = commit_info(
		tracer, course->last_is_cut ? NO_COMMIT : course->last);
}

/** Traces through the commits that refs reach, or through the others. Returns
 * false when none of them brought or changed the finding. */
static bool trace_through(struct tracer *tracer, uint32_t number, bool public)
{
	const struct trace *trace = &tracer->traces[number];
	const struct borne_blobs borne = borne_of(tracer, trace);
	struct course course = {
		.first = NO_COMMIT,
		.last = NO_COMMIT,
		.removed = NO_COMMIT,
		.newest = BLOB_NONE,
	};
	for (size_t at = 0; at < borne.row_count;) {
		struct step step = next_step(tracer, &borne, &at);
		if (is_public(tracer, step.commit) == public &&
			course_add(&course, &step))
			add_origin(tracer, number, step.commit);
	}
	struct finding *finding = trace->finding;
	put_course(tracer, &finding->exposure, &course);
	uint32_t removed = course.removed;
	bool is_there = finding->at_tip || finding->exposure.tip_of;
	/* what came back after it was removed went away in a merge */
	if (!is_there && course.last != NO_COMMIT &&
		(removed == NO_COMMIT || removed < course.last))
		removed = merge_search_run(&tracer->merges, &borne);
	if (removed != NO_COMMIT && is_public(tracer, removed) != public)
		removed = NO_COMMIT;
	if (!is_there)
		finding->exposure.removed = commit_info(tracer, removed);
	if (course.newest != BLOB_NONE && !finding->blob[0])
		oid_to_hex(finding->blob,
			&tracer->changes->blobs.oids[course.newest]);
	return course.last != NO_COMMIT;
}

/** What stashes, notes, logs or nothing at all reach counts where no other ref
 * has the finding. */
static void trace_changes(struct tracer *tracer, uint32_t number)
{
	if (!trace_through(tracer, number, true))
		(void)trace_through(tracer, number, false);
}

/** Sets bit i of the words of commit c where tip `from` + i reaches it. */
static void reach_from(
	uint64_t *masks, const struct history *history, size_t from)
{
	memset(masks, 0, history->count * MASK_WORDS * sizeof(*masks));
	for (size_t i = 0; i < MASK_TIPS && from + i < history->tip_count;
		i++) {
		size_t commit = history->tips[from + i].commit;
		masks[commit * MASK_WORDS + i / 64] |= (uint64_t)1 << i % 64;
	}
	history_reach(masks, MASK_WORDS, history);
}

static const char **name_list(struct tracer *tracer)
{
	return arena_array(&tracer->result->arena, EXPOSURE_MAX_REFS,
		sizeof(const char *));
}

/** Of a log the first entry that is met is the newest. */
static void add_log_entry(
	struct tracer *tracer, uint32_t trace, const struct history_tip *tip)
{
	struct exposure *exposure = &tracer->traces[trace].finding->exposure;
	const char **last = &tracer->last_logs[trace];
	if (*last && !strcmp(*last, tip->ref))
		return;
	*last = tip->ref;
	exposure->logs_count++;
	if (exposure->logs_listed == EXPOSURE_MAX_REFS)
		return;
	if (!exposure->logs)
		exposure->logs = name_list(tracer);
	exposure->logs[exposure->logs_listed++] =
		arena_printf(&tracer->result->arena, "%s@{%" PRIu32 "}",
			tip->ref, tip->entry);
}

static void add_ref(
	struct tracer *tracer, uint32_t trace, const struct history_tip *tip)
{
	struct exposure *exposure = &tracer->traces[trace].finding->exposure;
	exposure->refs_count++;
	if (exposure->refs_listed == EXPOSURE_MAX_REFS)
		return;
	if (!exposure->refs)
		exposure->refs = name_list(tracer);
	exposure->refs[exposure->refs_listed++] =
		arena_strdup(&tracer->result->arena, tip->ref);
}

static void add_tips(
	struct tracer *tracer, uint32_t trace, uint64_t mask, size_t from)
{
	struct exposure *exposure = &tracer->traces[trace].finding->exposure;
	for (; mask; mask &= mask - 1) {
		const struct history_tip *tip =
			&tracer->history
				 ->tips[from + (size_t)__builtin_ctzll(mask)];
		if (!*tip->ref)
			continue; /* where a range ends: no ref */
		exposure->held_by |= 1U << tip->kind;
		if (tip->kind == HOLDER_REFLOG)
			add_log_entry(tracer, trace, tip);
		else
			add_ref(tracer, trace, tip);
	}
}

/** Adds the tips that reach one of a finding's origins, the first of which is
 * number `i`; returns where those of the next finding begin. */
static size_t add_tips_of(
	struct tracer *tracer, size_t i, const uint64_t *masks, size_t from)
{
	uint32_t trace = tracer->origins[i].trace;
	uint64_t found[MASK_WORDS] = { 0 };
	for (; i < tracer->origin_count && tracer->origins[i].trace == trace;
		i++) {
		size_t commit = tracer->origins[i].commit;
		for (size_t k = 0; k < MASK_WORDS; k++)
			found[k] |= masks[commit * MASK_WORDS + k];
	}
	for (size_t k = 0; k < MASK_WORDS; k++)
		add_tips(tracer, trace, found[k], from + k * 64);
	return i;
}

/**
 * Which refs reach a commit that brought the finding. Refs are taken many at a
 * time, as bits that flow from the tips down to the roots, so that the cost is
 * one pass over the commits for all of these, however many findings there are.
 */
static void trace_refs(struct tracer *tracer)
{
	const struct history *history = tracer->history;
	CLEANUP(freep)
	uint64_t *masks = xcalloc(history->count, MASK_WORDS * sizeof(*masks));
	for (size_t from = 0; from < history->tip_count; from += MASK_TIPS) {
		reach_from(masks, history, from);
		for (size_t i = 0; i < tracer->origin_count;)
			i = add_tips_of(tracer, i, masks, from);
	}
}

/** A ref that names the blob itself is a tip of the path "". */
static void mark_bare_blob(
	struct tracer *tracer, const struct oid *oid, int kind)
{
	uint32_t blob = oid_map_find(&tracer->changes->blobs, oid);
	for (size_t i = 0; i < tracer->count; i++) {
		const struct trace *trace = &tracer->traces[i];
		const struct borne_blobs borne = {
			.blobs = trace->blobs,
			.blob_count = trace->blob_count,
		};
		if (!tracer->changes->paths.entries[trace->path].len &&
			borne_blobs_has(&borne, blob))
			exposure_add_tip(trace->finding, kind);
	}
}

static int mark_tip(struct tracer *tracer, struct tip_search *search,
	const struct history_tip *tip, int kind, struct err *err)
{
	uint32_t parts = history_tip_parts(tracer->history, tip);
	int rc = 0;
	for (uint32_t part = 0; rc == 0 && part <= parts; part++) {
		const struct history_commit *commit =
			history_tip_part(tracer->history, tip, part);
		if (commit->is_blob)
			mark_bare_blob(tracer, &commit->tree, kind);
		else if (!oid_is_zero(&commit->tree))
			rc = tip_search_mark(search, &commit->tree, err);
	}
	return rc;
}

/** Marks what the tips of one kind have. */
static int mark_kind(struct tracer *tracer, struct tip_search *search, int kind,
	struct err *err)
{
	int rc = 0;
	tip_search_begin(search, kind);
	for (size_t i = 0; rc == 0 && i < tracer->history->tip_count; i++) {
		const struct history_tip *tip = &tracer->history->tips[i];
		int own = *tip->ref ? tip->kind : TIP_OF_RANGE;
		if (own == kind)
			rc = mark_tip(tracer, search, tip, kind, err);
	}
	return rc;
}

static int mark_tips(
	struct tracer *tracer, const struct objects *objects, struct err *err)
{
	CLEANUP(tip_search_freep)
	struct tip_search *search = NULL;
	int rc = tip_search_new(&search, tracer->traces, tracer->count,
		tracer->changes, objects, err);
	for (int kind = TIP_OF_RANGE; rc == 0 && kind < HOLDER_KIND_COUNT;
		kind++)
		if (kind != HOLDER_REFLOG)
			rc = mark_kind(tracer, search, kind, err);
	return rc;
}

int exposure_trace(struct trace *traces, size_t count,
	const struct exposure_input *input, struct scan_result *result,
	struct err *err)
{
	if (!count)
		return 0;
	struct tracer tracer = {
		.traces = traces,
		.count = count,
		.history = input->history,
		.changes = input->changes,
		.result = result,
		.infos = xcalloc(input->history->count, sizeof(*tracer.infos)),
		.last_logs = xcalloc(count, sizeof(*tracer.last_logs)),
	};
	int rc = objects_reader_new(&tracer.reader, input->objects, err);
	if (rc == 0 && !input->tips_marked)
		rc = mark_tips(&tracer, input->objects, err);
	if (rc == 0) {
		tracer.merges = (struct merge_search){
			.history = input->history,
			.changes = input->changes,
			.trees = tree_cache_new(tracer.reader, CACHE_BYTES),
		};
		group_changes(&tracer);
		for (uint32_t i = 0; i < count; i++)
			trace_changes(&tracer, i);
		trace_refs(&tracer);
	}
	merge_search_clear(&tracer.merges);
	objects_reader_free(tracer.reader);
	free(tracer.infos);
	free(tracer.last_logs);
	free(tracer.by_path);
	free(tracer.path_start);
	free(tracer.origins);
	return rc;
}
