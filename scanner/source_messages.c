#include "scanner/source_messages.h"

#include "base/array.h"
#include "scanner/commit_parse.h"
#include "scanner/holder_kind.h"
#include "scanner/oid_map.h"

#include <string.h>

#define MAX_TAG_CHAIN 64 /* as where tags are followed to commits */

static uint32_t add_path(struct changes *changes, const char *path)
{
	return path_table_add(&changes->paths, path, strlen(path));
}

static unsigned message_in(unsigned place)
{
	return PLACE_MESSAGE | (place == PLACE_HISTORY ? 0 : place);
}

void entries_add_commits(struct entries *entries, const struct history *history,
	unsigned places, struct changes *changes)
{
	uint32_t path = add_path(changes, COMMIT_MESSAGE_PATH);
	for (uint32_t i = 0; i < history->count; i++) {
		const struct history_commit *commit = &history->commits[i];
		unsigned place = history_place(history, i);
		if (commit->left_out || oid_is_zero(&commit->oid) ||
			!(places & place))
			continue;
		uint32_t number =
			oid_map_add(&changes->blobs, &commit->oid, NULL);
		entries_add(entries, path, number, message_in(place));
		ARRAY_GROW(changes->items, changes->count, changes->capacity);
		changes->items[changes->count++] = (struct change){
			.path = path,
			.commit = i,
			.blob = number,
			.before = BLOB_NONE,
		};
	}
}

/** Tags that are met, each once: those of the first place first. */
struct tag_walk {
	const struct tag_search *search;
	struct entries *entries;
	struct changes *changes;
	struct oid_map cuts, met;
};

static void tag_walk_clear(struct tag_walk *walk)
{
	oid_map_clear(&walk->cuts);
	oid_map_clear(&walk->met);
}

static void take_tag(
	struct tag_walk *walk, const struct oid *oid, unsigned place)
{
	if (!(walk->search->places & place))
		return;
	entries_add(walk->entries, add_path(walk->changes, TAG_MESSAGE_PATH),
		oid_map_add(&walk->changes->blobs, oid, NULL),
		message_in(place));
}

/** Takes the tag `tip` and those that it names; nothing for other objects. */
static int follow_tags(struct tag_walk *walk, const struct oid *tip,
	unsigned place, struct err *err)
{
	struct oid oid = *tip;
	for (int i = 0; i < MAX_TAG_CHAIN; i++) {
		struct object object;
		if (oid_map_find(&walk->cuts, &oid) != OID_MAP_NONE ||
			oid_map_find(&walk->met, &oid) != OID_MAP_NONE)
			return 0;
		int rc = objects_read(&object, walk->search->reader, &oid, err);
		if (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT || rc == ERR_LIMIT)
			return 0;
		if (rc < 0 || object.type != OBJECT_TAG)
			return rc;
		oid_map_add(&walk->met, &oid, NULL);
		take_tag(walk, &oid, place);
		int type;
		if (!tag_parse(&oid, &type, object.bytes, object.len) ||
			type != OBJECT_TAG)
			return 0;
	}
	return 0;
}

static int follow_tips(struct tag_walk *walk, unsigned place, struct err *err)
{
	const struct history_range *range = walk->search->range;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < range->tip_count; i++)
		if (holder_kind_place(range->tips[i].kind) == place)
			rc = follow_tags(walk, &range->tips[i].oid, place, err);
	return rc;
}

int entries_add_tags(struct entries *entries, const struct tag_search *search,
	struct changes *changes, struct err *err)
{
	CLEANUP(tag_walk_clear)
	struct tag_walk walk = {
		.search = search,
		.entries = entries,
		.changes = changes,
	};
	for (size_t i = 0; i < search->range->cut_count; i++)
		oid_map_add(&walk.cuts, &search->range->cuts[i], NULL);
	int rc = 0;
	for (unsigned left = PLACES_OF_HISTORY; rc == 0 && left;) {
		unsigned place = history_place_first(left);
		left &= ~place;
		rc = follow_tips(&walk, place, err);
	}
	for (size_t i = 0; rc == 0 && i < search->more_count; i++)
		rc = follow_tags(
			&walk, &search->more[i], PLACE_UNREACHABLE, err);
	return rc;
}
