#include "base/suggest.h"

#include <stddef.h>
#include <string.h>

#define WORD_MAX 64

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment distance, by rows; both lengths ≤ WORD_MAX. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1] = { 0 };
	size_t *before = rows[0];
	size_t *last = rows[1];
	size_t *row = rows[2];
	size_t width = strlen(b);
	for (size_t j = 0; j <= width; j++)
		last[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			size_t change = a[i - 1] != b[j - 1];
			row[j] = min(min(last[j], row[j - 1]) + 1,
				last[j - 1] + change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				row[j] = min(row[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return last[width];
}

const char *suggest(const char *word, const char *const *candidates)
{
	size_t len = strlen(word);
	if (len > WORD_MAX)
		return NULL;
	const char *best = NULL;
	size_t best_distance = len < 3 ? 2 : len / 3 + 1;
	for (size_t i = 0; candidates[i]; i++) {
		if (strlen(candidates[i]) > WORD_MAX)
			continue;
		size_t edits = distance(word, candidates[i]);
		if (edits < best_distance) {
			best_distance = edits;
			best = candidates[i];
		}
	}
	return best;
}
