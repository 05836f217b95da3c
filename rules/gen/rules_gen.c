/*
 * rules_gen OUT FILE…: makes the table of built-in rules from rule files, at
 * build time. A mistake in a file is told as file:line:column, and OUT is
 * then not written, so that the build stops there.
 */
#include "rules/gen/table_writer.h"

#include "base/arena.h"
#include "rules/rule_merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int load(
	struct rule_merge *merge, int count, char **files, struct err *err)
{
	for (int i = 0; i < count; i++) {
		int rc = rule_merge_add_path(merge, files[i], err);
		if (rc < 0)
			return rc;
	}
	int rc = rule_merge_finish(merge, err);
	if (rc == 0 && !merge->count)
		return err_set(err, ERR_PARSE, "%s: no rule", files[0]);
	return rc;
}

static int save(
	const struct rule_merge *merge, const char *path, struct err *err)
{
	CLEANUP(fclosep) FILE *out = fopen(path, "w");
	if (!out)
		return err_errno(err, "%s", path);
	table_write(out, merge->rules, merge->count);
	if (ferror(out) || fflush(out) != 0) {
		int rc = err_errno(err, "%s", path);
		unlink(path);
		return rc;
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fputs("usage: rules_gen OUT FILE...\n", stderr);
		return 2;
	}
	CLEANUP(arena_clear) struct arena arena = { 0 };
	CLEANUP(rule_merge_clear) struct rule_merge merge;
	rule_merge_init(&merge, &arena);
	struct err err = { 0 };
	int rc = load(&merge, argc - 2, argv + 2, &err);
	if (rc == 0)
		rc = save(&merge, argv[1], &err);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.msg);
	return rc < 0 ? 1 : 0;
}
