#include "scanner/source_messages.h"

#include "base/array.h"
#include "scanner/commit_parse.h"

#include <string.h>

#define MAX_TAG_CHAIN 64 /* as where tags are followed to commits */

static uint32_t add_path(struct changes *changes, const char *path)
{
	return path_table_add(&changes->paths, path, strlen(path));
}

void entries_add_commits(struct entries *entries, const struct history *history,
	struct changes *changes)
{
	uint32_t path = add_path(changes, COMMIT_MESSAGE_PATH);
	for (uint32_t i = 0; i < history->count; i++) {
		const struct history_commit *commit = &history->commits[i];
		if (commit->left_out || oid_is_zero(&commit->oid))
			continue;
		uint32_t number =
			oid_map_add(&changes->blobs, &commit->oid, NULL);
		entries_add(entries, path, number, PLACE_MESSAGE);
		ARRAY_GROW(changes->items, changes->count, changes->capacity);
		changes->items[changes->count++] = (struct change){
			.path = path,
			.commit = i,
			.blob = number,
			.before = BLOB_NONE,
		};
	}
}

/** Adds the tag `oid` and those that it names; nothing for other objects. */
static int add_tag_chain(struct entries *entries, const struct oid *tip,
	const struct oid_map *cuts, struct objects_reader *reader,
	struct changes *changes, struct err *err)
{
	struct oid oid = *tip;
	for (int i = 0; i < MAX_TAG_CHAIN; i++) {
		struct object object;
		if (oid_map_find(cuts, &oid) != OID_MAP_NONE)
			return 0;
		int rc = objects_read(&object, reader, &oid, err);
		if (rc == ERR_NOT_FOUND || rc == ERR_CORRUPT || rc == ERR_LIMIT)
			return 0;
		if (rc < 0 || object.type != OBJECT_TAG)
			return rc;
		uint32_t path = add_path(changes, TAG_MESSAGE_PATH);
		entries_add(entries, path,
			oid_map_add(&changes->blobs, &oid, NULL),
			PLACE_MESSAGE);
		int type;
		if (!tag_parse(&oid, &type, object.bytes, object.len) ||
			type != OBJECT_TAG)
			return 0;
	}
	return 0;
}

int entries_add_tags(struct entries *entries, const struct history_range *range,
	struct objects_reader *reader, struct changes *changes, struct err *err)
{
	CLEANUP(oid_map_clear) struct oid_map cuts = { 0 };
	for (size_t i = 0; i < range->cut_count; i++)
		oid_map_add(&cuts, &range->cuts[i], NULL);
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < range->tip_count; i++)
		rc = add_tag_chain(entries, &range->tips[i].oid, &cuts, reader,
			changes, err);
	return rc;
}
