#include "scanner/borrowed.h"

#include "base/alloc.h"
#include "scanner/objects/objects.h"

#include <stdlib.h>

static int compare_names(const void *a, const void *b)
{
	const struct object_name *left = a;
	const struct object_name *right = b;
	return oid_compare(&left->oid, &right->oid);
}

static int list_own(struct object_name **out, size_t *count, const char *dir,
	unsigned jobs, struct err *err)
{
	const char *const dirs[] = { dir, NULL };
	const struct objects_opts opts = {
		.dirs = dirs,
		.max_object_size = SIZE_MAX,
	};
	CLEANUP(objects_freep) struct objects *own = NULL;
	int rc = objects_open(&own, &opts, err);
	return rc < 0 ? rc : objects_list(out, count, own, jobs, err);
}

int entries_mark_borrowed(struct entries *entries, const struct oid_map *blobs,
	const char *const *dirs, unsigned jobs, struct err *err)
{
	if (!dirs[0] || !dirs[1])
		return 0;
	CLEANUP(freep) struct object_name *own = NULL;
	size_t count;
	int rc = list_own(&own, &count, dirs[0], jobs, err);
	for (size_t i = 0; rc == 0 && i < entries->count; i++) {
		struct entry *entry = &entries->items[i];
		const struct object_name wanted = {
			.oid = blobs->oids[entry->blob],
		};
		if (!(entry->places & PLACE_UNREACHABLE) ||
			(count &&
				bsearch(&wanted, own, count, sizeof(*own),
					compare_names)))
			continue;
		entry->places &= ~(unsigned)PLACE_UNREACHABLE;
		entry->places |= PLACE_ALTERNATE;
	}
	return rc;
}
