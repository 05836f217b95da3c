/* Reads paths, each ended by a NUL, and prints their ignore patterns, one a
 * line: for the test that compares them with git. */
#include "scanner/ignore_pattern.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	static const struct rule rule = { .id = "r", .untrack = true };
	char *path = NULL;
	size_t size = 0;
	while (getdelim(&path, &size, '\0', stdin) > 0) {
		const struct finding finding = { .rule = &rule, .path = path };
		CLEANUP(buf_clear) struct buf pattern;
		buf_init(&pattern, 0);
		if (ignore_pattern_of(&pattern, &finding) < 0)
			return 1;
		puts(pattern.bytes);
	}
	free(path);
	return 0;
}
