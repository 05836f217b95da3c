#include "scanner/hit_repeats.h"

#include "base/alloc.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_MAX ((size_t)4096)

struct hit_secret {
	uint32_t rule;
	const unsigned char *bytes;
	size_t len;
};

void hit_secrets_add(struct hit_secrets *secrets, uint32_t rule,
	const unsigned char *bytes, size_t len)
{
	if (!len || len > SECRET_MAX)
		return;
	ARRAY_GROW(secrets->items, secrets->count, secrets->capacity);
	secrets->items[secrets->count++] = (struct hit_secret){
		.rule = rule,
		.bytes = (const unsigned char *)xmemdupz(bytes, len),
		.len = len,
	};
}

void hit_secrets_reset(struct hit_secrets *secrets)
{
	for (size_t i = 0; i < secrets->count; i++) {
		void *bytes = (void *)(uintptr_t)secrets->items[i].bytes;
		explicit_bzero(bytes, secrets->items[i].len);
		free(bytes);
	}
	secrets->count = 0;
}

void hit_secrets_clear(struct hit_secrets *secrets)
{
	hit_secrets_reset(secrets);
	free(secrets->items);
	*secrets = (struct hit_secrets){ 0 };
}

static int compare_bytes(const void *a, const void *b)
{
	const struct hit_secret *left = a;
	const struct hit_secret *right = b;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	size_t len = left->len < right->len ? left->len : right->len;
	int order = memcmp(left->bytes, right->bytes, len);
	return order ? order
		     : (left->len > right->len) - (left->len < right->len);
}

/* The last of the sorted secrets that is not behind `wanted`, or NULL. */
static const struct hit_secret *last_up_to(
	const struct hit_secrets *secrets, const struct hit_secret *wanted)
{
	size_t low = 0;
	for (size_t high = secrets->count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (compare_bytes(&secrets->items[middle], wanted) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &secrets->items[low - 1] : NULL;
}

/* True when one of the secrets is what `text` begins with. All of these sort
 * before it, and what sorts between one and the text begins with it, too: so
 * each miss leaves what the two have in common. */
static bool begins_with_one(
	const struct hit_secrets *secrets, struct hit_secret text)
{
	for (;;) {
		const struct hit_secret *near = last_up_to(secrets, &text);
		if (!near || near->rule != text.rule)
			return false;
		size_t same = 0;
		while (same < near->len && same < text.len &&
			near->bytes[same] == text.bytes[same])
			same++;
		if (same == near->len)
			return true;
		text.len = same;
	}
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

static bool begins_as_inner(const struct hit_secrets *secrets,
	const struct hit *hit, const unsigned char *bytes)
{
	size_t len = hit->region.end_byte - hit->region.start_byte;
	const struct hit_secret text = {
		.rule = hit->rule,
		.bytes = bytes + hit->region.start_byte,
		.len = len < SECRET_MAX ? len : SECRET_MAX,
	};
	return !hit->encodings && *hit->secret_id &&
		begins_with_one(secrets, text);
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

void hits_drop_outer(struct hits *hits, size_t first,
	struct hit_secrets *secrets, const struct rule_index *rules,
	const unsigned char *bytes)
{
	size_t count = hits->count - first;
	struct hit *items = count ? hits->items + first : NULL;
	CLEANUP(freep)
	const struct hit **inner = xcalloc(count, sizeof(*inner));
	size_t inner_count = collect_inner(inner, items, count);
	if (!inner_count || inner_count == count)
		return;
	if (secrets->count)
		qsort(secrets->items, secrets->count, sizeof(*secrets->items),
			compare_bytes);
	CLEANUP(freep) bool *repeats = xcalloc(count, sizeof(*repeats));
	for (size_t i = 0; i < count; i++)
		repeats[i] = !items[i].inner &&
			(begins_as_inner(secrets, &items[i], bytes) ||
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
