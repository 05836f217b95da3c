/* The events of git that the program has a hook for, githooks(5). */
#ifndef CMD_HOOK_EVENT_H
#define CMD_HOOK_EVENT_H

#include "base/err.h"

#include <stdbool.h>

struct hook_event {
	const char *name;
	bool is_server;   /* runs in the repository that is pushed to */
	bool reads_stdin; /* git tells it the refs there */
	bool standard;    /* installed when none is named */
};

/** All of them, ended by a row without a name. */
extern const struct hook_event hook_events[];

/** The event of that name; ERR_USAGE with a suggestion if there is none. */
int hook_event_find(const struct hook_event **out, const char *name,
	struct err *err) MUST_CHECK;

#endif
