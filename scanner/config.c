#include "scanner/config.h"

#include "base/array.h"
#include "base/buf.h"
#include "scanner/err_git.h"

#include <git2.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/** True for the keys that anything here asks for. Not left to libgit2: its
 * iterator by pattern leaks memory (1.5.1, with PCRE2). */
static bool is_wanted(const char *key)
{
	static const char *const starts[] = { "hygiene.", "hook.", "core.",
		"user.", "extensions.", "safe." };
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		if (!strncmp(key, starts[i], strlen(starts[i])))
			return true;
	return false;
}

const char *config_scope_name(int scope)
{
	static const char *const names[] = {
		[CONFIG_SYSTEM] = "system",
		[CONFIG_GLOBAL] = "global",
		[CONFIG_LOCAL] = "local",
		[CONFIG_WORKTREE] = "worktree",
		[CONFIG_COMMAND] = "command",
	};
	return names[scope];
}

bool config_is_protected(int scope)
{
	return scope != CONFIG_LOCAL && scope != CONFIG_WORKTREE;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	free(config->entries);
	arena_clear(&config->arena);
	free(config);
}

static void lower(char *text, const char *end)
{
	for (; text < end; text++)
		*text = (char)tolower((unsigned char)*text);
}

void config_add(struct config *config, const char *key, const char *value,
	int scope, const char *origin)
{
	char *name = arena_strdup(&config->arena, key);
	lower(name, name + strcspn(name, "."));
	char *last = strrchr(name, '.');
	if (last)
		lower(last, last + strlen(last));
	ARRAY_GROW(config->entries, config->count, config->capacity);
	config->entries[config->count++] = (struct config_entry){
		.key = name,
		.value = arena_strdup(&config->arena, value),
		.scope = scope,
		.origin = arena_strdup(&config->arena, origin),
	};
}

const struct config_entry *config_find(
	const struct config *config, const char *key, bool protected_only)
{
	for (size_t i = config->count; i-- > 0;) {
		const struct config_entry *entry = &config->entries[i];
		if (!strcmp(entry->key, key) &&
			(!protected_only || config_is_protected(entry->scope)))
			return entry;
	}
	return NULL;
}

/* Files */

static int add_entries(struct config *config, git_config *file, int scope,
	const char *origin, struct err *err)
{
	git_config_iterator *iterator;
	if (git_config_iterator_new(&iterator, file) < 0)
		return err_git(err, "%s", origin);
	git_config_entry *entry;
	int rc;
	while ((rc = git_config_next(&entry, iterator)) == 0)
		if (is_wanted(entry->name))
			config_add(config, entry->name,
				entry->value ? entry->value : "true", scope,
				origin);
	git_config_iterator_free(iterator);
	return rc == GIT_ITEROVER ? 0 : err_git(err, "%s", origin);
}

static int read_file(struct config *config, git_repository *git,
	const char *path, int scope, struct err *err)
{
	static const git_config_level_t levels[] = {
		[CONFIG_SYSTEM] = GIT_CONFIG_LEVEL_SYSTEM,
		[CONFIG_GLOBAL] = GIT_CONFIG_LEVEL_GLOBAL,
		[CONFIG_LOCAL] = GIT_CONFIG_LEVEL_LOCAL,
		[CONFIG_WORKTREE] = GIT_CONFIG_LEVEL_APP,
	};
	if (access(path, R_OK) < 0)
		return 0;
	const char *origin = arena_printf(&config->arena, "file:%s", path);
	git_config *file;
	if (git_config_new(&file) < 0)
		return err_git(err, "%s", path);
	int rc = git_config_add_file_ondisk(file, path, levels[scope], git, 1);
	rc = rc < 0 ? err_git(err, "%s", path)
		    : add_entries(config, file, scope, origin, err);
	git_config_free(file);
	return rc;
}

static int read_below(struct config *config, git_repository *git,
	const char *folder, const char *name, int scope, struct err *err)
{
	if (!folder || !*folder)
		return 0;
	return read_file(config, git,
		arena_printf(&config->arena, "%s%s", folder, name), scope, err);
}

static int read_system(
	struct config *config, git_repository *git, struct err *err)
{
	const char *none = getenv("GIT_CONFIG_NOSYSTEM");
	const char *path = getenv("GIT_CONFIG_SYSTEM");
	if (none && *none && strcmp(none, "0") != 0 &&
		strcasecmp(none, "false") != 0)
		return 0;
	return read_file(config, git, path ? path : "/etc/gitconfig",
		CONFIG_SYSTEM, err);
}

static int read_global(
	struct config *config, git_repository *git, struct err *err)
{
	const char *path = getenv("GIT_CONFIG_GLOBAL");
	if (path)
		return read_file(config, git, path, CONFIG_GLOBAL, err);
	const char *home = getenv("HOME");
	const char *xdg = getenv("XDG_CONFIG_HOME");
	bool has_xdg = xdg && *xdg;
	int rc = read_below(config, git, has_xdg ? xdg : home,
		has_xdg ? "/git/config" : "/.config/git/config", CONFIG_GLOBAL,
		err);
	return rc < 0 ? rc
		      : read_below(config, git, home, "/.gitconfig",
				CONFIG_GLOBAL, err);
}

static int read_repository(
	struct config *config, git_repository *git, struct err *err)
{
	int rc = read_below(config, git, git_repository_commondir(git),
		"config", CONFIG_LOCAL, err);
	const struct config_entry *split =
		config_find(config, "extensions.worktreeconfig", false);
	if (rc < 0 || !split || strcasecmp(split->value, "true") != 0)
		return rc;
	return read_below(config, git, git_repository_path(git),
		"config.worktree", CONFIG_WORKTREE, err);
}

int config_read(
	struct config **out, struct git_repository *git, struct err *err)
{
	CLEANUP(config_freep)
	struct config *config = xcalloc(1, sizeof(*config));
	int rc = read_system(config, git, err);
	if (rc == 0)
		rc = read_global(config, git, err);
	if (rc == 0 && git)
		rc = read_repository(config, git, err);
	if (rc == 0)
		rc = config_add_environment(config, err);
	if (rc == 0)
		*out = STEAL(config);
	return rc;
}

int config_read_outside(struct config **out, struct err *err)
{
	if (git_libgit2_init() < 0)
		return err_git(err, "cannot start libgit2");
	int rc = config_read(out, NULL, err);
	git_libgit2_shutdown();
	return rc;
}
