#include "scanner/repo_owner.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "scanner/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Settings */

/** `value` with the user's folder for "~", links resolved; NULL when it is not
 * absolute or leads nowhere. Caller frees. */
static char *resolve(const char *value)
{
	const char *home = getenv("HOME");
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	if (home && value[0] == '~' && (value[1] == '/' || !value[1]))
		buf_add_text(&path, home);
	buf_add_text(&path, path.len ? value + 1 : value);
	return *path.bytes == '/' ? realpath(path.bytes, NULL) : NULL;
}

/** Whether `folder` lies below the one that stands before the star in
 * "<path>/\*", since git 2.46. */
static bool lies_below(const char *folder, const char *value)
{
	CLEANUP(freep) char *above = xstrdup(value);
	above[strlen(above) - 1] = '\0';
	CLEANUP(freep) char *real = resolve(above);
	if (!real)
		return false;
	size_t len = real[1] ? strlen(real) : 0; /* "/" has its slash */
	return !strncmp(folder, real, len) && folder[len] == '/';
}

static bool is_value_for(const char *folder, const char *value)
{
	size_t len = strlen(value);
	if (!strcmp(value, "*"))
		return true;
	if (len >= 2 && !strcmp(value + len - 2, "/*"))
		return lies_below(folder, value);
	CLEANUP(freep) char *real = resolve(value);
	return real && !strcmp(real, folder);
}

bool safe_directory_allows(const struct config *config, const char *folder)
{
	bool allowed = false;
	for (size_t i = 0; i < config->count; i++) {
		const struct config_entry *entry = &config->entries[i];
		if (strcmp(entry->key, "safe.directory") != 0 ||
			!config_is_protected(entry->scope))
			continue;
		/* an empty value, or none at all (struct config_entry), makes
		 * void what stands before it */
		bool reset = !*entry->value || !strcmp(entry->value, "true");
		allowed = !reset &&
			(allowed || is_value_for(folder, entry->value));
	}
	return allowed;
}

/* Owners */

/** As git has it: root may read what belongs to root or to the user who called
 * sudo. */
static bool is_own(const char *path)
{
	struct stat st;
	if (lstat(path, &st) < 0)
		return false;
	uid_t user = geteuid();
	const char *sudo = getenv("SUDO_UID");
	if (user || !st.st_uid || !sudo || !*sudo)
		return st.st_uid == user;
	char *end;
	unsigned long caller = strtoul(sudo, &end, 10);
	return !*end && caller == st.st_uid;
}

/** The path behind "gitdir: " in a file `.git` of the folder; NULL if it holds
 * none. Caller frees. */
static char *read_link_file(const char *folder, const char *file)
{
	static const char start[] = "gitdir: ";
	CLEANUP(buf_clear) struct buf text;
	CLEANUP(buf_clear) struct buf path;
	struct err unread;
	buf_init(&text, PATH_MAX);
	buf_init(&path, 0);
	if (file_read(&text, file, FILE_FOLLOW, &unread) < 0 || !text.len ||
		strncmp(text.bytes, start, strlen(start)) != 0)
		return NULL;
	const char *target = text.bytes + strlen(start);
	if (*target != '/')
		buf_printf(&path, "%s/", folder);
	buf_add(&path, target, strcspn(target, "\r\n"));
	return realpath(path.bytes, NULL);
}

/** Whether the `.git` of the folder, at `path`, is or names `git_dir`. */
static bool leads_to(const char *folder, const char *path, const char *git_dir)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return false;
	CLEANUP(freep)
	char *real = S_ISREG(st.st_mode) ? read_link_file(folder, path)
					 : realpath(path, NULL);
	return real && !strcmp(real, git_dir);
}

/** Cuts `folder` down to the one whose `.git` is or names `git_dir`, and sets
 * `link` to the path of that; false when there is none on the way up, as in
 * a bare repository. */
static bool find_holder(char *folder, struct buf *link, const char *git_dir)
{
	for (;;) {
		buf_reset(link);
		buf_printf(link, "%s/.git", folder[1] ? folder : "");
		if (!strcmp(folder, git_dir))
			return false;
		if (leads_to(folder, link->bytes, git_dir))
			return true;
		char *slash = strrchr(folder, '/');
		if (!folder[1])
			return false;
		slash[slash == folder] = '\0';
	}
}

static int refuse(const char *folder, struct err *err)
{
	CLEANUP(buf_clear) struct buf word;
	buf_init(&word, 0);
	for (const char *at = folder; *at; at++)
		if (*at == '\'')
			buf_add_text(&word, "'\\''");
		else
			buf_add_byte(&word, (unsigned char)*at);
	return err_set(err, ERR_GIT,
		"the repository is owned by somebody else; if you trust it: "
		"git config --global --add safe.directory '%s'",
		word.bytes);
}

/** The folder that `git_dir` is the .git of, by its name; else itself. Caller
 * frees. */
static char *holder_by_name(const char *git_dir)
{
	static const char name[] = "/.git";
	char *folder = xstrdup(git_dir);
	size_t len = strlen(folder);
	if (len > strlen(name) && !strcmp(folder + len - strlen(name), name))
		folder[len - strlen(name)] = '\0';
	return folder;
}

int repo_owner_check(
	const char *git_dir, const char *where, bool named, struct err *err)
{
	CLEANUP(freep) char *real = realpath(git_dir, NULL);
	CLEANUP(freep) char *folder = realpath(where, NULL);
	if (!real || !folder)
		return err_errno(err, "cannot open '%s'", where);
	CLEANUP(buf_clear) struct buf link;
	buf_init(&link, 0);
	bool held = find_holder(folder, &link, real);
	if (is_own(real) && (!held || (is_own(folder) && is_own(link.bytes))))
		return 0;
	CLEANUP(freep)
	char *name = held ? xstrdup(folder)
		: named   ? holder_by_name(real)
			  : xstrdup(real);
	CLEANUP(config_freep) struct config *config = NULL;
	int rc = config_read(&config, NULL, err);
	if (rc < 0)
		return rc;
	if (safe_directory_allows(config, name) ||
		(named && safe_directory_allows(config, real)))
		return 0;
	return refuse(name, err);
}
