#include "rules/companion.h"

#include <stdbool.h>
#include <string.h>

#define MAX_MATCHES 256 /* that are compared */

struct window {
	size_t from, end;
};

/* The bytes to look at. */
static struct window window_of(const unsigned char *bytes, size_t len,
	const struct pattern_span *span, size_t lines)
{
	size_t start = span->group_start;
	size_t end = span->group_end;
	size_t low = start > COMPANION_MAX_FAR ? start - COMPANION_MAX_FAR : 0;
	size_t high =
		len - end > COMPANION_MAX_FAR ? end + COMPANION_MAX_FAR : len;
	if (!lines)
		return (struct window){ low, high };
	struct window window = { start, end };
	for (size_t left = lines + 1; window.from > low;) {
		if (bytes[window.from - 1] == '\n' && !--left)
			break;
		window.from--;
	}
	for (size_t left = lines + 1; window.end < high; window.end++)
		if (bytes[window.end] == '\n' && !--left)
			break;
	return window;
}

static size_t distance(
	const struct pattern_span *a, const struct pattern_span *b)
{
	return a->group_start < b->group_start
		? b->group_start - a->group_start
		: a->group_start - b->group_start;
}

static bool overlaps(const struct pattern_span *a, const struct pattern_span *b)
{
	return a->group_start < b->group_end && b->group_start < a->group_end;
}

static bool is_same(const unsigned char *bytes, const struct pattern_span *a,
	const struct pattern_span *b)
{
	size_t len = a->group_end - a->group_start;
	return b->group_end - b->group_start == len &&
		!memcmp(bytes + a->group_start, bytes + b->group_start, len);
}

int companion_find(struct pattern_span *out, const struct pattern *pattern,
	struct pattern_state *state, const unsigned char *bytes, size_t len,
	const struct pattern_span *span, const struct rule_with *with)
{
	struct window window = window_of(bytes, len, span, with->lines);
	int found = 0;
	for (size_t i = 0; i < MAX_MATCHES && window.from < window.end; i++) {
		struct pattern_span next;
		int rc = pattern_search(&next, pattern, state, bytes,
			window.end, window.from, window.end);
		if (rc <= 0)
			return found ? found : rc;
		/* a match that is empty, or by \K ends early, moves on too */
		window.from =
			next.end > window.from ? next.end : window.from + 1;
		if (overlaps(&next, span) ||
			(with->same && !is_same(bytes, &next, span)) ||
			(found && distance(&next, span) >= distance(out, span)))
			continue;
		*out = next;
		found = 1;
	}
	return found;
}
