#include "cmd/repo_file.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"

#include <stdlib.h>

void repo_file_clear(struct repo_file *file)
{
	for (size_t i = 0; i < file->exclude_count; i++)
		path_glob_free(file->exclude[i]);
	free(file->exclude);
	arena_clear(&file->arena);
	*file = (struct repo_file){ 0 };
}

/* Reads the text of a file called `name`. */
static int repo_file_parse(struct repo_file *out, const char *name,
	const char *text, size_t len, struct err *err)
{
	struct rule_file *rules = arena_alloc(&out->arena, sizeof(*rules));
	int rc = rule_file_parse_repo(rules, &out->arena, name, text, len, err);
	if (rc < 0)
		return rc;
	out->rules = rules;
	out->globs = rules->exclude;
	size_t count = 0;
	while (out->globs && out->globs[count])
		count++;
	out->exclude = xcalloc(count, sizeof(*out->exclude));
	for (; rc == 0 && out->exclude_count < count; out->exclude_count++)
		rc = path_glob_new(&out->exclude[out->exclude_count],
			out->globs[out->exclude_count], err);
	return rc;
}

int repo_file_load(struct repo_file *out, struct repo *repo, struct err *err)
{
	*out = (struct repo_file){ 0 };
	if (!repo_worktree(repo))
		return 0;
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&path, 0);
	buf_init(&text, YAML_MAX_BYTES);
	buf_printf(&path, "%s" REPO_FILE, repo_worktree(repo));
	int rc = file_read(&text, path.bytes, 0, err);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (rc == 0)
		rc = repo_file_parse(out, REPO_FILE,
			text.bytes ? text.bytes : "", text.len, err);
	if (rc < 0)
		repo_file_clear(out);
	return rc;
}
