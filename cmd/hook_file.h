/*
 * A hook in a folder of hooks: a script of ours that first runs the hook that
 * was there before, with the same arguments and standard input, then the
 * check. The earlier hook stands beside it as "<event>.before-hygiene", with
 * its own mode, or as the symlink that it was.
 *
 * At every moment a whole hook stands at the event's name.
 */
#ifndef CMD_HOOK_FILE_H
#define CMD_HOOK_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "cmd/hook_event.h"

enum hook_file_state {
	HOOK_ABSENT,
	HOOK_OURS,
	HOOK_OTHERS,         /* of somebody else */
	HOOK_OURS_CANNOT,    /* ours, and not executable: git passes over it */
	HOOK_OURS_IS_LEGACY, /* ours, moved to "<event>.legacy" by the
				pre-commit framework, which runs it */
};

/** What was done. */
enum hook_file_change {
	HOOK_UNCHANGED,
	HOOK_WRITTEN,
	HOOK_CHAINED, /* and the one before is kept and run */
	HOOK_REMOVED,
	HOOK_RESTORED, /* the one before stands there again */
};

/** Opens a folder of hooks; its last component must not be a symlink. With
 * `create` it is made. ERR_NOT_FOUND when it is not there. */
int hook_folder_open(
	int *out, const char *path, bool create, struct err *err) MUST_CHECK;

/** The state of an event's hook in the open folder (enum hook_file_state). */
int hook_file_state(int folder, const char *event);

/** True when an earlier hook is kept beside ours. */
bool hook_file_has_earlier(int folder, const char *event);

/** Puts our hook there; returns an enum hook_file_change or an error. */
int hook_file_install(int folder, const struct hook_event *event,
	const char *program, struct err *err) MUST_CHECK;

/** Takes our hook away and puts back the earlier one. */
int hook_file_uninstall(
	int folder, const struct hook_event *event, struct err *err) MUST_CHECK;

#endif
