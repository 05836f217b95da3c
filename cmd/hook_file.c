#include "cmd/hook_file.h"

#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "report/text_escape.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK       "# git-hygiene hook " /* the second line, with a version */
#define VERSION    "1"
#define EARLIER    ".before-hygiene"
#define LEGACY     ".legacy" /* of the pre-commit framework */
#define HEAD_BYTES 256

/** "<event><suffix>". */
struct name {
	char text[64];
};

static struct name name_of(const char *event, const char *suffix)
{
	struct name name;
	snprintf(name.text, sizeof(name.text), "%s%s", event, suffix);
	return name;
}

int hook_folder_open(int *out, const char *path, bool create, struct err *err)
{
	if (create && mkdir(path, 0777) < 0 && errno != EEXIST)
		return err_errno(err, "%s", path);
	CLEANUP(buf_clear) struct buf bare;
	buf_init(&bare, 0);
	buf_add_text(&bare, path);
	/* a slash at the end would have a symlink followed */
	while (bare.len > 1 && bare.bytes[bare.len - 1] == '/')
		bare.bytes[--bare.len] = '\0';
	*out = open(
		bare.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*out >= 0)
		return 0;
	if (errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "%s: no such folder", path);
	if (errno == ENOTDIR || errno == ELOOP)
		return err_set(err, ERR_UNSUPPORTED,
			"%s: is a symbolic link or no folder; hooks that are "
			"shared are left alone",
			path);
	return err_errno(err, "%s", path);
}

/** True when the file carries our mark. */
static bool is_ours(int folder, const char *name)
{
	char head[HEAD_BYTES];
	CLEANUP(fd_close)
	int fd = openat(
		folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof(head) - 1);
	if (got <= 0)
		return false;
	head[got] = '\0';
	const char *line = strchr(head, '\n');
	return line && !strncmp(line + 1, MARK, strlen(MARK));
}

static bool exists(int folder, const char *name, struct stat *st)
{
	return fstatat(folder, name, st, AT_SYMLINK_NOFOLLOW) == 0;
}

/** True for two names of one file: an install that did not end leaves them. */
static bool are_one(int folder, const char *a, const char *b)
{
	struct stat first;
	struct stat second;
	return exists(folder, a, &first) && exists(folder, b, &second) &&
		first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

int hook_file_state(int folder, const char *event)
{
	struct stat st;
	if (is_ours(folder, event))
		return faccessat(folder, event, X_OK, 0) == 0
			? HOOK_OURS
			: HOOK_OURS_CANNOT;
	if (is_ours(folder, name_of(event, LEGACY).text))
		return HOOK_OURS_IS_LEGACY;
	return exists(folder, event, &st) ? HOOK_OTHERS : HOOK_ABSENT;
}

bool hook_file_has_earlier(int folder, const char *event)
{
	struct stat st;
	return exists(folder, name_of(event, EARLIER).text, &st);
}

/* Appends the script for the event. `program` is an absolute path, used where
 * PATH has no git-hygiene. */
static void hook_file_text(
	struct buf *out, const struct hook_event *event, const char *program)
{
	buf_printf(out,
		"#!/bin/sh\n" MARK VERSION " (%s)\n"
		"# Made by 'git hygiene hook install'. 'git hygiene hook "
		"uninstall' takes it out\n"
		"# and puts back the hook that was here before, which runs "
		"first.\n"
		"before=$(dirname -- \"$0\")/%s" EARLIER "\n"
		"program=git-hygiene\n"
		"command -v $program >/dev/null 2>&1 || program=",
		event->name, event->name);
	text_add_shell(out, program, true);
	buf_printf(out,
		"\ncommand -v \"$program\" >/dev/null 2>&1 || {\n"
		"\techo \"git-hygiene is gone, so nothing can be checked; its "
		"hook is $0\" >&2\n"
		"\texit 1\n"
		"}\n");
	if (event->reads_stdin)
		buf_printf(out,
			"refs=$(cat && echo .) || exit\n"
			"refs=${refs%%.}\n"
			"if [ -x \"$before\" ]; then\n"
			"\tprintf %%s \"$refs\" | \"$before\" \"$@\" || exit\n"
			"fi\n"
			"printf %%s \"$refs\" | \"$program\" hook run %s "
			"\"$@\"\n",
			event->name);
	else
		buf_printf(out,
			"if [ -x \"$before\" ]; then\n"
			"\t\"$before\" \"$@\" || exit\n"
			"fi\n"
			"exec \"$program\" hook run %s \"$@\"\n",
			event->name);
}

/** What a file that everybody may run gets here: 0777 without the umask. */
static mode_t new_mode(void)
{
	mode_t mask = umask(0);
	umask(mask);
	return 0777 & ~mask;
}

/** Keeps somebody else's hook under its second name; the first stays until it
 * is replaced, where the file system allows that. */
static int keep_earlier(
	int folder, const char *event, const struct stat *st, struct err *err)
{
	struct name earlier = name_of(event, EARLIER);
	struct stat there;
	if (are_one(folder, event, earlier.text))
		return 0;
	if (exists(folder, earlier.text, &there))
		return err_set(err, ERR_IO,
			"%s is another's hook, and %s is kept already; take "
			"one of them away first",
			event, earlier.text);
	if (S_ISREG(st->st_mode) &&
		linkat(folder, event, folder, earlier.text, 0) == 0)
		return 0;
	if (renameat(folder, event, folder, earlier.text) < 0)
		return err_errno(err, "%s cannot be kept", event);
	return 0;
}

static int write_ours(int folder, const struct hook_event *event,
	const char *program, struct err *err)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	hook_file_text(&text, event, program);
	struct stat st;
	bool there = exists(folder, event->name, &st);
	int rc = file_replace(folder, event->name, text.bytes, text.len,
		there ? &st : NULL, event->name, err);
	if (rc == 0 && fchmodat(folder, event->name, new_mode(), 0) < 0)
		rc = err_errno(err, "%s", event->name);
	return rc;
}

/** Puts the earlier hook back to `name`; that of ours is gone then. */
static int put_back(
	int folder, const char *event, const char *name, struct err *err)
{
	struct name earlier = name_of(event, EARLIER);
	/* of two names of one file, rename(2) leaves both */
	int failed = are_one(folder, earlier.text, name)
		? unlinkat(folder, earlier.text, 0)
		: renameat(folder, earlier.text, folder, name);
	if (failed < 0)
		return err_errno(err, "%s cannot be put back", event);
	return HOOK_RESTORED;
}

int hook_file_install(int folder, const struct hook_event *event,
	const char *program, struct err *err)
{
	struct stat st;
	int state = hook_file_state(folder, event->name);
	if (state == HOOK_OURS_IS_LEGACY)
		return HOOK_UNCHANGED;
	bool chain = state == HOOK_OTHERS;
	if (chain && !exists(folder, event->name, &st))
		return err_errno(err, "%s", event->name);
	int rc = chain ? keep_earlier(folder, event->name, &st, err) : 0;
	if (rc < 0)
		return rc;
	rc = write_ours(folder, event, program, err);
	if (rc < 0 && chain) {
		struct err ignored;
		(void)!put_back(folder, event->name, event->name, &ignored);
	}
	if (rc < 0)
		return rc;
	if (chain)
		return HOOK_CHAINED;
	return state == HOOK_ABSENT ? HOOK_WRITTEN : HOOK_UNCHANGED;
}

int hook_file_uninstall(
	int folder, const struct hook_event *event, struct err *err)
{
	int state = hook_file_state(folder, event->name);
	if (state == HOOK_OTHERS)
		return are_one(folder, event->name,
			       name_of(event->name, EARLIER).text)
			? put_back(folder, event->name, event->name, err)
			: HOOK_UNCHANGED;
	bool earlier = hook_file_has_earlier(folder, event->name);
	if (state == HOOK_ABSENT)
		return earlier ? put_back(folder, event->name, event->name, err)
			       : HOOK_UNCHANGED;
	struct name name = name_of(
		event->name, state == HOOK_OURS_IS_LEGACY ? LEGACY : "");
	if (earlier)
		return put_back(folder, event->name, name.text, err);
	if (unlinkat(folder, name.text, 0) < 0)
		return err_errno(err, "%s", name.text);
	return HOOK_REMOVED;
}
