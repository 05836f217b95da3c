#include "cmd/audit_fix.h"

#include "remedy/settings_fix.h"
#include "report/audit_advice.h"
#include "report/text_escape.h"

#include <stdio.h>

/* Lines before the first `diff` are no part of a patch: git-apply(1). */
static void print_backend(FILE *out, const struct audit *audit)
{
	bool files = false;
	for (size_t i = 0; i < audit->app_count; i++)
		files = files || audit_keeps_files(&audit->apps[i]);
	if (!files)
		return;
	const struct audit_backend *redis = &audit_backends[0];
	fprintf(out, "# Not part of the patch. Instead of files,\n# %s\n",
		redis->title);
	for (size_t i = 0; redis->lines[i]; i++)
		fprintf(out, "#     %s\n", redis->lines[i]);
}

static void print_folder(FILE *out, const struct settings_fix *fix,
	const struct settings_edit *edit, const struct report_opts *opts)
{
	if (edit->row->known->unit != UNIT_PATH)
		return;
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	text_add_path(&path, name_mask_text(fix->secrets, edit->row->path),
		opts->utf8);
	fprintf(out,
		"# %s: %s becomes %s:\n# make the folder, for the account of "
		"the server alone (mode 0700).\n",
		path.bytes, edit->row->known->key, edit->row->rule->recommend);
}

static void print_folders(FILE *out, const struct settings_fix *fix,
	const struct report_opts *opts)
{
	for (size_t i = 0; i < fix->file_count; i++)
		for (size_t e = 0; e < fix->files[i].count; e++)
			print_folder(out, fix, &fix->files[i].edits[e], opts);
}

static void print_traits(FILE *out, const struct patch_traits *traits)
{
	if (traits->is_masked)
		fputs("# A line that changes, or the path of its file, holds a "
		      "secret, which is masked:\n# this cannot be applied.\n"
		      "# `audit --fix --write` makes the change.\n",
			out);
	else if (traits->needs_zero)
		fputs("# Lines that hold a secret are left out: apply it with "
		      "--unidiff-zero.\n",
			out);
}

static int print_patch(FILE *out, const struct settings_fix *fix,
	const struct audit *audit, const struct report_opts *opts,
	struct err *err)
{
	CLEANUP(buf_clear) struct buf patch;
	buf_init(&patch, 0);
	struct patch_traits traits = { 0 };
	int rc = settings_fix_patch(&patch, &traits, fix, err);
	if (rc < 0)
		return rc;
	print_backend(out, audit);
	print_folders(out, fix, opts);
	print_traits(out, &traits);
	fwrite(patch.bytes, 1, patch.len, out);
	return 0;
}

static void print_unfixed(const struct cmd_env *env,
	const struct settings_fix *fix, const struct report_opts *opts)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < fix->unfixed_count; i++) {
		const struct unfixed *unfixed = &fix->unfixed[i];
		const struct setting *setting = unfixed->row->setting;
		buf_reset(&text);
		text_add_path(&text,
			name_mask_text(fix->secrets, unfixed->path),
			opts->utf8);
		if (setting)
			buf_printf(&text, ":%zu", setting->line);
		fprintf(env->log.out, "not corrected: %s: %s: %s\n", text.bytes,
			unfixed->row->known->key, unfixed->reason);
	}
}

int audit_fix(const struct cmd_env *env, const struct repo *repo,
	const struct audit *audit, const struct ruleset *rules,
	const struct report_opts *opts, bool write, struct err *err)
{
	CLEANUP(settings_fix_clear) struct settings_fix fix = { 0 };
	int rc = settings_fix_make(&fix, repo, audit, rules, err);
	if (rc < 0)
		return rc;
	if (settings_fix_has_edits(&fix))
		rc = print_patch(env->out, &fix, audit, opts, err);
	if (opts->verbosity >= 0)
		print_unfixed(env, &fix, opts);
	if (rc == 0 && write)
		rc = settings_fix_write(&fix, err);
	return rc;
}
