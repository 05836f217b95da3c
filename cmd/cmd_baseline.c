/* baseline: accept findings that are there, with reason, owner and expiry. */
#include "base/alloc.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "cmd/cmd.h"
#include "cmd/scan_rows.h"
#include "cmd/scan_setup.h"
#include "cmd/scan_target.h"
#include "cmd/settings.h"
#include "report/baseline_json.h"
#include "report/iso_date.h"
#include "report/text_escape.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_BYTES   ((size_t)256 << 20)
#define MAX_DAYS    36500
#define DAY_SECONDS 86400
#define NO_REASON   "there when the baseline was made"

struct fields {
	unsigned sources;
	struct scan_setup_opts setup;
	struct opt_list from;
	const char *file;
	const char *reason, *owner, *expires;
	bool prune, dry_run;
	int verbosity;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "Which findings" },
	{ OPT_BITS, 0, "index", FIELD(sources), PLACE_INDEX,
		.help = "those of what is tracked now" },
	{ OPT_BITS, 0, "staged", FIELD(sources), PLACE_STAGED,
		.help = "those of the change that is staged" },
	{ OPT_BITS, 0, "history", FIELD(sources), PLACE_HISTORY,
		.help = "those of any commit (default: --index --history)" },
	SCAN_PLACE_ROWS(FIELD(sources)),
	{ OPT_LIST, 0, "from", FIELD(from), .argument = "<report>",
		.help = "those of a jsonl report; nothing is scanned" },
	SCAN_RULE_ROWS(FIELD(setup)),
	SCAN_SESSION_DIR_ROW(FIELD(setup)),

	{ OPT_GROUP, .help = "What to write of them" },
	{ OPT_TEXT, 0, "reason", FIELD(reason), .argument = "<text>",
		.help = "why they are accepted" },
	{ OPT_TEXT, 0, "owner", FIELD(owner), .argument = "<who>",
		.help = "who answers for it (default: user.email)" },
	{ OPT_TEXT, 0, "expires", FIELD(expires), .argument = "<when>",
		.help = "last day, as YYYY-MM-DD (UTC), or in <n>d from now" },
	{ OPT_TEXT, 0, "file", FIELD(file), .argument = "<file>",
		.help = "where (default: hygiene.baseline, else "
			".hygiene-baseline at the top)" },
	{ OPT_FLAG, 0, "prune", FIELD(prune),
		.help = "only take entries out that fit no finding any "
			"more" },
	{ OPT_FLAG, 'n', "dry-run", FIELD(dry_run),
		.help = "print the file instead of writing it" },
	{ OPT_COUNT, 'v', "verbose", FIELD(verbosity), 1, .help = "say more" },
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "baseline [<options>] [<repository>] [--] [<pathspec>...]",
	.description =
		"Accepts the findings that are there now: writes one line for "
		"each into the baseline, which scan and the hooks pass over. "
		"Entries that stand there already are kept; one that has "
		"expired is written anew.\n\n"
		"An entry is known by the fingerprint of its finding, so that "
		"it outlives rebase, squash and moved lines, and accepts no "
		"other secret. It holds nothing of the secret. Where several "
		"branches add entries, let git take the lines of both: "
		"'.hygiene-baseline merge=union' in .gitattributes.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct fields *fields)
{
	scan_setup_opts_clear(&fields->setup);
	opt_list_clear(&fields->from);
}

/** What is written; all borrowed. */
struct plan {
	const struct fields *fields;
	const struct cmd_env *env;
	struct repo *repo;
	char *path;                  /* of the file; owned */
	char *owner;                 /* or NULL; owned */
	char expires[ISO_DATE_SIZE]; /* or "" */
	struct baseline old;
	size_t added, renewed, pruned;
};

static void plan_clear(struct plan *plan)
{
	baseline_clear(&plan->old);
	free(plan->path);
	free(plan->owner);
}

static int take_expiry(struct plan *plan, struct err *err)
{
	const char *text = plan->fields->expires;
	if (!text)
		return 0;
	int64_t until;
	if (baseline_day_end(&until, text)) {
		memcpy(plan->expires, text, ISO_DAY_LEN + 1);
		return 0;
	}
	char *end;
	unsigned long days = strtoul(text, &end, 10);
	if (end == text || strcmp(end, "d") != 0 || days > MAX_DAYS ||
		*text < '0' || *text > '9')
		return err_set(err, ERR_USAGE,
			"--expires takes YYYY-MM-DD or a number of days like "
			"90d, not '%s'",
			text);
	iso_date(plan->expires,
		(int64_t)time(NULL) + (int64_t)days * DAY_SECONDS);
	plan->expires[ISO_DAY_LEN] = '\0';
	return 0;
}

static int take_owner(struct plan *plan, struct err *err)
{
	const struct config *config;
	if (plan->fields->owner) {
		plan->owner = xstrdup(plan->fields->owner);
		return 0;
	}
	int rc = repo_config(&config, plan->repo, err);
	const struct config_entry *entry =
		rc < 0 ? NULL : config_find(config, "user.email", false);
	plan->owner = entry ? xstrdup(entry->value) : NULL;
	return rc;
}

static int take_path(struct plan *plan, struct err *err)
{
	plan->path = plan->fields->file
		? xstrdup(plan->fields->file)
		: acceptance_baseline_path(plan->env, plan->repo, false);
	return plan->path ? 0
			  : err_set(err, ERR_USAGE,
				    "no worktree to keep a baseline in; name a "
				    "file: --file");
}

/* The folder of the file, opened, and the file's name in it. */
struct target {
	int folder;
	const char *name;
	struct stat st;
	bool exists;
};

static void target_clear(const struct target *target)
{
	if (target->folder >= 0)
		close(target->folder);
}

static int target_open(struct target *target, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	CLEANUP(freep)
	char *folder = slash ? xmemdupz(path, (size_t)(slash + 1 - path))
			     : xstrdup(".");
	target->name = slash ? slash + 1 : path;
	target->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (target->folder < 0)
		return err_errno(err, "%s", folder);
	target->exists = fstatat(target->folder, target->name, &target->st,
				 AT_SYMLINK_NOFOLLOW) == 0;
	if (target->exists && !S_ISREG(target->st.st_mode))
		return err_set(
			err, ERR_UNSUPPORTED, "%s: not a regular file", path);
	return 0;
}

/** Takes the entries of a fingerprint out; true if there were any. */
static bool drop_entries(struct baseline *baseline, const char *fingerprint)
{
	size_t kept = 0;
	for (size_t i = 0; i < baseline->count; i++)
		if (strcmp(baseline->entries[i].fingerprint, fingerprint) != 0)
			baseline->entries[kept++] = baseline->entries[i];
	bool dropped = kept < baseline->count;
	baseline->count = kept;
	return dropped;
}

static void describe(struct plan *plan, struct baseline_entry *entry)
{
	const struct fields *fields = plan->fields;
	struct arena *arena = &plan->old.arena;
	entry->used = true;
	entry->reason = arena_strdup(
		arena, fields->reason ? fields->reason : NO_REASON);
	entry->owner = arena_strdup(arena, plan->owner);
	entry->expires =
		plan->expires[0] ? arena_strdup(arena, plan->expires) : NULL;
}

static void add_findings(struct plan *plan, const struct scan_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (!finding_counts(finding))
			continue;
		if (finding->suppressed.expired &&
			drop_entries(&plan->old, finding->fingerprint))
			plan->renewed++;
		else
			plan->added++;
		describe(plan, baseline_add(&plan->old, finding));
	}
}

static void prune(struct plan *plan)
{
	size_t kept = 0;
	for (size_t i = 0; i < plan->old.count; i++)
		if (plan->old.entries[i].used)
			plan->old.entries[kept++] = plan->old.entries[i];
	plan->pruned = plan->old.count - kept;
	plan->old.count = kept;
}

static int take_scan(
	struct plan *plan, const struct pathspec *pathspec, struct err *err)
{
	const struct fields *fields = plan->fields;
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	int rc = scan_setup_make(
		&setup, &fields->setup, plan->env, plan->repo, err);
	if (rc < 0)
		return rc;
	baseline_clear(&setup.acceptance.baseline);
	setup.scan.sources =
		fields->sources ? fields->sources : PLACE_INDEX | PLACE_HISTORY;
	if (fields->prune) /* an entry may be of any of them */
		setup.scan.sources |= PLACES_TO_ASK &
			~(unsigned)(PLACE_STAGED | PLACE_WORKTREE);
	setup.scan.pathspec = pathspec;
	rc = scan_setup_run(&result, &setup, plan->repo, plan->env,
		isatty(fileno(plan->env->log.out)), err);
	if (rc < 0)
		return rc;
	baseline_sort(&plan->old);
	baseline_apply(&plan->old, &result);
	if (fields->prune && !result.complete)
		return err_set(err, ERR_UNSUPPORTED,
			"not all could be looked at: an entry that fits "
			"nothing may still be needed");
	if (fields->prune)
		prune(plan);
	else
		add_findings(plan, &result);
	return 0;
}

/** Entries of reports; those of a report that are there already stay. */
static int take_reports(struct plan *plan, struct err *err)
{
	const struct opt_list *from = &plan->fields->from;
	CLEANUP(baseline_clear) struct baseline reports = { 0 };
	for (size_t i = 0; i < from->count; i++) {
		int rc = baseline_read(
			&reports, from->items[i], FILE_FOLLOW, err);
		if (rc < 0)
			return rc;
	}
	baseline_sort(&plan->old);
	for (size_t i = 0; i < reports.count; i++)
		reports.entries[i].used = baseline_find(
			&plan->old, reports.entries[i].fingerprint);
	arena_absorb(&plan->old.arena, &reports.arena);
	for (size_t i = 0; i < reports.count; i++) {
		if (reports.entries[i].used)
			continue;
		baseline_append(&plan->old, &reports.entries[i]);
		struct baseline_entry *entry =
			&plan->old.entries[plan->old.count - 1];
		if (!entry->reason)
			describe(plan, entry);
		plan->added++;
	}
	return 0;
}

static int write_file(
	struct plan *plan, const struct target *target, struct err *err)
{
	char key[BASELINE_KEY_HEX + 1];
	baseline_key(
		key, setting_text(plan->env, plan->repo, "fingerprintKey"));
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, MAX_BYTES);
	int rc = baseline_json(&text, &plan->old, key, err);
	if (rc < 0)
		return rc;
	if (plan->fields->dry_run) {
		fwrite(text.bytes, 1, text.len, plan->env->out);
		return 0;
	}
	return file_replace(target->folder, target->name, text.bytes, text.len,
		target->exists ? &target->st : NULL, plan->path, err);
}

static void say(const struct plan *plan)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	text_add_path(&path, plan->path, true);
	fprintf(plan->env->log.out,
		"%s: %zu accepted, %zu renewed, %zu taken out, %zu in all\n",
		path.bytes, plan->added, plan->renewed, plan->pruned,
		plan->old.count);
}

static int make(
	struct plan *plan, const struct pathspec *pathspec, struct err *err)
{
	CLEANUP(target_clear) struct target target = { .folder = -1 };
	int rc = take_expiry(plan, err);
	if (rc == 0)
		rc = take_owner(plan, err);
	if (rc == 0)
		rc = take_path(plan, err);
	if (rc == 0)
		rc = target_open(&target, plan->path, err);
	if (rc == 0 && target.exists)
		rc = baseline_read(&plan->old, plan->path, 0, err);
	if (rc == 0)
		rc = plan->fields->from.count ? take_reports(plan, err)
					      : take_scan(plan, pathspec, err);
	if (rc == 0)
		rc = write_file(plan, &target, err);
	if (rc < 0)
		return rc;
	say(plan);
	return EXIT_CLEAN;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (fields.prune &&
		(words || fields.sources || fields.from.count ||
			fields.setup.no_builtin_rules ||
			fields.setup.select.count ||
			fields.setup.disable.count))
		return err_set(err, ERR_USAGE,
			"--prune needs a scan for everything: no pathspec, "
			"source, report or choice of rules beside it");
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
	int rc = scan_target_open(
		&repo, &pathspec, env->git_dir, words, argv, err);
	if (rc < 0)
		return rc;
	CLEANUP(plan_clear)
	struct plan plan = { .fields = &fields, .env = env, .repo = repo };
	return make(&plan, pathspec, err);
}

static const struct cmd_example examples[] = {
	{ "baseline --reason=\"test fixtures\" --owner=ann --expires=2027-06-30",
		"accept all that is there now" },
	{ 0 },
};

const struct cmd cmd_baseline = {
	.name = "baseline",
	.summary = "accept findings, with reason, owner and expiry",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
