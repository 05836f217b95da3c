#include "scanner/hit_repeats.h"

#include "base/alloc.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

/* A shorter secret is told by its id alone. */
#define HEAD_LEN 8

struct hit_head {
	uint32_t rule;
	unsigned char bytes[HEAD_LEN];
};

void hit_heads_add(struct hit_heads *heads, uint32_t rule,
	const unsigned char *secret, size_t len)
{
	if (len < HEAD_LEN)
		return;
	ARRAY_GROW(heads->items, heads->count, heads->capacity);
	struct hit_head *head = &heads->items[heads->count++];
	head->rule = rule;
	memcpy(head->bytes, secret, HEAD_LEN);
}

void hit_heads_reset(struct hit_heads *heads)
{
	if (heads->count)
		explicit_bzero(
			heads->items, heads->count * sizeof(*heads->items));
	heads->count = 0;
}

void hit_heads_clear(struct hit_heads *heads)
{
	hit_heads_reset(heads);
	free(heads->items);
	*heads = (struct hit_heads){ 0 };
}

static int compare_heads(const void *a, const void *b)
{
	const struct hit_head *left = a;
	const struct hit_head *right = b;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	return memcmp(left->bytes, right->bytes, HEAD_LEN);
}

/* By secret, and by rule. */
static int compare_secrets(const void *a, const void *b)
{
	const struct hit *left = *(const struct hit *const *)a;
	const struct hit *right = *(const struct hit *const *)b;
	int order = strcmp(left->secret_id, right->secret_id);
	if (order)
		return order;
	return (left->rule > right->rule) - (left->rule < right->rule);
}

static int compare_ids(const void *a, const void *b)
{
	const struct hit *left = *(const struct hit *const *)a;
	const struct hit *right = *(const struct hit *const *)b;
	return strcmp(left->secret_id, right->secret_id);
}

static bool has_head(const struct hit_heads *heads, const struct hit *hit,
	const unsigned char *bytes)
{
	struct hit_head head = { .rule = hit->rule };
	if (hit->encodings || !*hit->secret_id ||
		hit->region.end_byte - hit->region.start_byte < HEAD_LEN)
		return false;
	memcpy(head.bytes, bytes + hit->region.start_byte, HEAD_LEN);
	return heads->count &&
		bsearch(&head, heads->items, heads->count, sizeof(head),
			compare_heads);
}

/* Those in members, sorted; their number is returned. */
static size_t collect_inner(
	const struct hit **inner, const struct hit *items, size_t count)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		if (items[i].inner && *items[i].secret_id)
			inner[found++] = &items[i];
	if (found)
		qsort(inner, found, sizeof(*inner), compare_secrets);
	return found;
}

static bool is_repeated(const struct hit *hit, const struct hit *const *inner,
	size_t inner_count, const struct rule_index *rules)
{
	bool fallback = rules->rules[hit->rule]->fallback;
	return bsearch(&hit, inner, inner_count, sizeof(*inner),
		fallback ? compare_ids : compare_secrets);
}

void hits_drop_outer(struct hits *hits, size_t first, struct hit_heads *heads,
	const struct rule_index *rules, const unsigned char *bytes)
{
	size_t count = hits->count - first;
	struct hit *items = count ? hits->items + first : NULL;
	CLEANUP(freep)
	const struct hit **inner = xcalloc(count, sizeof(*inner));
	size_t inner_count = collect_inner(inner, items, count);
	if (!inner_count || inner_count == count)
		return;
	if (heads->count)
		qsort(heads->items, heads->count, sizeof(*heads->items),
			compare_heads);
	CLEANUP(freep) bool *repeats = xcalloc(count, sizeof(*repeats));
	for (size_t i = 0; i < count; i++)
		repeats[i] = !items[i].inner &&
			(has_head(heads, &items[i], bytes) ||
				is_repeated(
					&items[i], inner, inner_count, rules));
	hits->count = first;
	for (size_t i = 0; i < count; i++) {
		struct hit hit = items[i];
		if (repeats[i])
			hit_clear(&hit);
		else
			hits->items[hits->count++] = hit;
	}
}
