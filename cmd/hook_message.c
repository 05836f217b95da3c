#include "cmd/hook_message.h"

#include <stdbool.h>
#include <string.h>

/* git's wt-status.c, cut_line; the comment character before it can be set. */
static const char scissors[] =
	"------------------------ >8 ------------------------";

#define MAX_COMMENT 16 /* core.commentString, bytes */

static bool is_scissors(const char *line, size_t len)
{
	size_t size = sizeof(scissors) - 1;
	if (len && line[len - 1] == '\r')
		len--;
	if (len < size + 2 || len > size + 1 + MAX_COMMENT ||
		memcmp(line + len - size, scissors, size) != 0)
		return false;
	return line[len - size - 1] == ' ' &&
		!memchr(line, ' ', len - size - 1);
}

size_t hook_message_len(const char *text, size_t len)
{
	for (size_t start = 0; start < len;) {
		const char *newline = memchr(text + start, '\n', len - start);
		size_t end = newline ? (size_t)(newline - text) : len;
		if (is_scissors(text + start, end - start))
			return start;
		start = end + 1;
	}
	return len;
}
