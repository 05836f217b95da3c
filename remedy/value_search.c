#include "remedy/value_search.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/literal_set.h"
#include "scanner/objects/objects.h"

#include <stdlib.h>

/** One thread's part. */
struct part {
	const struct literal_set *values; /* shared */
	struct oid *found;
	size_t count, capacity;
};

static int stop_at_first(size_t literal, size_t start, size_t end, void *ctx)
{
	(void)literal, (void)start, (void)end, (void)ctx;
	return 1;
}

static int look_at(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct part *part = ctx;
	(void)err;
	if (status != 0 ||
		!literal_set_scan(part->values, object->bytes, object->len,
			stop_at_first, NULL))
		return 0;
	ARRAY_GROW(part->found, part->count, part->capacity);
	part->found[part->count++] = *object->oid;
	return 0;
}

static int make_literals(struct literal_set **out,
	const struct purge_values *values, struct err *err)
{
	CLEANUP(freep)
	struct literal *literals = xcalloc(values->count, sizeof(*literals));
	size_t count = 0;
	for (size_t i = 0; i < values->count; i++) {
		const struct purge_value *value = &values->items[i];
		size_t len = value->secret_end - value->secret_start;
		if (len >= PURGE_SHORT_SECRET)
			literals[count++] = (struct literal){
				.bytes = (const char *)value->bytes +
					value->secret_start,
				.len = len,
			};
	}
	return literal_set_new(out, literals, count, err);
}

/** Everything but trees. Caller frees. */
static struct oid *list_contents(
	size_t *count, const struct inventory *inventory)
{
	struct oid *wanted = xcalloc(inventory->name_count, sizeof(*wanted));
	*count = 0;
	for (size_t i = 0; i < inventory->name_count; i++)
		if (inventory->names[i].type != OBJECT_TREE)
			wanted[(*count)++] = inventory->names[i].oid;
	return wanted;
}

/** Of each object once, in the order of ids whichever thread came first. */
static void add_hits(
	struct secret_hits *hits, const struct part *parts, unsigned jobs)
{
	struct secret_hits added = { 0 };
	for (unsigned i = 0; i < jobs; i++)
		for (size_t n = 0; n < parts[i].count; n++) {
			const struct oid *oid = &parts[i].found[n];
			if (secret_hits_find(hits, oid))
				continue;
			ARRAY_GROW(added.items, added.count, added.capacity);
			added.items[added.count++] =
				(struct secret_hit){ .oid = *oid };
		}
	secret_hits_join(hits, &added);
}

int value_search(struct secret_hits *hits, const struct inventory *inventory,
	const struct purge_values *values, unsigned jobs, struct err *err)
{
	CLEANUP(literal_set_freep) struct literal_set *literals = NULL;
	int rc = make_literals(&literals, values, err);
	if (rc < 0 || !literal_set_longest(literals))
		return rc;
	size_t count;
	CLEANUP(freep) struct oid *wanted = list_contents(&count, inventory);
	CLEANUP(freep) struct part *parts = xcalloc(jobs, sizeof(*parts));
	CLEANUP(freep) void **contexts = xcalloc(jobs, sizeof(*contexts));
	for (unsigned i = 0; i < jobs; i++) {
		parts[i].values = literals;
		contexts[i] = &parts[i];
	}
	rc = objects_each(inventory->objects, wanted, count, jobs, look_at,
		contexts, err);
	if (rc >= 0)
		add_hits(hits, parts, jobs);
	for (unsigned i = 0; i < jobs; i++)
		free(parts[i].found);
	return rc < 0 ? rc : 0;
}
