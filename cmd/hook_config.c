#include "cmd/hook_config.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "report/text_escape.h"
#include "scanner/err_git.h"

#include <git2.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE ((size_t)16 << 20)

/** "hook.hygiene-<event>.<last>"; a name of its own for each event, because
 * git does not tell a command which event it is run for. */
struct key {
	char text[96];
};

static struct key key_of(const struct hook_event *event, const char *last)
{
	struct key key;
	snprintf(key.text, sizeof(key.text), "hook.hygiene-%s.%s", event->name,
		last);
	return key;
}

char *hook_config_global_path(void)
{
	const char *named = getenv("GIT_CONFIG_GLOBAL");
	const char *home = getenv("HOME");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	struct buf path;
	buf_init(&path, 0);
	if (named) {
		buf_add_text(&path, named);
		return buf_steal(&path);
	}
	if (!home || !*home)
		return NULL;
	buf_printf(&path, "%s/.gitconfig", home);
	if (access(path.bytes, F_OK) == 0)
		return buf_steal(&path);
	/* git-config(1) "FILES": the other one, if that alone is there */
	struct buf other;
	buf_init(&other, 0);
	if (xdg && *xdg)
		buf_printf(&other, "%s/git/config", xdg);
	else
		buf_printf(&other, "%s/.config/git/config", home);
	if (access(other.bytes, F_OK) == 0) {
		buf_clear(&path);
		return buf_steal(&other);
	}
	buf_clear(&other);
	return buf_steal(&path);
}

static void close_file(git_config *config)
{
	git_config_free(config);
	git_libgit2_shutdown();
}

/** Starts libgit2, which nothing else may have done yet. */
static int open_file(git_config **out, const char *file, struct err *err)
{
	if (git_libgit2_init() < 0)
		return err_git(err, "cannot start libgit2");
	if (git_config_open_ondisk(out, file) == 0)
		return 0;
	int rc = err_git(err, "%s", file);
	git_libgit2_shutdown();
	return rc;
}

int hook_config_set(const char *file, const struct hook_event *event,
	const char *program, struct err *err)
{
	CLEANUP(buf_clear) struct buf command;
	buf_init(&command, 0);
	text_add_shell(&command, program, true);
	buf_printf(&command, " hook run %s", event->name);
	git_config *config = NULL;
	int rc = open_file(&config, file, err);
	if (rc < 0)
		return rc;
	rc = git_config_set_string(
		config, key_of(event, "command").text, command.bytes);
	if (rc == 0)
		rc = git_config_set_string(
			config, key_of(event, "event").text, event->name);
	if (rc < 0)
		rc = err_git(err, "%s", file);
	close_file(config);
	return rc;
}

/** Appends `text` without our section for the event; true if it was there.
 * git config --remove-section does the same; libgit2 would leave its head. */
static bool drop_section(
	struct buf *out, const char *text, const struct hook_event *event)
{
	struct key head;
	snprintf(head.text, sizeof(head.text), "[hook \"hygiene-%s\"]",
		event->name);
	bool found = false;
	bool inside = false;
	while (*text) {
		size_t len = strcspn(text, "\n");
		len += text[len] == '\n';
		size_t blanks = strspn(text, " \t");
		if (text[blanks] == '[')
			inside = !strncasecmp(
				text + blanks, head.text, strlen(head.text));
		found = found || inside;
		if (!inside)
			buf_add(out, text, len);
		text += len;
	}
	return found;
}

/** What the file is without our section: 1, or 0 when it has none. */
static int read_without(struct buf *out, const char *file,
	const struct hook_event *event, struct err *err)
{
	CLEANUP(buf_clear) struct buf old;
	buf_init(&old, MAX_FILE);
	int rc = file_read(&old, file, 0, err);
	if (rc < 0 || !old.len)
		return rc;
	if (memchr(old.bytes, '\0', old.len))
		return err_set(err, ERR_UNSUPPORTED,
			"%s: holds a NUL, and is left as it is", file);
	return drop_section(out, old.bytes, event);
}

/** Writes the new content to the lock and makes it the file. */
static int write_locked(const char *lock, int fd, const char *file,
	const struct buf *text, struct err *err)
{
	struct stat st;
	if (stat(file, &st) < 0 ||
		write_fully(fd, text->bytes, text->len) < 0 ||
		fchmod(fd, st.st_mode & 07777) < 0 || fsync(fd) < 0 ||
		rename(lock, file) < 0)
		return err_errno(err, "%s: cannot be written", file);
	return 0;
}

/** Changes a configuration file as git does: "<file>.lock", then renamed. It
 * is read under the lock, so that no change in between is lost. */
static int drop_locked(
	const char *file, const struct hook_event *event, struct err *err)
{
	CLEANUP(buf_clear) struct buf lock;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&lock, 0);
	buf_init(&text, 0);
	buf_printf(&lock, "%s.lock", file);
	CLEANUP(fd_close)
	int fd =
		open(lock.bytes, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "%s: cannot be locked", file);
	int found = read_without(&text, file, event, err);
	int rc = found;
	if (found > 0)
		rc = write_locked(lock.bytes, fd, file, &text, err);
	if (rc < 0 || !found)
		unlink(lock.bytes);
	return rc < 0 ? rc : found;
}

int hook_config_unset(
	const char *file, const struct hook_event *event, struct err *err)
{
	/* a link to a file elsewhere, as of people's dotfiles, stays one */
	CLEANUP(freep) char *real = realpath(file, NULL);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (!real)
		return 0;
	/* without a lock at first: there may be nothing to do */
	int rc = read_without(&text, real, event, err);
	return rc <= 0 ? rc : drop_locked(real, event, err);
}

const struct config_entry *hook_config_find(
	const struct config *config, const struct hook_event *event)
{
	const struct config_entry *enabled =
		config_find(config, key_of(event, "enabled").text, false);
	if (enabled &&
		(!strcasecmp(enabled->value, "false") ||
			!strcasecmp(enabled->value, "no") ||
			!strcasecmp(enabled->value, "off") ||
			!strcmp(enabled->value, "0")))
		return NULL;
	const struct config_entry *named =
		config_find(config, key_of(event, "event").text, false);
	return named ? config_find(config, key_of(event, "command").text, false)
		     : NULL;
}
