#include "scanner/name_mask.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "rules/literal_set.h"
#include "scanner/content_scan.h"
#include "scanner/redact.h"

#include <stdlib.h>
#include <string.h>

struct span {
	size_t start, end;
};

struct name_mask {
	struct literal_set *secrets;
	struct arena *arena; /* of the texts */
	struct span *spans;  /* in the present text */
	size_t count, capacity;
};

void name_mask_free(struct name_mask *mask)
{
	if (!mask)
		return;
	literal_set_free(mask->secrets);
	free(mask->spans);
	free(mask);
}

static int take_span(size_t literal, size_t start, size_t end, void *ctx)
{
	(void)literal;
	struct name_mask *mask = ctx;
	ARRAY_GROW(mask->spans, mask->count, mask->capacity);
	mask->spans[mask->count++] = (struct span){ start, end };
	return 0;
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *left = a;
	const struct span *right = b;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (left->end < right->end) - (left->end > right->end);
}

/** Finds where the secrets stand, in order; false when there are none. */
static bool find_spans(struct name_mask *mask, const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	mask->count = 0;
	if (literal_set_scan(mask->secrets, bytes, len, take_span, mask) ||
		!mask->count)
		return false;
	qsort(mask->spans, mask->count, sizeof(*mask->spans), compare_spans);
	return true;
}

const char *name_mask_text(struct name_mask *mask, const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	if (!mask || !text || !find_spans(mask, text, strlen(text)))
		return text;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	size_t at = 0;
	for (size_t i = 0; i < mask->count; i++) {
		struct span span = mask->spans[i];
		if (span.end <= at)
			continue;
		if (span.start > at)
			buf_add(&out, text + at, span.start - at);
		else
			span.start = at;
		redact_add_secret(
			&out, bytes + span.start, span.end - span.start);
		at = span.end;
	}
	buf_add_text(&out, text + at);
	return arena_strdup(mask->arena, out.bytes);
}

/** A pattern without its escapes, and where each byte stands in it. */
struct plain {
	char *bytes;
	size_t *places; /* one more than bytes */
	size_t len;
};

static void plain_clear(struct plain *plain)
{
	free(plain->bytes);
	free(plain->places);
}

static void plain_init(struct plain *plain, const char *pattern)
{
	size_t len = strlen(pattern);
	plain->bytes = xcalloc(len + 1, 1);
	plain->places = xcalloc(len + 1, sizeof(*plain->places));
	for (size_t i = 0; i < len; i++) {
		plain->places[plain->len] = i;
		if (pattern[i] == '\\' && pattern[i + 1])
			i++;
		plain->bytes[plain->len++] = pattern[i];
	}
	plain->places[plain->len] = len;
}

const char *name_mask_pattern(struct name_mask *mask, const char *pattern)
{
	if (!mask)
		return pattern;
	CLEANUP(plain_clear) struct plain plain = { 0 };
	plain_init(&plain, pattern);
	if (!find_spans(mask, plain.bytes, plain.len))
		return pattern;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	size_t at = 0;
	for (size_t i = 0; i < mask->count; i++) {
		struct span span = mask->spans[i];
		if (span.start > at) {
			buf_add(&out, pattern + plain.places[at],
				plain.places[span.start] - plain.places[at]);
			at = span.start;
		}
		for (; at < span.end; at++)
			buf_add_byte(&out, plain.bytes[at] == '/' ? '/' : '?');
	}
	buf_add_text(&out, pattern + plain.places[at]);
	return arena_strdup(mask->arena, out.bytes);
}

static void mask_list(struct name_mask *mask, const char **texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		texts[i] = name_mask_text(mask, texts[i]);
}

static void mask_links(struct name_mask *mask, struct finding *finding)
{
	if (!finding->link_count)
		return;
	struct finding_link *links =
		arena_array(mask->arena, finding->link_count, sizeof(*links));
	for (size_t i = 0; i < finding->link_count; i++) {
		links[i] = finding->links[i];
		links[i].path = name_mask_text(mask, links[i].path);
	}
	finding->links = links;
}

static void mask_finding(struct name_mask *mask, struct finding *finding)
{
	const char *path = name_mask_text(mask, finding->path);
	if (path != finding->path)
		finding->raw_path = finding->path;
	if (finding->nested) {
		finding->inner = name_mask_text(mask, finding->inner);
		finding->nested = arena_printf(
			mask->arena, "%s!%s", path, finding->inner);
		finding->inner = finding->nested + strlen(path) + 1;
	}
	finding->path = path;
	finding->store = name_mask_text(mask, finding->store);
	mask_list(mask, finding->exposure.refs, finding->exposure.refs_listed);
	mask_list(mask, finding->exposure.logs, finding->exposure.logs_listed);
	mask_links(mask, finding);
}

/** The bytes of each hit in its name, encoded as they stand there; those of a
 * folder's name stand in the names of all that it holds, and are taken once. */
static int collect_secrets(struct name_mask *mask, const struct hits *hits,
	const struct path_table *paths, struct err *err)
{
	CLEANUP(path_table_clear) struct path_table known = { 0 };
	for (size_t i = 0; i < hits->count; i++) {
		const struct hit *hit = &hits->items[i];
		path_table_add(&known,
			paths->entries[hit->blob].text + hit->region.start_byte,
			hit->region.end_byte - hit->region.start_byte);
	}
	CLEANUP(freep)
	struct literal *literals = xcalloc(known.count, sizeof(*literals));
	for (uint32_t i = 0; i < known.count; i++)
		literals[i] = (struct literal){
			.bytes = known.entries[i].text,
			.len = known.entries[i].len,
		};
	return literal_set_new(&mask->secrets, literals, known.count, err);
}

int name_mask_new(struct name_mask **out, const struct hits *hits,
	const struct path_table *paths, struct arena *arena, struct err *err)
{
	CLEANUP(name_mask_freep)
	struct name_mask *mask = xcalloc(1, sizeof(*mask));
	mask->arena = arena;
	int rc = collect_secrets(mask, hits, paths, err);
	if (rc < 0)
		return rc;
	*out = STEAL(mask);
	return 0;
}

int name_mask_apply(struct scan_result *result, const struct hits *hits,
	const struct path_table *paths, struct err *err)
{
	CLEANUP(name_mask_freep) struct name_mask *mask = NULL;
	if (!hits->count)
		return 0;
	int rc = name_mask_new(&mask, hits, paths, &result->arena, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < result->finding_count; i++)
		mask_finding(mask, &result->findings[i]);
	for (size_t i = 0; i < result->skipped_count; i++) {
		struct skipped *skipped = &result->skipped[i];
		skipped->path = name_mask_text(mask, skipped->path);
		skipped->inner = name_mask_text(mask, skipped->inner);
		skipped->detail = name_mask_text(mask, skipped->detail);
	}
	return 0;
}
