/*
 * The whole plan as Markdown for a pull request: what is exposed, what is
 * right, what to do, and what no step reaches.
 */
#include "cmd/fix_view.h"
#include "cmd/ignore_print.h"
#include "report/audit_advice.h"
#include "report/human_links.h"
#include "report/iso_date.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/reporters.h"
#include "report/text_escape.h"

#include <stdlib.h>
#include <string.h>

#define FEW_PATHS  50 /* a comment on a host has 65536 characters */
#define FEW_LINKS  3
#define OID_SHOWN  10
#define FEW_PLACES 20

/** Prints the text as a paragraph or item of a list, and empties it. */
static void put(FILE *out, struct buf *text)
{
	fprintf(out, "%s\n", text->len ? text->bytes : "");
	buf_reset(text);
}

static void put_heading(FILE *out, int step)
{
	fprintf(out, "\n## %d. %s\n\n", step + 1, fix_step_title(step));
}

static void put_checklist(
	FILE *out, const struct fix_job *job, const struct fix_open *open)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (int i = 0; i < FIX_STEPS; i++) {
		bool done = fix_step_is_done(open, i) &&
			!fix_step_is_unknown(job, i);
		buf_printf(&text, "- [%c] %d. **%s**: ", done ? 'x' : ' ',
			i + 1, fix_step_title(i));
		fix_add_state(&text, job, open, i);
		put(out, &text);
	}
}

static void put_more(FILE *out, size_t all, size_t shown, const char *command)
{
	if (all > shown)
		fprintf(out, "- and %zu more: `%s` lists all\n", all - shown,
			command);
}

/* What is exposed. */

static void add_group_name(struct buf *text, const struct group *group)
{
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	fix_add_name(&name, group);
	if (name.len)
		markdown_add_path(text, name.bytes, finding_line(group->worst));
	else
		buf_add_text(text, "a message");
}

static void add_day(
	struct buf *text, const char *before, const struct commit_info *commit)
{
	char date[ISO_DATE_SIZE];
	if (!commit)
		return;
	iso_date(date, commit->time);
	buf_printf(text, "%s %.*s (`%.*s`)", before, ISO_DAY_LEN, date,
		OID_SHOWN, commit->oid);
}

static void add_counts(struct buf *text, const struct group *group)
{
	CLEANUP(buf_clear) struct buf states;
	buf_init(&states, 0);
	if (group->kind == GROUP_STORE || group->member_count > 1) {
		buf_add_text(text, ", ");
		add_counted(text, group->files,
			group->kind == GROUP_SECRET ? "place" : "file");
	}
	fix_add_expiry(&states, group);
	if (states.len)
		buf_printf(text, " (%s)", states.bytes);
}

static void add_presence(
	struct buf *text, const struct fix_job *job, const struct group *group)
{
	if (group->tracked)
		buf_printf(text, "; **%zu tracked now**", group->tracked);
	else if (job->has_files)
		buf_add_text(text, "; not tracked now");
	if (group->in_history) {
		buf_add_text(
			text, group->tracked || job->has_files ? ", " : "; ");
		buf_add_text(text,
			group->at_tip ? "in history" : "still in history");
		if (group->refs_count) {
			buf_add_text(text, " of ");
			markdown_add_path(text, group->refs[0], 0);
		}
		if (group->refs_count > 1)
			buf_printf(
				text, " and %zu more", group->refs_count - 1);
	}
	add_day(text, "; since", group->first);
	add_day(text, ", deleted", group->removed);
}

static void put_links(
	FILE *out, const struct fix_job *job, const struct group *group)
{
	const struct finding *member = most_linked(group);
	CLEANUP(buf_clear) struct buf text;
	CLEANUP(buf_clear) struct buf path;
	buf_init(&text, 0);
	buf_init(&path, 0);
	for (size_t i = 0; i < member->link_count && i < FEW_LINKS; i++) {
		const struct finding_link *link = &member->links[i];
		buf_add_text(&text, "  - proved: ");
		if (link->path) {
			buf_add_text(&text, link_words(link));
			buf_reset(&path);
			fix_job_add_path(&path, job, link->path);
			markdown_add_path(&text, path.bytes, link->line);
		} else {
			buf_add_text(&text,
				"signed by a published key: anybody can "
				"forge it");
		}
		put(out, &text);
	}
}

static void put_group(
	FILE *out, const struct fix_job *job, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "- **%s** ", severity_name(group->worst->severity));
	add_group_name(&text, group);
	buf_add_text(&text, ": ");
	markdown_add_text(&text, group->worst->rule->title);
	add_counts(&text, group);
	add_presence(&text, job, group);
	put(out, &text);
	put_links(out, job, group);
}

/* What is passed over, on somebody's word. */
static void put_left_out(FILE *out, const struct purge_target *target)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (target->accepted) {
		add_counted(&text, target->accepted, "accepted finding");
		buf_add_text(&text, " not counted here. ");
	}
	if (target->excluded) {
		add_counted(&text, target->excluded, "path");
		buf_add_text(&text, " not looked at: `.hygiene.yml` says so. ");
	}
	if (text.len)
		fprintf(out, "\n%s`--no-repo-config` counts all.\n",
			text.bytes);
}

static void put_exposed(FILE *out, const struct fix_job *job)
{
	const struct group_list *list = &job->groups;
	fputs("\n## What is exposed\n\n", out);
	if (!job->all.count)
		fputs("Nothing that the rules know.\n", out);
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		if (!list->groups[i].worst->rule->config && count++ < FEW_PATHS)
			put_group(out, job, &list->groups[i]);
	put_more(out, count, FEW_PATHS, "git hygiene scan --history -v");
	if (job->all.count > list->count)
		fprintf(out,
			"- and %zu only in commits that no ref names: step %d "
			"lists them too\n",
			job->all.count - list->count, FIX_REVOKE + 1);
	put_left_out(out, &job->purge.target);
	if (fix_job_is_incomplete(job))
		fputs("\nNot everything could be looked at; `git hygiene scan "
		      "--history` says what is missing.\n",
			out);
}

/* What is right. */

static void put_right_settings(FILE *out, const struct audit_app *app)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < app->row_count; i++) {
		const struct audit_row *row = &app->rows[i];
		bool told = row->setting &&
			row->setting->value.type != SETTING_UNRESOLVED;
		if (row->rule || !told)
			continue;
		buf_add_text(&text, "- ");
		markdown_add_code(&text, row->known->key);
		buf_add_text(&text, " at ");
		markdown_add_path(&text, row->path, row->setting->line);
		put(out, &text);
	}
}

static void put_right(
	FILE *out, const struct fix_job *job, const struct fix_open *open)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	fputs("\n## What is already right\n\n", out);
	for (int i = 0; i < FIX_STEPS; i++) {
		if (i == FIX_COPIES || fix_step_is_unknown(job, i) ||
			!fix_step_is_done(open, i))
			continue;
		buf_printf(&text, "- %s: ", fix_step_title(i));
		fix_add_state(&text, job, open, i);
		put(out, &text);
	}
	for (size_t i = 0; i < job->audit.app_count; i++)
		put_right_settings(out, &job->audit.apps[i]);
	if (open->ignore && (open->untrack || open->edit) && open->settings &&
		open->revoke && open->history)
		fputs("No step is done yet.\n", out);
}

/* 1 and 2. */

static int put_ignore(
	FILE *out, const struct fix_job *job, bool any, struct err *err)
{
	put_heading(out, FIX_IGNORE);
	if (!job->ignore_input.target_count) {
		fputs("Nothing to do here.\n", out);
		return 0;
	}
	char *text = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&text, &len);
	if (!memory)
		return err_errno(err, "memory for the report");
	CLEANUP(ignore_print_clear) struct ignore_print print = { 0 };
	int rc = ignore_print_init(&print, memory, true, &job->ignore,
		job->ignore_input.guard, err);
	if (rc == 0) {
		ignore_print_entries(&print, &job->ignore);
		ignore_print_proof(&print, &job->ignore);
	}
	int failed = fclose(memory);
	if (rc == 0 && !failed)
		markdown_put_block(out, "gitignore", text);
	free(text);
	if (rc < 0)
		return rc;
	if (failed)
		return err_errno(err, "memory for the report");
	fprintf(out,
		"\n%s`git hygiene ignore --check` in CI keeps it so. `git add "
		"-f` still adds what is ignored.\n",
		any ? "`git hygiene ignore --write` writes it. " : "");
	return 0;
}

static void put_paths(FILE *out, const struct fix_job *job,
	const struct untrack_paths *paths, const char *command)
{
	CLEANUP(buf_clear) struct buf text;
	CLEANUP(buf_clear) struct buf path;
	buf_init(&text, 0);
	buf_init(&path, 0);
	for (size_t i = 0; i < paths->count && i < FEW_PATHS; i++) {
		buf_reset(&path);
		fix_job_add_path(&path, job, paths->shown[i]);
		buf_add_text(&text, "- ");
		markdown_add_path(&text, path.bytes, 0);
		put(out, &text);
	}
	put_more(out, paths->count, FEW_PATHS, command);
}

static void put_untrack(FILE *out, const struct fix_job *job)
{
	put_heading(out, FIX_UNTRACK);
	if (job->untrack.count) {
		put_paths(out, job, &job->untrack,
			"git hygiene untrack --dry-run");
		fputs("\n`git hygiene untrack` takes them out of the index; "
		      "the files stay on disk, and history stays as it is.\n",
			out);
	} else {
		fputs("No tracked file has to go.\n", out);
	}
	if (!job->edit.count)
		return;
	fputs("\nThese belong into the repository: edit them, so that what "
	      "was found is in them no more.\n\n",
		out);
	put_paths(out, job, &job->edit, "git hygiene scan --index");
}

/* 3. */

static void put_row(
	FILE *out, const struct audit_app *app, const struct audit_row *row)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "- [ ] **%s** ", severity_name(row->severity));
	markdown_add_code(&text, row->known->key);
	buf_add_text(&text, row->setting ? " at " : " is not set in ");
	markdown_add_path(&text, row->setting ? row->path : app->path,
		row->setting ? row->setting->line : 0);
	buf_add_text(&text, ": ");
	markdown_add_text(&text, row->rule->title);
	if (row->line) {
		CLEANUP(buf_clear) struct buf line;
		buf_init(&line, 0);
		text_add(&line, row->line, true);
		buf_add_text(&text, "; write ");
		markdown_add_code(&text, line.bytes);
	}
	put(out, &text);
}

static void put_store(FILE *out, const struct audit_store *store)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "- [ ] **%s** sessions are kept in ",
		severity_name(store->severity));
	markdown_add_path(&text, *store->path ? store->path : ".", 0);
	if (store->setting) {
		buf_add_text(&text, ", set at ");
		markdown_add_path(&text, store->file, store->setting->line);
	}
	const char *advice = audit_store_advice(store);
	if (advice) {
		buf_add_text(&text, ". ");
		buf_add_text(&text, advice);
	}
	put(out, &text);
}

static void put_backend(FILE *out, const struct audit_backend *backend)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; backend->lines[i]; i++)
		buf_printf(&text, "%s\n", backend->lines[i]);
	fprintf(out, "\n%s\n\n", backend->title);
	markdown_put_block(out, "python", text.bytes);
}

static void put_settings(FILE *out, const struct audit *audit, bool any)
{
	bool keeps_files = false;
	put_heading(out, FIX_SETTINGS);
	if (!any)
		fputs("Nothing to do here.\n", out);
	for (size_t i = 0; i < audit->app_count; i++) {
		const struct audit_app *app = &audit->apps[i];
		for (size_t r = 0; r < app->row_count; r++)
			if (fix_row_is_open(&app->rows[r]))
				put_row(out, app, &app->rows[r]);
		for (size_t s = 0; s < app->store_count; s++)
			if (fix_store_is_open(&app->stores[s]))
				put_store(out, &app->stores[s]);
		keeps_files = keeps_files || audit_keeps_files(app);
	}
	if (any)
		fputs("\n`git hygiene audit --fix` prints a patch for those "
		      "that can be corrected safely.\n",
			out);
	if (!keeps_files)
		return;
	fputs("\nIn production use, instead of files:\n", out);
	for (size_t i = 0; i < audit_backend_count; i++)
		put_backend(out, &audit_backends[i]);
}

/* 4. */

static void put_revoke(FILE *out, const struct group_list *list)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	put_heading(out, FIX_REVOKE);
	fputs("What was pushed counts as copied; no other step undoes "
	      "that.\n\n",
		out);
	size_t shown = 0;
	size_t all = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct group *group = &list->groups[i];
		if (!fix_is_revocable(group) || all++ >= FEW_PATHS)
			continue;
		shown++;
		buf_add_text(&text, "- [ ] ");
		add_group_name(&text, group);
		buf_printf(&text, ": %s", fix_revoke_words(group));
		if (group->worst->rule->advice) {
			buf_add_byte(&text, ' ');
			markdown_add_text(&text, group->worst->rule->advice);
		}
		put(out, &text);
	}
	if (!all)
		fputs("Nothing was found that has to be revoked.\n", out);
	put_more(out, all, shown, "git hygiene scan --history -v");
}

/* 5. */

static void put_place(FILE *out, const struct purge_view *view,
	const struct purge_place *place)
{
	const struct holder *holder = &place->holder;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "- %s ", holder_kind_name(holder->kind));
	if (*holder->name) {
		markdown_add_path(&text, holder->name, 0);
		buf_add_byte(&text, ' ');
	}
	buf_add_byte(&text, '(');
	add_counted(&text, place->object_count, "object");
	buf_add_byte(&text, ')');
	if (!purge_is_rewritten(view, holder)) {
		CLEANUP(buf_clear) struct buf command;
		buf_init(&command, 0);
		purge_add_remover(&command, view, place, true);
		buf_add_text(&text, ", which a rewrite does not reach: ");
		markdown_add_code(&text, command.bytes);
	}
	put(out, &text);
}

static void put_losses(FILE *out, const struct purge_plan *plan)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < plan->first_count && i < FEW_LINKS; i++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &plan->first_changed[i]);
		buf_printf(&text, "%s`%s`", i ? ", " : "First changed: ", hex);
	}
	if (plan->first_count > FEW_LINKS)
		buf_printf(
			&text, " and %zu more", plan->first_count - FEW_LINKS);
	if (text.len)
		buf_add_text(&text, ". ");
	if (plan->signed_commits + plan->signed_tags)
		buf_printf(&text,
			"Signatures that are lost: of %zu commits and %zu "
			"tags. ",
			plan->signed_commits, plan->signed_tags);
	if (text.len) {
		fputc('\n', out);
		text.bytes[--text.len] = '\0';
		put(out, &text);
	}
}

static void put_history(
	FILE *out, const struct fix_job *job, const struct fix_open *open)
{
	const struct purge_search *search = &job->purge.search;
	struct purge_view view;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	put_heading(out, FIX_HISTORY);
	if (!open->history) {
		fputs("Nothing is left in it.\n", out);
		return;
	}
	purge_job_view(&view, &job->purge, true);
	fix_add_state(&text, job, open, FIX_HISTORY);
	buf_add_text(&text, ":\n");
	put(out, &text);
	for (size_t i = 0; i < search->place_count && i < FEW_PLACES; i++)
		put_place(out, &view, &search->places[i]);
	put_more(out, search->place_count, FEW_PLACES,
		"git hygiene purge --plan -v");
	put_losses(out, &job->purge.plan);
	fputc('\n', out);
	markdown_put_block(out, "sh",
		"git hygiene purge --plan -o ../purge.json\n"
		"git hygiene purge --apply\n"
		"git hygiene purge --verify --against=../purge.json "
		"<the rewritten clone>\n"
		"git -C <the rewritten clone> push --force --mirror <url>\n");
}

static void put_copies(FILE *out, bool any)
{
	put_heading(out, FIX_COPIES);
	if (!any)
		fputs("Nothing that is known of.\n", out);
	for (size_t i = 0; any && fix_copies[i]; i++)
		fprintf(out, "- %s\n", fix_copies[i]);
}

int fix_put_markdown(FILE *out, const struct fix_job *job, struct err *err)
{
	const struct fix_open open = fix_job_count(job);
	char date[ISO_DATE_SIZE];
	iso_date(date, job->purge.scan.now);
	fprintf(out,
		"# Session data and secrets in this repository\n\n"
		"By git-hygiene %s, as of %.*s. `git hygiene fix` leads "
		"through the steps.\n\n",
		HYGIENE_VERSION, ISO_DAY_LEN, date);
	if (fix_bare_words(job))
		fprintf(out, "%s\n\n", fix_bare_words(job));
	put_checklist(out, job, &open);
	put_exposed(out, job);
	put_right(out, job, &open);
	int rc = put_ignore(out, job, open.ignore > 0, err);
	if (rc < 0)
		return rc;
	put_untrack(out, job);
	put_settings(out, &job->audit, open.settings > 0);
	put_revoke(out, &job->all);
	put_history(out, job, &open);
	put_copies(out, open.revoke > 0);
	return report_finish(out, err);
}
