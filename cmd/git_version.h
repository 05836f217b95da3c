/* Which git is on PATH: what it can do decides how hooks are installed. */
#ifndef CMD_GIT_VERSION_H
#define CMD_GIT_VERSION_H

#include "base/err.h"

#include <stdbool.h>

struct git_version {
	unsigned major, minor;
};

/** Asks `git version`. Zeros when there is no git, or it says something else:
 * then nothing new is expected of it. */
struct git_version git_version(void);

/** Reads "git version 2.54.0.rc1". */
struct git_version git_version_parse(const char *text);

/** Git runs hooks that configuration names, git-config(1) "hook.<name>",
 * since 2.54. */
bool git_has_config_hooks(struct git_version version);

#endif
