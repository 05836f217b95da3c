#include "scanner/plain_repo.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_CONFIG ((size_t)1 << 20)
#define MAX_REF    ((size_t)4 << 10)
#define MAX_PACKED ((size_t)64 << 20)

void repo_place_clear(struct repo_place *place)
{
	free(place->git_dir);
	free(place->common_dir);
	free(place->worktree);
	*place = (struct repo_place){ 0 };
}

/** Reads folder + name, a regular file; NULL if it cannot. Caller frees. */
static char *read_below(
	const char *folder, const char *name, size_t limit, unsigned flags)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf text;
	struct err unread;
	buf_init(&path, 0);
	buf_init(&text, limit);
	buf_printf(&path, "%s%s", folder, name);
	if (file_read(&text, path.bytes, flags, &unread) < 0 ||
		(text.len && memchr(text.bytes, 0, text.len)))
		return NULL;
	return buf_steal(&text);
}

static bool lstat_below(struct stat *out, const char *folder, const char *name)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s", folder, name);
	return lstat(path.bytes, out) == 0;
}

static bool is_folder_below(const char *folder, const char *name)
{
	struct stat st;
	return lstat_below(&st, folder, name) && S_ISDIR(st.st_mode);
}

static bool lies_below(const char *folder, const char *name)
{
	struct stat st;
	return lstat_below(&st, folder, name);
}

/* Variables that move a part of the repository, its configuration or the
 * search for it: gitrepository-layout(5), git(1). */
static bool environment_is_plain(void)
{
	static const char *const names[] = {
		"GIT_DIR",
		"GIT_WORK_TREE",
		"GIT_COMMON_DIR",
		"GIT_NAMESPACE",
		"GIT_CEILING_DIRECTORIES",
		"GIT_DISCOVERY_ACROSS_FILESYSTEM",
		"GIT_REFERENCE_BACKEND",
		"GIT_CONFIG",
		"GIT_CONFIG_GLOBAL",
		"GIT_CONFIG_SYSTEM",
		"GIT_CONFIG_NOSYSTEM",
	};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (getenv(names[i]))
			return false;
	return true;
}

/** True when `key` stands in the text once, in this line as git init writes
 * it. */
static bool says_only(const char *text, const char *key, const char *line)
{
	const char *at = strcasestr(text, key);
	const char *written = strstr(text, line);
	return at && written && at == written + strspn(line, "\n\t") &&
		!strcasestr(at + 1, key);
}

/** The repository's own configuration must say format 0, and neither have
 * extensions nor move the worktree. A word of these anywhere is enough to
 * leave it to libgit2. */
static bool configuration_is_plain(const char *git_dir)
{
	CLEANUP(freep)
	char *text = read_below(git_dir, "config", MAX_CONFIG, 0);
	return text &&
		says_only(text, "repositoryformatversion",
			"\n\trepositoryformatversion = 0\n") &&
		says_only(text, "bare", "\n\tbare = false\n") &&
		!strcasestr(text, "worktree") &&
		!strcasestr(text, "extensions") && !strcasestr(text, "include");
}

/** As libgit2 has it: the worktree and the .git folder must belong to the
 * user. */
static bool is_owned(const char *folder)
{
	struct stat st;
	return stat(folder, &st) == 0 && st.st_uid == geteuid();
}

/** True when `git_dir` is a folder as git init makes one. */
static bool is_plain(const char *git_dir)
{
	return is_folder_below(git_dir, "objects") &&
		is_folder_below(git_dir, "refs") &&
		!lies_below(git_dir, "commondir") &&
		configuration_is_plain(git_dir);
}

/** Cuts the last component off "/a/b/"; false at the root. */
static bool go_up(char *folder)
{
	size_t len = strlen(folder);
	if (len < 2)
		return false;
	folder[len - 1] = '\0';
	*(strrchr(folder, '/') + 1) = '\0';
	return true;
}

/** Goes up to the first folder with something named `.git`, on the same file
 * system. False when that, or a folder on the way, may be a repository of
 * another kind. */
static bool find_top(char *folder)
{
	struct stat first;
	struct stat st;
	if (stat(folder, &first) < 0)
		return false;
	do {
		if (stat(folder, &st) < 0 || st.st_dev != first.st_dev)
			return false;
		if (lies_below(folder, ".git"))
			return true;
		if (lies_below(folder, "HEAD"))
			return false;
	} while (go_up(folder));
	return false;
}

bool plain_repo_find(struct repo_place *out, const char *start)
{
	*out = (struct repo_place){ 0 };
	CLEANUP(freep) char *real = realpath(start ? start : ".", NULL);
	if (!real || !environment_is_plain())
		return false;
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s", real, real[1] ? "/" : "");
	CLEANUP(freep) char *top = buf_steal(&path);
	if (!find_top(top) || !is_folder_below(top, ".git"))
		return false;
	buf_printf(&path, "%s.git/", top);
	CLEANUP(freep) char *git_dir = buf_steal(&path);
	if (!is_owned(top) || !is_owned(git_dir) || !is_plain(git_dir))
		return false;
	out->common_dir = xstrdup(git_dir);
	out->git_dir = STEAL(git_dir);
	out->worktree = STEAL(top);
	return true;
}

/** Names git would not let into a ref, and with them ways out of the folder. */
static bool is_plain_ref(const char *name)
{
	return !strncmp(name, "refs/", 5) && !strstr(name, "..") &&
		!strpbrk(name, " \t\r\n\\~^:?*[");
}

/** Finds the line "<id> <name>" in the packed refs. */
static bool find_packed(struct oid *out, const char *packed, const char *name)
{
	CLEANUP(buf_clear) struct buf end;
	buf_init(&end, 0);
	buf_printf(&end, " %s\n", name);
	const char *at = strstr(packed, end.bytes);
	if (!at || at - packed <= OID_HEX_SIZE)
		return false;
	at -= OID_HEX_SIZE;
	return at[-1] == '\n' && oid_from_hex(out, at);
}

/** True for an id and the newline behind it. */
static bool read_id(struct oid *out, const char *text)
{
	return strlen(text) == OID_HEX_SIZE + 1 && text[OID_HEX_SIZE] == '\n' &&
		oid_from_hex(out, text);
}

bool plain_repo_head(struct oid *out, const struct repo_place *place)
{
	CLEANUP(freep)
	char *head = read_below(place->git_dir, "HEAD", MAX_REF, 0);
	if (!head)
		return false;
	if (read_id(out, head))
		return true; /* detached */
	size_t len = strlen(head);
	if (strncmp(head, "ref: ", 5) != 0 || head[len - 1] != '\n')
		return false;
	head[len - 1] = '\0';
	const char *name = head + 5;
	if (!is_plain_ref(name))
		return false;
	CLEANUP(freep)
	char *loose = read_below(place->common_dir, name, MAX_REF, 0);
	if (loose)
		return read_id(out, loose);
	if (lies_below(place->common_dir, name))
		return false;
	CLEANUP(freep)
	char *packed =
		read_below(place->common_dir, "packed-refs", MAX_PACKED, 0);
	return packed && find_packed(out, packed, name);
}

/** True when the file names the section, includes another file, or is there
 * and cannot be read. */
static bool may_configure(
	const char *folder, const char *name, const char *section)
{
	if (!lies_below(folder, name))
		return false;
	CLEANUP(freep)
	char *text = read_below(folder, name, MAX_CONFIG, FILE_FOLLOW);
	return !text || strcasestr(text, "include") ||
		strcasestr(text, section);
}

bool plain_repo_may_configure(
	const struct repo_place *place, const char *section)
{
	/* the folders that builds of libgit2 use for the system's */
	static const char *const system[] = { "/etc/", "/usr/local/etc/",
		"/opt/homebrew/etc/" };
	for (size_t i = 0; i < ARRAY_SIZE(system); i++)
		if (may_configure(system[i], "gitconfig", section))
			return true;
	const char *home = getenv("HOME");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	return (home &&
		       (may_configure(home, "/.gitconfig", section) ||
			       may_configure(home, "/.config/git/config",
				       section))) ||
		(xdg && may_configure(xdg, "/git/config", section)) ||
		may_configure(place->common_dir, "config", section);
}
