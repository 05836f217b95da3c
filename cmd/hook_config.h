/*
 * Hooks that git's configuration names, since git 2.54: hook.<name>.command
 * and hook.<name>.event (git-config(1)). No file is touched that another hook
 * stands in, and all of them run.
 */
#ifndef CMD_HOOK_CONFIG_H
#define CMD_HOOK_CONFIG_H

#include "cmd/hook_event.h"
#include "scanner/repo.h"

/** Path of the user's configuration, as `git config --global` writes it.
 * NULL without a HOME. Caller frees. */
char *hook_config_global_path(void);

/** Sets the hook of the event in the file. `program` is what is run. */
int hook_config_set(const char *file, const struct hook_event *event,
	const char *program, struct err *err) MUST_CHECK;

/** Takes it out; 1 when it was there, 0 when not. */
int hook_config_unset(const char *file, const struct hook_event *event,
	struct err *err) MUST_CHECK;

/** The entry that names our hook for the event, or NULL; one that is switched
 * off by hook.<name>.enabled counts as none. */
const struct config_entry *hook_config_find(
	const struct config *config, const struct hook_event *event);

#endif
