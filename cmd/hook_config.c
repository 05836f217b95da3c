#include "cmd/hook_config.h"

#include "base/buf.h"
#include "report/text_escape.h"
#include "scanner/err_git.h"

#include <git2.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

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
	git_config *config;
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

int hook_config_unset(
	const char *file, const struct hook_event *event, struct err *err)
{
	if (access(file, F_OK) < 0)
		return 0;
	git_config *config;
	int rc = open_file(&config, file, err);
	if (rc < 0)
		return rc;
	rc = git_config_delete_entry(config, key_of(event, "command").text);
	bool found = rc == 0;
	if (rc == GIT_ENOTFOUND)
		rc = 0;
	if (rc == 0)
		rc = git_config_delete_multivar(
			config, key_of(event, "event").text, ".*");
	if (rc == GIT_ENOTFOUND)
		rc = 0;
	rc = rc < 0 ? err_git(err, "%s", file) : found;
	close_file(config);
	return rc;
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
