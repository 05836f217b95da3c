#include "cmd/suggest.h"

#include <string.h>

/* Longer names are no slips of the finger, and bound the work. */
#define MAX_LENGTH 64
#define MAX_EDITS  3

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/** Edits, insertions, removals and swaps of neighbours from a to b (optimal
 * string alignment); both are at most MAX_LENGTH long. */
static size_t distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t rows[3][MAX_LENGTH + 1];
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t cost = a[i - 1] != b[j - 1];
			row[j] = least(above[j - 1] + cost,
				least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				row[j] = least(
					row[j], rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

void suggestion_init(
	struct suggestion *suggestion, const char *typed, size_t len)
{
	suggestion->typed = typed;
	suggestion->typed_len = len;
	suggestion->best = NULL;
	suggestion->distance = least((len + 2) / 3, MAX_EDITS) + 1;
}

void suggestion_offer(struct suggestion *suggestion, const char *name)
{
	size_t len = strlen(name);
	if (len > MAX_LENGTH || suggestion->typed_len > MAX_LENGTH)
		return;
	size_t edits =
		distance(suggestion->typed, suggestion->typed_len, name, len);
	if (edits >= suggestion->distance)
		return;
	suggestion->best = name;
	suggestion->distance = edits;
}
