#include "cmd/hook_event.h"

#include "base/suggest.h"

#include <string.h>

const struct hook_event hook_events[] = {
	{ .name = "pre-commit", .standard = true },
	{ .name = "commit-msg" },
	{ .name = "pre-push", .reads_stdin = true, .standard = true },
	{ .name = "pre-receive",
		.is_server = true,
		.reads_stdin = true,
		.standard = true },
	{ .name = "update", .is_server = true },
	{ 0 },
};

int hook_event_find(
	const struct hook_event **out, const char *name, struct err *err)
{
	const char *names[ARRAY_SIZE(hook_events)] = { NULL };
	for (size_t i = 0; hook_events[i].name; i++) {
		names[i] = hook_events[i].name;
		if (!strcmp(names[i], name)) {
			*out = &hook_events[i];
			return 0;
		}
	}
	const char *near = suggest(name, names);
	if (near)
		return err_set(err, ERR_USAGE,
			"there is no hook '%s'; did you mean '%s'?", name,
			near);
	return err_set(err, ERR_USAGE,
		"there is no hook '%s'; there are pre-commit, commit-msg, "
		"pre-push, pre-receive and update",
		name);
}
