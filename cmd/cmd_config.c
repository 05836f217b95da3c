/* config: the settings that hold, and where each comes from. */
#include "base/alloc.h"
#include "base/suggest.h"
#include "cmd/cmd.h"
#include "cmd/repo_file.h"
#include "cmd/settings.h"
#include "report/text_escape.h"

#include <string.h>
#include <strings.h>

struct fields {
	bool show_origin, show_scope, no_repo_config;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_FLAG, 0, "show-origin", FIELD(show_origin),
		.help = "where each comes from: a file, the command line" },
	{ OPT_FLAG, 0, "show-scope", FIELD(show_scope),
		.help = "system, global, local, worktree, command" },
	{ OPT_FLAG, 0, "no-repo-config", FIELD(no_repo_config),
		.help = "as a scan with this option sees it" },
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "config [<options>] [<key>]",
	.description =
		"Prints the settings that hold here, one a line, with what "
		"holds where nothing is set. They are set with 'git config "
		"hygiene.<key> <value>', at any level, or for one run with -c. "
		"Behind them stands what .hygiene.yml adds and leaves out.",
	.opts = opts,
};

/** What is printed, and how. */
struct view {
	const struct cmd_env *env;
	struct repo *repo; /* NULL outside of a repository */
	const struct fields *fields;
};

static void put_line(const struct view *view, const char *scope,
	const char *origin, const char *key, const char *value)
{
	CLEANUP(buf_clear) struct buf line;
	buf_init(&line, 0);
	if (view->fields->show_scope)
		buf_printf(&line, "%s\t", scope);
	if (view->fields->show_origin) {
		text_add(&line, origin, true);
		buf_add_byte(&line, '\t');
	}
	buf_printf(&line, "%s=", key);
	text_add(&line, value, true);
	fprintf(view->env->out, "%s\n", line.bytes);
}

/** A key that may stand several times. */
static void put_list(const struct view *view, const struct setting *setting)
{
	CLEANUP(freep)
	const char **values = setting_all(view->env, view->repo, setting->key,
		view->fields->no_repo_config);
	struct config_entry entry;
	CLEANUP(buf_clear) struct buf key;
	buf_init(&key, 0);
	buf_printf(&key, "hygiene.%s", setting->key);
	if (!values[0] ||
		!setting_find(&entry, view->env, view->repo, setting->key,
			view->fields->no_repo_config)) {
		put_line(view, "default", "default", key.bytes,
			setting->standard);
		return;
	}
	for (size_t i = 0; values[i]; i++)
		put_line(view, config_scope_name(entry.scope), entry.origin,
			key.bytes, values[i]);
}

static void put_setting(const struct view *view, const struct setting *setting)
{
	struct config_entry entry;
	if (!strcmp(setting->key, "rules")) {
		put_list(view, setting);
		return;
	}
	bool set = setting_find(&entry, view->env, view->repo, setting->key,
		view->fields->no_repo_config);
	bool secret = !strcmp(setting->key, "fingerprintKey");
	CLEANUP(buf_clear) struct buf key;
	buf_init(&key, 0);
	buf_printf(&key, "hygiene.%s", setting->key);
	put_line(view, set ? config_scope_name(entry.scope) : "default",
		set ? entry.origin : "default", key.bytes,
		!set             ? setting->standard
			: secret ? "(set, not shown)"
				 : entry.value);
}

static int put_repo_file(const struct view *view, struct err *err)
{
	if (view->fields->no_repo_config || !view->repo)
		return 0;
	CLEANUP(repo_file_clear) struct repo_file file = { 0 };
	int rc = repo_file_load(&file, view->repo, err);
	if (rc < 0 || !file.rules)
		return rc;
	static const char origin[] = "file:" REPO_FILE;
	for (size_t i = 0; file.globs && file.globs[i]; i++)
		put_line(view, "tree", origin, "exclude", file.globs[i]);
	for (size_t i = 0; i < file.rules->rule_count; i++)
		put_line(view, "tree", origin, "rule", file.rules->rules[i].id);
	for (size_t i = 0; i < file.rules->change_count; i++)
		put_line(view, "tree", origin, "extend",
			file.rules->changes[i].id);
	return 0;
}

/** A misspelt key has no effect; nobody else says so. */
static void warn_unknown(const struct view *view)
{
	const struct config *config;
	struct err ignored;
	if (!view->repo || repo_config(&config, view->repo, &ignored) < 0)
		return;
	const char *known[32] = { NULL };
	for (size_t i = 0; settings[i].key && i + 1 < ARRAY_SIZE(known); i++)
		known[i] = settings[i].key;
	for (size_t i = 0; i < config->count; i++) {
		const struct config_entry *entry = &config->entries[i];
		if (strncmp(entry->key, "hygiene.", 8) != 0)
			continue;
		const char *key = entry->key + 8;
		size_t k = 0;
		while (known[k] && strcasecmp(known[k], key) != 0)
			k++;
		if (known[k])
			continue;
		const char *near = suggest(key, known);
		log_warn(&view->env->log,
			"hygiene.%s (%s) is not a setting%s%s%s", key,
			entry->origin, near ? "; did you mean hygiene." : "",
			near ? near : "", near ? "?" : "");
	}
}

static int put_one(const struct view *view, const char *key, struct err *err)
{
	const char *known[32] = { NULL };
	if (!strncasecmp(key, "hygiene.", 8))
		key += 8;
	for (size_t i = 0; settings[i].key && i + 1 < ARRAY_SIZE(known); i++) {
		known[i] = settings[i].key;
		if (!strcasecmp(known[i], key)) {
			put_setting(view, &settings[i]);
			return EXIT_CLEAN;
		}
	}
	const char *near = suggest(key, known);
	return err_set(err, ERR_USAGE, "there is no setting '%s'%s%s%s", key,
		near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
}

static int show(const struct view *view, struct err *err)
{
	for (size_t i = 0; settings[i].key; i++)
		put_setting(view, &settings[i]);
	warn_unknown(view);
	int rc = put_repo_file(view, err);
	return rc < 0 ? rc : EXIT_CLEAN;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (words > 1)
		return err_set(err, ERR_USAGE, "config takes one key at most");
	const struct repo_opts repo_opts = { .git_dir = env->git_dir };
	CLEANUP(repo_freep) struct repo *repo = NULL;
	int rc = repo_open(&repo, &repo_opts, err);
	if (rc < 0)
		return rc;
	const struct view view = { env, repo, &fields };
	return words ? put_one(&view, argv[0], err) : show(&view, err);
}

static const struct cmd_example examples[] = {
	{ "config --show-origin", "all settings, and where each comes from" },
	{ 0 },
};

const struct cmd cmd_config = {
	.name = "config",
	.summary = "show the settings that hold, and their origin",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
