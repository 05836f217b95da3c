#include "scanner/history_standing.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"
#include "scanner/holder_kind.h"
#include "scanner/oid_map.h"

#include <stdlib.h>
#include <string.h>

#define MAX_GRAFTS   ((size_t)64 << 20)
#define MAX_REPLACED 5 /* a replacement of a replacement …: as git */

/** Places that a commit can stand for, the best first. */
static const unsigned order[] = { PLACE_HISTORY, PLACE_REPLACED, PLACE_STASH,
	PLACE_NOTE, PLACE_REFLOG, PLACE_UNREACHABLE };

static uint8_t standing_of(unsigned place)
{
	uint8_t at = 0;
	while (order[at] != place)
		at++;
	return at;
}

unsigned history_place(const struct history *history, uint32_t commit)
{
	return order[history->standing[commit]];
}

unsigned history_place_first(unsigned places)
{
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		if (places & order[i])
			return order[i];
	return 0;
}

/** From the tips down to the roots. */
static void spread(struct history *history)
{
	uint8_t *standing = history->standing;
	for (size_t i = 0; i < history->tip_count; i++) {
		const struct history_tip *tip = &history->tips[i];
		uint8_t own = standing_of(holder_kind_place(tip->kind));
		if (own < standing[tip->commit])
			standing[tip->commit] = own;
	}
	for (uint32_t c = history->count; c-- > 0;) {
		const struct history_commit *commit = &history->commits[c];
		for (uint32_t p = 0; p < commit->parent_count; p++) {
			uint32_t parent =
				history->parents[commit->first_parent + p];
			if (standing[c] < standing[parent])
				standing[parent] = standing[c];
		}
	}
}

/* What git log shows: gitreplace(1), and "grafts" of gitrepository-layout(5).
 */

/** A commit that git takes for another one, or for a child of others. */
struct instead {
	uint32_t commit;
	uint32_t replacement;                /* UINT32_MAX: none */
	uint32_t first_parent, parent_count; /* in view.parents; of a graft */
	bool is_graft;
};

struct view {
	const struct history *history;
	struct oid_map numbers; /* as history.commits */
	uint32_t *other;        /* by commit: number in items + 1, or 0 */
	struct instead *items;
	size_t count, capacity;
	uint32_t *parents;
	size_t parent_count, parent_capacity;
	bool *shown; /* by commit */
	uint32_t *open;
	size_t open_count, open_capacity;
};

static void view_clear(struct view *view)
{
	oid_map_clear(&view->numbers);
	free(view->other);
	free(view->items);
	free(view->parents);
	free(view->shown);
	free(view->open);
}

/** The record of a commit that the history has; NULL for others. */
static struct instead *instead_of(struct view *view, const char *hex)
{
	struct oid oid;
	if (!oid_from_hex(&oid, hex))
		return NULL;
	uint32_t number = oid_map_find(&view->numbers, &oid);
	if (number == OID_MAP_NONE)
		return NULL;
	if (!view->other[number]) {
		ARRAY_GROW(view->items, view->count, view->capacity);
		view->items[view->count] = (struct instead){
			.commit = number,
			.replacement = UINT32_MAX,
		};
		view->other[number] = (uint32_t)++view->count;
	}
	return &view->items[view->other[number] - 1];
}

static void number_commits(struct view *view)
{
	const struct history *history = view->history;
	/* trees and blobs as tips have no id, and come as one more number */
	for (uint32_t i = 0; i < history->count; i++) {
		struct oid oid = history->commits[i].oid;
		if (oid_is_zero(&oid))
			memcpy(oid.bytes, &i, sizeof(i));
		oid_map_add(&view->numbers, &oid, NULL);
	}
	view->other = xcalloc(history->count, sizeof(*view->other));
	view->shown = xcalloc(history->count, sizeof(*view->shown));
}

static void take_replacements(struct view *view)
{
	static const char folder[] = "refs/replace/";
	for (size_t i = 0; i < view->history->tip_count; i++) {
		const struct history_tip *tip = &view->history->tips[i];
		if (tip->kind != HOLDER_REPLACE ||
			strncmp(tip->ref, folder, strlen(folder)) != 0 ||
			strlen(tip->ref) != strlen(folder) + OID_HEX_SIZE)
			continue;
		struct instead *instead =
			instead_of(view, tip->ref + strlen(folder));
		if (instead)
			instead->replacement = tip->commit;
	}
}

/** "<commit> <parent> <parent> …" without its end. */
static void take_graft(struct view *view, const char *line, const char *end)
{
	struct instead *graft =
		end - line < OID_HEX_SIZE ? NULL : instead_of(view, line);
	if (!graft)
		return;
	graft->is_graft = true;
	graft->first_parent = (uint32_t)view->parent_count;
	for (line += OID_HEX_SIZE; end - line > OID_HEX_SIZE;
		line += OID_HEX_SIZE + 1) {
		struct oid oid;
		uint32_t number = OID_MAP_NONE;
		if (oid_from_hex(&oid, line + 1))
			number = oid_map_find(&view->numbers, &oid);
		if (number == OID_MAP_NONE)
			continue;
		ARRAY_GROW(view->parents, view->parent_count,
			view->parent_capacity);
		view->parents[view->parent_count++] = number;
	}
	graft->parent_count =
		(uint32_t)view->parent_count - graft->first_parent;
}

static void take_grafts(struct view *view, const struct buf *text)
{
	const char *end = text->bytes + text->len;
	for (const char *at = text->bytes; at && at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		take_graft(view, at, stop);
		at = stop + 1;
	}
}

/** What git reads in place of the commit. */
static uint32_t shown_for(const struct view *view, uint32_t commit)
{
	for (int i = 0; i < MAX_REPLACED && view->other[commit]; i++) {
		const struct instead *instead =
			&view->items[view->other[commit] - 1];
		if (instead->replacement == UINT32_MAX)
			break;
		commit = instead->replacement;
	}
	return commit;
}

static void show(struct view *view, uint32_t commit)
{
	ARRAY_GROW(view->open, view->open_count, view->open_capacity);
	view->open[view->open_count++] = commit;
}

static void show_parents(struct view *view, uint32_t commit, uint32_t shown)
{
	const struct history_commit *content = &view->history->commits[shown];
	const uint32_t *parents =
		view->history->parents + content->first_parent;
	uint32_t count = content->parent_count;
	if (view->other[commit] &&
		view->items[view->other[commit] - 1].is_graft) {
		const struct instead *graft =
			&view->items[view->other[commit] - 1];
		parents = view->parents + graft->first_parent;
		count = graft->parent_count;
	}
	for (uint32_t i = 0; i < count; i++)
		show(view, parents[i]);
}

/** Marks what git log shows, from the refs on. */
static void look(struct view *view)
{
	const struct history *history = view->history;
	CLEANUP(freep)
	bool *visited = xcalloc(history->count, sizeof(*visited));
	for (size_t i = 0; i < history->tip_count; i++)
		if (holder_kind_place(history->tips[i].kind) == PLACE_HISTORY)
			show(view, history->tips[i].commit);
	while (view->open_count) {
		uint32_t commit = view->open[--view->open_count];
		if (visited[commit])
			continue;
		visited[commit] = true;
		uint32_t shown = shown_for(view, commit);
		view->shown[shown] = true;
		show_parents(view, commit, shown);
	}
}

static bool has_replacements(const struct history *history)
{
	for (size_t i = 0; i < history->tip_count; i++)
		if (history->tips[i].kind == HOLDER_REPLACE)
			return true;
	return false;
}

static int read_grafts(struct buf *out, struct repo *repo, struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%sinfo/grafts", repo_common_dir(repo));
	int rc = file_read(out, path.bytes, 0, err);
	/* git would not read it either */
	return rc == ERR_NOT_FOUND || rc == ERR_UNSUPPORTED ? 0 : rc;
}

int history_standing_make(
	struct history *history, struct repo *repo, struct err *err)
{
	CLEANUP(buf_clear) struct buf grafts;
	buf_init(&grafts, MAX_GRAFTS);
	int rc = read_grafts(&grafts, repo, err);
	if (rc < 0)
		return rc;
	history->standing = xcalloc(history->count, sizeof(uint8_t));
	memset(history->standing, standing_of(PLACE_UNREACHABLE),
		history->count);
	spread(history);
	if (!grafts.len && !has_replacements(history))
		return 0;
	CLEANUP(view_clear) struct view view = { .history = history };
	number_commits(&view);
	take_replacements(&view);
	take_grafts(&view, &grafts);
	look(&view);
	for (uint32_t c = 0; c < history->count; c++)
		if (history_place(history, c) == PLACE_HISTORY &&
			!view.shown[c])
			history->standing[c] = standing_of(PLACE_REPLACED);
	return 0;
}

void history_standing_forget_lost(
	const struct history *history, struct scan_result *result)
{
	struct oid_map lost = { 0 };
	for (uint32_t c = 0; c < history->count; c++)
		if (history_place(history, c) == PLACE_UNREACHABLE &&
			oid_is_zero(&history->commits[c].tree))
			oid_map_add(&lost, &history->commits[c].oid, NULL);
	size_t kept = 0;
	for (size_t i = 0; i < result->skipped_count; i++) {
		const struct skipped *skipped = &result->skipped[i];
		struct oid oid;
		if (skipped->reason == SKIP_MISSING &&
			oid_from_hex(&oid, skipped->object) &&
			oid_map_find(&lost, &oid) != OID_MAP_NONE)
			continue;
		result->skipped[kept++] = *skipped;
	}
	result->skipped_count = kept;
	oid_map_clear(&lost);
}
