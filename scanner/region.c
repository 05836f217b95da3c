#include "scanner/region.h"

#include <string.h>

void line_cursor_init(
	struct line_cursor *cursor, const unsigned char *bytes, size_t len)
{
	*cursor = (struct line_cursor){ .bytes = bytes, .len = len, .line = 1 };
}

/* Puts the cursor on the line that holds `offset`. */
static void move_to(struct line_cursor *cursor, size_t offset)
{
	if (offset < cursor->start)
		line_cursor_init(cursor, cursor->bytes, cursor->len);
	while (cursor->start < offset) {
		const unsigned char *from = cursor->bytes + cursor->start;
		const unsigned char *newline =
			memchr(from, '\n', offset - cursor->start);
		if (!newline)
			return;
		cursor->start += (size_t)(newline - from) + 1;
		cursor->line++;
	}
}

struct region line_cursor_region(
	struct line_cursor *cursor, size_t start, size_t end)
{
	if (start > cursor->len)
		start = cursor->len;
	if (end > cursor->len)
		end = cursor->len;
	if (end < start)
		end = start;
	struct region region = { .start_byte = start, .end_byte = end };
	move_to(cursor, start);
	region.start_line = cursor->line;
	region.start_column = start - cursor->start + 1;
	struct line_cursor last = *cursor;
	size_t last_byte = end > start ? end - 1 : start;
	move_to(&last, last_byte);
	region.end_line = last.line;
	region.end_column = last_byte - last.start + 1;
	return region;
}
