/* The message of a commit as a commit-msg hook finds it. */
#ifndef CMD_HOOK_MESSAGE_H
#define CMD_HOOK_MESSAGE_H

#include <stddef.h>

/**
 * How much of the file can become the message: up to git's scissors line,
 * behind which `git commit -v` shows the change. Comment lines count: whether
 * git drops them depends on how it was called.
 */
size_t hook_message_len(const char *text, size_t len);

#endif
