#include "scanner/text_place.h"

#include "base/alloc.h"
#include "scanner/line_hash.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/** What the steps below share. */
struct placer {
	struct objects_reader *reader;
	const struct outside *outside;
	const struct outside_item **items; /* of outside, sorted by id */
	struct arena *arena;               /* of the result */
	struct buf file;
};

static void placer_clear(struct placer *placer)
{
	objects_reader_free(placer->reader);
	free(placer->items);
	buf_clear(&placer->file);
}

static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;
	int order = strcmp(a->blob, b->blob);
	if (order)
		return order;
	size_t x = a->region.start_byte;
	size_t y = b->region.start_byte;
	return (x > y) - (x < y);
}

static int compare_items(const void *left, const void *right)
{
	return oid_compare(&(*(const struct outside_item *const *)left)->oid,
		&(*(const struct outside_item *const *)right)->oid);
}

static int find_item(const void *oid, const void *item)
{
	return oid_compare(
		oid, &(*(const struct outside_item *const *)item)->oid);
}

static int placer_init(struct placer *out, struct scan_result *result,
	const struct objects *objects, const struct outside *outside,
	struct err *err)
{
	*out = (struct placer){ .outside = outside, .arena = &result->arena };
	out->items = xcalloc(outside->count, sizeof(*out->items));
	for (size_t i = 0; i < outside->count; i++)
		out->items[i] = &outside->items[i];
	if (outside->count)
		qsort(out->items, outside->count, sizeof(*out->items),
			compare_items);
	return objects_reader_new(&out->reader, objects, err);
}

/** The content of a blob, from the store or from outside of it; false when
 * neither has it any more. */
static bool read_content(const unsigned char **bytes, size_t *len,
	struct placer *placer, const char *blob)
{
	struct oid oid;
	struct object object;
	struct err ignored = { 0 };
	if (!oid_from_hex(&oid, blob))
		return false;
	const struct outside_item *const *item = NULL;
	if (placer->outside->count)
		item = bsearch(&oid, placer->items, placer->outside->count,
			sizeof(*placer->items), find_item);
	if (item)
		return outside_read(bytes, len, &placer->file, placer->outside,
			       *item, &ignored) == 0;
	if (objects_read(&object, placer->reader, &oid, &ignored) < 0)
		return false;
	*bytes = object.bytes;
	*len = object.len;
	return true;
}

/** Counts columns from the start of the text on. */
struct columns {
	const unsigned char *bytes;
	size_t len;
	size_t offset;
	size_t column; /* of `offset`, UTF-16 code units from 1 */
};

static size_t column_of(struct columns *columns, size_t offset)
{
	while (columns->offset < offset && columns->offset < columns->len) {
		uint32_t code;
		columns->offset += text_next_character(&code,
			columns->bytes + columns->offset,
			columns->len - columns->offset);
		columns->column =
			code == '\n' ? 1 : columns->column + utf16_units(code);
	}
	return columns->column;
}

/* The column behind the last byte, on the line of that byte. */
static size_t end_column_of(
	struct columns *columns, const struct region *region)
{
	size_t end = region->end_byte;
	bool is_break = end > region->start_byte && end <= columns->len &&
		columns->bytes[end - 1] == '\n';
	return column_of(columns, end - is_break) + is_break;
}

static void set_columns(struct finding *const *findings, size_t count,
	const unsigned char *bytes, size_t len)
{
	struct columns columns = { .bytes = bytes, .len = len, .column = 1 };
	for (size_t i = 0; i < count; i++) {
		const struct region *region = &findings[i]->region;
		struct text_place *place = findings[i]->text_place;
		place->start_column = column_of(&columns, region->start_byte);
		/* regions may overlap: the end is looked for by another */
		struct columns end = columns;
		place->end_column = end_column_of(&end, region);
	}
}

static void set_hashes(struct finding *const *findings, size_t count,
	const unsigned char *bytes, size_t len)
{
	CLEANUP(freep) struct line_hash *lines = xcalloc(count, sizeof(*lines));
	size_t line_count = 0;
	for (size_t i = 0; i < count; i++) {
		size_t line = findings[i]->region.start_line;
		if (!line_count || lines[line_count - 1].line != line)
			lines[line_count++].line = line;
	}
	line_hash_find(lines, line_count, bytes, len);
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		at += lines[at].line != findings[i]->region.start_line;
		struct text_place *place = findings[i]->text_place;
		if (lines[at].nth)
			snprintf(place->line_hash, sizeof(place->line_hash),
				"%" PRIx64 ":%zu", lines[at].hash,
				lines[at].nth);
	}
}

/** The findings of one blob, in the order of their places. */
static void place_findings(
	struct placer *placer, struct finding *const *findings, size_t count)
{
	const unsigned char *bytes;
	size_t len;
	if (!read_content(&bytes, &len, placer, findings[0]->blob))
		return;
	for (size_t i = 0; i < count; i++)
		findings[i]->text_place =
			arena_alloc(placer->arena, sizeof(struct text_place));
	set_columns(findings, count, bytes, len);
	set_hashes(findings, count, bytes, len);
}

int text_places_add(struct scan_result *result, const struct objects *objects,
	const struct outside *outside, size_t max_size, struct err *err)
{
	CLEANUP(freep)
	struct finding **findings =
		xcalloc(result->finding_count, sizeof(*findings));
	size_t count = 0;
	for (size_t i = 0; i < result->finding_count; i++)
		if (result->findings[i].region.start_line &&
			finding_object(&result->findings[i]) == OBJECT_IS_FILE)
			findings[count++] = &result->findings[i];
	if (!count)
		return 0;
	qsort(findings, count, sizeof(*findings), compare_findings);
	CLEANUP(placer_clear) struct placer placer;
	int rc = placer_init(&placer, result, objects, outside, err);
	buf_init(&placer.file, max_size);
	size_t end;
	for (size_t at = 0; rc == 0 && at < count; at = end) {
		end = at + 1;
		while (end < count &&
			!strcmp(findings[at]->blob, findings[end]->blob))
			end++;
		place_findings(&placer, findings + at, end - at);
	}
	return rc;
}
