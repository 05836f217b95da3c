/* rules: list, show and check the rules that a scan uses. */
#include "cmd/cmd.h"

#include "base/arena.h"
#include "base/suggest.h"
#include "cmd/rule_print.h"
#include "rules/rule_check.h"
#include "rules/rule_review.h"

#include <stddef.h>
#include <string.h>

struct fields {
	bool builtin_rules;
	bool strict;
	struct opt_list rules;
	struct opt_list select;
	struct opt_list disable;
};

static const struct opt opts[] = {
	{ OPT_LIST, 0, "rules", offsetof(struct fields, rules), 0, "<path>",
		"also load a rule file, or the *.yml of a folder" },
	{ OPT_FLAG, 0, "builtin-rules", offsetof(struct fields, builtin_rules),
		0, NULL, "use the rules that the program brings (default)" },
	{ OPT_LIST, 0, "select", offsetof(struct fields, select), 0, "<glob>",
		"only rules whose id fits" },
	{ OPT_LIST, 0, "disable", offsetof(struct fields, disable), 0, "<glob>",
		"no rules whose id fits" },
	{ OPT_FLAG, 0, "strict", offsetof(struct fields, strict), 0, NULL,
		"check: exit with 1 also when there is advice" },
	{ 0 },
};

static const char *const first_words[] = { "list", "show <rule>",
	"check <file>", NULL };

static const struct opt_spec spec = {
	.usage = "rules [<options>] (list | show <id>... | check [<file>...])",
	.description =
		"Lists the rules, shows all that is known of one, or checks "
		"rule files: check loads them, names a mistake by file, line "
		"and column, and runs every example of every rule. Without a "
		"file it checks the built-in rules; files that are themselves "
		"built-in ones need --no-builtin-rules. It exits with 1 when "
		"an example fails, and with 128 when a file has a mistake.\n\n"
		"Behind the failures it gives advice: on rules with few "
		"examples or no references, on examples that match also with "
		"a byte of the secret changed, missing or added, and on "
		"patterns that take many steps to give up.",
	.opts = opts,
	.words = first_words,
};

static int load(
	struct ruleset **out, const struct fields *fields, struct err *err)
{
	const struct ruleset_opts ruleset_opts = {
		.no_builtin = !fields->builtin_rules,
		.files = fields->rules.items,
		.select = fields->select.items,
		.disable = fields->disable.items,
	};
	return ruleset_new(out, &ruleset_opts, err);
}

static int run_list(const struct cmd_env *env, const struct fields *fields,
	int count, struct err *err)
{
	if (count)
		return err_set(err, ERR_USAGE, "list takes no arguments");
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	int rc = load(&ruleset, fields, err);
	if (rc < 0)
		return rc;
	rule_print_list(env->out, ruleset);
	return EXIT_CLEAN;
}

static int fail_unknown_id(
	const struct ruleset *ruleset, const char *id, struct err *err)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	size_t count = ruleset_count(ruleset);
	const char **ids = arena_array(&arena, count + 1, sizeof(*ids));
	for (size_t i = 0; i < count; i++)
		ids[i] = ruleset_get(ruleset, i)->id;
	const char *close = suggest(id, ids);
	if (close)
		return err_set(err, ERR_NOT_FOUND,
			"no rule '%s'; did you mean '%s'?", id, close);
	return err_set(err, ERR_NOT_FOUND, "no rule '%s'", id);
}

static int run_show(const struct cmd_env *env, const struct fields *fields,
	int count, char **ids, struct err *err)
{
	if (!count)
		return err_set(err, ERR_USAGE, "show needs the id of a rule");
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	int rc = load(&ruleset, fields, err);
	if (rc < 0)
		return rc;
	for (int i = 0; i < count; i++) {
		const struct rule *rule = ruleset_find(ruleset, ids[i]);
		if (!rule)
			return fail_unknown_id(ruleset, ids[i], err);
		if (i)
			fputc('\n', env->out);
		rule_print(env->out, rule);
	}
	return EXIT_CLEAN;
}

/* What the sink of failures needs. */
struct check {
	FILE *out;
	size_t failure_count;
	size_t advice_count;
};

static void print_failure(const struct rule *rule,
	const struct rule_example *example, const char *why, void *ctx)
{
	struct check *check = ctx;
	check->failure_count++;
	fprintf(check->out, "%s:%d: %s: %s example: %s\n", example->file,
		example->line, rule->id, example->match ? "match" : "nomatch",
		why);
}

static void print_advice(const struct rule *rule, const char *file, int line,
	const char *advice, void *ctx)
{
	struct check *check = ctx;
	check->advice_count++;
	fprintf(check->out, "%s:%d: %s: advice: %s\n", file, line, rule->id,
		advice);
}

static int run_check(const struct cmd_env *env, struct fields *fields,
	int count, char **files, struct err *err)
{
	for (int i = 0; i < count; i++)
		opt_list_add(&fields->rules, files[i]); /* as --rules */
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	int rc = load(&ruleset, fields, err);
	if (rc < 0)
		return rc;
	struct check check = { .out = env->out };
	size_t checked_count = 0;
	rc = rule_check(&checked_count, ruleset, print_failure, &check, err);
	if (rc < 0)
		return rc;
	rc = rule_review(ruleset, print_advice, &check, err);
	if (rc < 0)
		return rc;
	log_info(&env->log, "%zu rules, %zu examples, %zu failed, %zu advised",
		ruleset_count(ruleset), checked_count, check.failure_count,
		check.advice_count);
	bool failed =
		check.failure_count || (fields->strict && check.advice_count);
	return failed ? EXIT_FINDINGS : EXIT_CLEAN;
}

static void clear_fields(struct fields *fields)
{
	opt_list_clear(&fields->rules);
	opt_list_clear(&fields->select);
	opt_list_clear(&fields->disable);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(clear_fields) struct fields fields = { .builtin_rules = true };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (!words)
		return err_set(err, ERR_USAGE, "say list, show <id> or check");
	if (!strcmp(argv[0], "list"))
		return run_list(env, &fields, words - 1, err);
	if (!strcmp(argv[0], "show"))
		return run_show(env, &fields, words - 1, argv + 1, err);
	if (!strcmp(argv[0], "check"))
		return run_check(env, &fields, words - 1, argv + 1, err);
	if (!strcmp(argv[0], "import"))
		return err_set(err, ERR_USAGE,
			"a gitleaks.toml is converted by a program of its own: "
			"git hygiene-import-gitleaks <file>");
	return err_set(
		err, ERR_USAGE, "'%s' is not list, show or check", argv[0]);
}

static const struct cmd_example examples[] = {
	{ "rules list", "all rules, one a line" },
	{ "rules show flask-session-file", "everything about one" },
	{ "rules check team-rules.yml", "check a file and run its examples" },
	{ 0 },
};

const struct cmd cmd_rules = {
	.name = "rules",
	.summary = "list, show and check rules",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
