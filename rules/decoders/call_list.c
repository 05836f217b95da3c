/* A short list of names, compared one by one. */
#include "rules/decoders/call_list.h"

#include <string.h>

const char *call_list_add(
	struct call_list *list, struct arena *arena, const char *name)
{
	if (list->lookups == CALL_LIST_LOOKUPS) {
		list->truncated = true;
		return NULL;
	}
	list->lookups++;
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->names[i], name))
			return list->names[i];
	if (list->count == CALL_LIST_MAX) {
		list->truncated = true;
		return NULL;
	}
	if (!list->names)
		list->names =
			arena_array(arena, CALL_LIST_MAX, sizeof(*list->names));
	const char *copy = arena_strdup(arena, name);
	list->names[list->count++] = copy;
	return copy;
}
