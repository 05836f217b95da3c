/* The message of a commit as a commit-msg hook finds it. */
#ifndef CMD_HOOK_MESSAGE_H
#define CMD_HOOK_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * How much of the file can become the message: all of it, but for the change
 * that `git commit -v` shows to an editor, behind a scissors line, and cuts
 * away. A hook is not told of -v, so it has to look exactly like that: the
 * line, comments, and a diff up to the end. Otherwise git may keep what stands
 * there. `is_edited`: an editor had the file; without one, nothing is shown.
 *
 * Comment lines count: whether git drops them depends on how it was called.
 */
size_t hook_message_len(const char *text, size_t len, bool is_edited);

#endif
