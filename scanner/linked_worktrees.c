#include "scanner/linked_worktrees.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"

#include <dirent.h>
#include <string.h>

char *linked_worktree_path(const char *git_dir)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf text;
	struct err ignored;
	buf_init(&path, 0);
	buf_init(&text, 65536);
	buf_printf(&path, "%s/gitdir", git_dir);
	if (file_read(&text, path.bytes, 0, &ignored) < 0 || !text.len ||
		memchr(text.bytes, '\0', text.len))
		return NULL;
	text.bytes[strcspn(text.bytes, "\n")] = '\0';
	char *slash = strrchr(text.bytes, '/');
	if (!slash || strcmp(slash, "/.git") != 0)
		return NULL;
	*slash = '\0';
	return xstrdup(text.bytes);
}

void linked_worktrees_each(const struct repo *repo,
	int (*sink)(const char *name, const char *git_dir, const char *path,
		void *ctx),
	void *ctx)
{
	CLEANUP(buf_clear) struct buf folder;
	buf_init(&folder, 0);
	buf_printf(&folder, "%sworktrees", repo_common_dir(repo));
	DIR *dir = opendir(folder.bytes);
	int rc = 0;
	for (struct dirent *entry; rc == 0 && dir && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		CLEANUP(buf_clear) struct buf git_dir;
		buf_init(&git_dir, 0);
		buf_printf(&git_dir, "%s/%s", folder.bytes, entry->d_name);
		CLEANUP(freep) char *path = linked_worktree_path(git_dir.bytes);
		rc = sink(entry->d_name, git_dir.bytes, path, ctx);
	}
	if (dir)
		closedir(dir);
}
