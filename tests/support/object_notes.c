#include "tests/support/object_notes.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct kept {
	struct object_note note;
	size_t len;
	unsigned char bytes[];
};

static void free_kept(struct object_note *note)
{
	free(note);
}

void leave_copy(const struct object *object)
{
	if (!object->note)
		return;
	struct kept *kept = xmalloc(sizeof(*kept) + object->len);
	kept->note.size = sizeof(*kept) + object->len;
	kept->note.free = free_kept;
	kept->len = object->len;
	memcpy(kept->bytes, object->bytes, object->len);
	*object->note = &kept->note;
}

bool copies_are_right(const struct object *object)
{
	const struct object_delta *delta = object->delta;
	const struct kept *base = (const struct kept *)delta->base;
	size_t end = 0;
	for (size_t i = 0; i < delta->copy_count; i++) {
		const struct object_copy *copy = &delta->copies[i];
		if (copy->at < end || !copy->len || copy->at > object->len ||
			copy->len > object->len - copy->at ||
			copy->from > base->len ||
			copy->len > base->len - copy->from)
			return false;
		end = copy->at + copy->len;
		if (memcmp(object->bytes + copy->at, base->bytes + copy->from,
			    copy->len) != 0)
			return false;
	}
	return true;
}
