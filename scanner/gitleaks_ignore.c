#include "scanner/gitleaks_ignore.h"

#include "base/array.h"
#include "scanner/blob_by_name.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LINES 100000

void gitleaks_ignore_clear(struct gitleaks_ignore *ignore)
{
	free(ignore->places);
	arena_clear(&ignore->arena);
	*ignore = (struct gitleaks_ignore){ 0 };
}

/** Takes ":<text>" off the end; NULL without a colon. */
static char *cut_last(char *line)
{
	char *colon = strrchr(line, ':');
	if (!colon)
		return NULL;
	*colon = '\0';
	return colon + 1;
}

/** The path without the commit before it, if there is one. */
static char *cut_commit(char *line)
{
	struct oid oid;
	if (strlen(line) <= OID_HEX_SIZE || line[OID_HEX_SIZE] != ':' ||
		!oid_from_hex(&oid, line))
		return NULL;
	return line + OID_HEX_SIZE + 1;
}

static void take_line(struct gitleaks_ignore *out, char *line,
	struct repo *repo, struct objects_reader *reader)
{
	char *number = cut_last(line);
	char *rule = number ? cut_last(line) : NULL;
	char *end = NULL;
	unsigned long value = number ? strtoul(number, &end, 10) : 0;
	if (!rule || !value || *end || !*line)
		return;
	struct gitleaks_place place = { .line = value, .any_blob = true };
	const char *path = cut_commit(line);
	if (path) {
		struct err err;
		place.any_blob = false;
		struct revision_lookup lookup = {
			.repo = repo,
			.reader = reader,
			.name = line,
			.unknown = "no such commit",
		};
		if (object_by_name(&place.blob, &lookup, &err) < 0) {
			out->unresolved++;
			return;
		}
	}
	place.path = arena_strdup(&out->arena, path ? path : line);
	ARRAY_GROW(out->places, out->count, out->capacity);
	out->places[out->count++] = place;
}

static int compare_places(const void *a, const void *b)
{
	const struct gitleaks_place *left = a;
	const struct gitleaks_place *right = b;
	return strcmp(left->path, right->path);
}

void gitleaks_ignore_parse(struct gitleaks_ignore *out, const char *text,
	size_t len, struct repo *repo, struct objects_reader *reader)
{
	const char *end = text + len;
	for (size_t i = 0; text < end && i < MAX_LINES; i++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((newline ? newline : end) - text);
		CLEANUP(freep) char *line = xmemdupz(text, size);
		line[strcspn(line, "\r")] = '\0';
		if (*line && *line != '#')
			take_line(out, line, repo, reader);
		text += size + 1;
	}
	if (out->count)
		qsort(out->places, out->count, sizeof(*out->places),
			compare_places);
}

bool gitleaks_ignore_has(const struct gitleaks_ignore *ignore, const char *path,
	const struct oid *blob, size_t line)
{
	size_t low = 0;
	size_t high = ignore->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(ignore->places[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < ignore->count; low++) {
		const struct gitleaks_place *place = &ignore->places[low];
		if (strcmp(place->path, path) != 0)
			return false;
		if (place->line == line &&
			(place->any_blob ||
				!memcmp(&place->blob, blob, sizeof(*blob))))
			return true;
	}
	return false;
}
