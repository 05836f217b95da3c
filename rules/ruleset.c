#include "rules/ruleset.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/suggest.h"
#include "rules/rule_digest.h"
#include "rules/rule_index.h"
#include "rules/rule_merge.h"

#include <stdlib.h>
#include <string.h>

/* The rule that stands for directories known by name alone. */
#define SESSION_DIRECTORY_RULE "session-directory"

struct ruleset {
	struct arena arena;
	struct rule_merge merge;
	char digest[RULE_DIGEST_SIZE];
};

void ruleset_free(struct ruleset *ruleset)
{
	if (!ruleset)
		return;
	rule_merge_clear(&ruleset->merge);
	arena_clear(&ruleset->arena);
	free(ruleset);
}

static size_t count_texts(const char *const *texts)
{
	size_t count = 0;
	while (texts && texts[count])
		count++;
	return count;
}

/* The name as a glob for everything below such directories: at any depth, or
 * below the root where the name starts with a slash. NULL for a name that is
 * none. */
static const char *directory_glob(struct arena *arena, const char *name)
{
	bool anchored = name[0] == '/';
	while (!strncmp(name, "./", 2) || name[0] == '/')
		name += name[0] == '/' ? 1 : 2;
	size_t len = strlen(name);
	while (len && name[len - 1] == '/')
		len--;
	if (!len || (len == 1 && name[0] == '.') || !strncmp(name, "..", 2))
		return NULL;
	char *escaped = arena_alloc(arena, len * 2 + 1);
	size_t used = 0;
	for (size_t i = 0; i < len; i++) {
		if (strchr("*?[\\", name[i]))
			escaped[used++] = '\\';
		escaped[used++] = name[i];
	}
	return arena_printf(arena, anchored ? "/%s/**" : "**/%s/**", escaped);
}

static int add_session_dirs(
	struct ruleset *ruleset, const char *const *names, struct err *err)
{
	struct rule *rule =
		rule_merge_find(&ruleset->merge, SESSION_DIRECTORY_RULE);
	size_t count = count_texts(names);
	if (!rule || !count)
		return 0;
	size_t old_count = count_texts(rule->paths);
	const char **globs = arena_array(
		&ruleset->arena, old_count + count + 1, sizeof(*globs));
	for (size_t i = 0; i < old_count; i++)
		globs[i] = rule->paths[i];
	for (size_t i = 0; i < count; i++) {
		const char *glob = directory_glob(&ruleset->arena, names[i]);
		if (!glob)
			return err_set(err, ERR_USAGE,
				"'%s' is no name of a session directory",
				names[i]);
		globs[old_count + i] = glob;
	}
	rule->paths = globs;
	return 0;
}

static bool fits_any(const char *const *globs, const char *id)
{
	for (size_t i = 0; globs[i]; i++)
		if (rule_id_matches(globs[i], id))
			return true;
	return false;
}

static bool is_selected(const struct rule *rule, const void *ctx)
{
	const struct ruleset_opts *opts = ctx;
	if (opts->select && opts->select[0] &&
		!fits_any(opts->select, rule->id))
		return false;
	return !opts->disable || !fits_any(opts->disable, rule->id);
}

static int fail_unknown(const struct rule_merge *merge, const char *option,
	const char *word, struct err *err)
{
	const char *close = suggest(word, rule_merge_ids(merge));
	if (close)
		return err_set(err, ERR_USAGE,
			"%s '%s': no such rule; did you mean '%s'?", option,
			word, close);
	return err_set(err, ERR_USAGE, "%s '%s': no such rule", option, word);
}

/* A misspelt --disable would leave a rule on, a misspelt --select would let a
 * scan find nothing: both are told before anything is scanned. */
static int check_globs(const struct rule_merge *merge, const char *option,
	const char *const *globs, bool globs_must_fit, struct err *err)
{
	for (size_t i = 0; globs && globs[i]; i++) {
		if (!globs_must_fit && rule_id_is_glob(globs[i]))
			continue;
		size_t at = 0;
		while (at < merge->count &&
			!rule_id_matches(globs[i], merge->rules[at].id))
			at++;
		if (at == merge->count)
			return fail_unknown(merge, option, globs[i], err);
	}
	return 0;
}

static int choose(struct rule_merge *merge, const struct ruleset_opts *opts,
	struct err *err)
{
	int rc = check_globs(merge, "--select", opts->select, true, err);
	if (rc == 0)
		rc = check_globs(merge, "--disable", opts->disable, false, err);
	if (rc < 0)
		return rc;
	rule_merge_filter(merge, is_selected, opts);
	if (merge->count)
		return 0;
	return err_set(err, ERR_USAGE, "no rule is left to look for");
}

static int load(struct ruleset *ruleset, const struct ruleset_opts *opts,
	struct err *err)
{
	struct rule_merge *merge = &ruleset->merge;
	rule_merge_init(merge, &ruleset->arena);
	if (!opts->no_builtin)
		rule_merge_add_table(merge, builtin_rules, builtin_rule_count);
	int rc = 0;
	for (size_t i = 0; rc == 0 && opts->files && opts->files[i]; i++)
		rc = rule_merge_add_path(merge, opts->files[i], err);
	if (rc == 0 && opts->repo_rules)
		rc = rule_merge_add_file(merge, opts->repo_rules, err);
	if (rc == 0)
		rc = rule_merge_finish(merge, err);
	if (rc == 0)
		rc = add_session_dirs(ruleset, opts->session_dirs, err);
	return rc < 0 ? rc : choose(merge, opts, err);
}

int ruleset_new(
	struct ruleset **out, const struct ruleset_opts *opts, struct err *err)
{
	CLEANUP(ruleset_freep)
	struct ruleset *ruleset = xcalloc(1, sizeof(*ruleset));
	int rc = load(ruleset, opts, err);
	if (rc < 0)
		return rc;
	rule_digest(
		ruleset->digest, ruleset->merge.rules, ruleset->merge.count);
	*out = STEAL(ruleset);
	return 0;
}

size_t ruleset_count(const struct ruleset *ruleset)
{
	return ruleset->merge.count;
}

const struct rule *ruleset_get(const struct ruleset *ruleset, size_t index)
{
	return &ruleset->merge.rules[index];
}

const struct rule *ruleset_find(const struct ruleset *ruleset, const char *id)
{
	return rule_merge_find(&ruleset->merge, id);
}

const char *ruleset_digest(const struct ruleset *ruleset)
{
	return ruleset->digest;
}

int ruleset_index(
	struct rule_index **out, const struct ruleset *ruleset, struct err *err)
{
	size_t count = ruleset_count(ruleset);
	CLEANUP(freep)
	const struct rule **rules = xcalloc(count, sizeof(*rules));
	for (size_t i = 0; i < count; i++)
		rules[i] = ruleset_get(ruleset, i);
	return rule_index_new(out, rules, count, err);
}
