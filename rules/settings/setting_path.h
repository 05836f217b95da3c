/* Where in the repository a path of a setting leads, as far as its text says.
 */
#ifndef RULES_SETTINGS_SETTING_PATH_H
#define RULES_SETTINGS_SETTING_PATH_H

#include "base/arena.h"
#include "rules/settings/setting.h"

/**
 * The path from the top of the worktree, without `.` and `..`, that a
 * SETTING_PATH stands for when it is taken to be relative to `folder` ("" is
 * the top). NULL when it leads out of the tree, or is not relative to a folder
 * of it. For PATH_FILE the folder is that of the file.
 */
const char *setting_tree_path(struct arena *arena,
	const struct setting_value *value, const char *folder);

/** The folder of a path, "" for one at the top. */
const char *path_folder(struct arena *arena, const char *path);

#endif
