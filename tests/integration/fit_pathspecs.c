/*
 * Says of each question, a line of stdin, which paths fit its words, as `git
 * ls-files -- <words>` would. A question is a folder and the words, with tabs
 * between; the answer a line of the paths with tabs behind each, or "refused".
 * usage: fit_pathspecs TOP PATH...
 */
#include "scanner/pathspec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 16 };

struct paths {
	const char *top;
	char **at;
	int count;
};

static void print_fitting(
	const struct pathspec *pathspec, const struct paths *paths)
{
	for (int i = 0; i < paths->count; i++) {
		if (pathspec_matches(pathspec, paths->at[i]))
			printf("%s\t", paths->at[i]);
	}
	putchar('\n');
}

static void answer(char *question, const struct paths *paths)
{
	struct err err = { 0 };
	const char *words[WORDS_MAX] = { 0 };
	size_t count = 0;
	question[strcspn(question, "\n")] = '\0';
	const struct pathspec_base base = {
		.top = paths->top,
		.prefix = strsep(&question, "\t"),
	};
	while (question && count < WORDS_MAX)
		words[count++] = strsep(&question, "\t");
	CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
	if (pathspec_new(&pathspec, words, count, &base, &err) < 0)
		puts("refused");
	else
		print_fitting(pathspec, paths);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	const struct paths paths = { argv[1], argv + 2, argc - 2 };
	char *line = NULL;
	size_t size = 0;
	while (getline(&line, &size, stdin) > 0)
		answer(line, &paths);
	free(line);
	return 0;
}
