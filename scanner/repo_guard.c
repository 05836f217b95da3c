#include "scanner/repo_guard.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"
#include "scanner/config.h"
#include "scanner/oid.h"
#include "scanner/repo_owner.h"

#include <git2.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_HEAD ((size_t)4 << 10)

/** Takes over what libgit2 returned; caller frees. NULL: no repository, which
 * opening it will say. */
static char *discover(const char *where)
{
	git_buf found = { 0 };
	char *git_dir = NULL;
	if (git_repository_discover(
		    &found, where, 0, getenv("GIT_CEILING_DIRECTORIES")) == 0)
		git_dir = xstrdup(found.ptr);
	git_buf_dispose(&found);
	return git_dir;
}

/** Refuses what is there and neither a regular file nor a folder. */
static int check_file(const char *git_dir, const char *name, struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	struct stat st;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s", git_dir, name);
	if (stat(path.bytes, &st) < 0 || S_ISREG(st.st_mode) ||
		S_ISDIR(st.st_mode))
		return 0;
	return err_set(
		err, ERR_UNSUPPORTED, "%s: not a regular file", path.bytes);
}

/** The same for the branch that HEAD names. */
static int check_branch(const char *git_dir, struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf head;
	struct err unread;
	buf_init(&path, 0);
	buf_init(&head, MAX_HEAD);
	buf_printf(&path, "%sHEAD", git_dir);
	if (file_read(&head, path.bytes, 0, &unread) < 0 || !head.len ||
		strncmp(head.bytes, "ref: ", 5) != 0)
		return 0;
	head.bytes[strcspn(head.bytes, "\n")] = '\0';
	return check_file(git_dir, head.bytes + 5, err);
}

static int check_files(const char *git_dir, struct err *err)
{
	static const char *const names[] = { "config", "config.worktree",
		"HEAD", "commondir", "gitdir", "packed-refs", "shallow",
		"index", "info/exclude", "info/attributes",
		"objects/info/alternates" };
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(names); i++)
		rc = check_file(git_dir, names[i], err);
	return rc == 0 ? check_branch(git_dir, err) : rc;
}

int repo_guard_place(const char *where, bool named, struct err *err)
{
	CLEANUP(freep) char *git_dir = discover(where);
	if (!git_dir)
		return 0;
	int rc = repo_owner_check(git_dir, where, named, err);
	return rc < 0 ? rc : check_files(git_dir, err);
}

/** True for what git takes for a HEAD: a symlink to a ref, "ref:" and a ref, or
 * an id; what is behind an id does not matter. */
static bool is_head(const char *path)
{
	char text[256];
	static const char refs[] = "refs/";
	ssize_t len = readlink(path, text, sizeof(text) - 1);
	if (len > 0)
		return !strncmp(text, refs, strlen(refs));
	CLEANUP(buf_clear) struct buf head;
	struct err unread;
	struct oid oid;
	buf_init(&head, MAX_HEAD);
	if (file_read(&head, path, 0, &unread) < 0 || !head.len)
		return false;
	if (!strncmp(head.bytes, "ref:", 4)) {
		const char *name = head.bytes + 4;
		name += strspn(name, " \t\n\r");
		return !strncmp(name, refs, strlen(refs));
	}
	if (head.len < OID_HEX_SIZE)
		return false;
	for (size_t i = 0; i < OID_HEX_SIZE; i++)
		head.bytes[i] = (char)tolower((unsigned char)head.bytes[i]);
	head.bytes[OID_HEX_SIZE] = '\0';
	return oid_from_hex(&oid, head.bytes);
}

int repo_guard_head(const char *git_dir, struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	struct stat st;
	buf_init(&path, 0);
	buf_printf(&path, "%sHEAD", git_dir);
	if (is_head(path.bytes))
		return 0;
	return err_set(err, ERR_NOT_FOUND,
		"'%s' is not a git repository: its HEAD %s", git_dir,
		lstat(path.bytes, &st) < 0
			? "is missing"
			: "names neither a branch nor a commit");
}

int repo_guard_bare(struct git_repository *git, struct err *err)
{
	if (!git_repository_is_bare(git))
		return 0;
	CLEANUP(config_freep) struct config *config = NULL;
	int rc = config_read(&config, NULL, err);
	if (rc < 0)
		return rc;
	const struct config_entry *entry =
		config_find(config, "safe.barerepository", true);
	if (!entry || strcmp(entry->value, "explicit") != 0)
		return 0;
	return err_set(err, ERR_GIT,
		"'%s' is a bare repository, and safe.bareRepository asks for "
		"such ones to be named: git-hygiene --git-dir=<dir> …",
		git_repository_path(git));
}
