/*
 * Says of each path (NUL-ended, on stdin) what remedy/ignore_rules.h decides,
 * as `git check-ignore -v -n -z --no-index` would: "<ignored 0|1> TAB <file>
 * TAB <line>", NUL-ended.
 * usage: decide_ignored WORKTREE INFO-EXCLUDE EXCLUDES-FILE IGNORE-CASE(0|1)
 */
#include "base/file.h"
#include "base/folder.h"
#include "remedy/ignore_rules.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int decide_all(
	struct ignore_rules *rules, const struct buf *paths, struct err *err)
{
	const char *end = paths->bytes + paths->len;
	for (const char *at = paths->bytes; at < end; at += strlen(at) + 1) {
		struct ignore_decision decision;
		int rc = ignore_rules_decide(&decision, rules, at, err);
		if (rc < 0)
			return rc;
		printf("%d\t%s\t%zu", decision.ignored,
			decision.file ? decision.file : "", decision.line);
		putchar('\0');
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 2;
	struct err err = { 0 };
	struct log log = { .out = stderr };
	CLEANUP(fd_close)
	int worktree = open(argv[1], O_RDONLY | O_DIRECTORY);
	CLEANUP(ignore_rules_freep) struct ignore_rules *rules = NULL;
	CLEANUP(buf_clear) struct buf paths;
	buf_init(&paths, (size_t)64 << 20);
	const struct ignore_rules_opts opts = {
		.worktree = worktree,
		.info_exclude = argv[2],
		.excludes_file = argv[3],
		.ignore_case = *argv[4] == '1',
		.log = &log,
	};
	int rc = file_read_fd(&paths, STDIN_FILENO, "stdin", &err);
	if (rc == 0)
		rc = ignore_rules_new(&rules, &opts, &err);
	if (rc == 0)
		rc = decide_all(rules, &paths, &err);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.msg);
	return rc < 0;
}
