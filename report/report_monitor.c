#include "report/report_monitor.h"

#include "report/iso_date.h"
#include "report/page.h"
#include "report/reporters.h"
#include "report/text_escape.h"

#include <string.h>

#define INDENT        2
#define HANG          4
#define SECRET_PREFIX 8 /* bytes of a name that may be a session id */

bool monitor_result_is_off(const struct monitor_result *result)
{
	for (size_t i = 0; i < result->count; i++)
		if (result->statuses[i].problems)
			return true;
	return false;
}

const char *monitor_file_name(struct buf *out, const struct session_file *file)
{
	buf_reset(out);
	int shown = SECRET_PREFIX;
	if (file->is_secret && strlen(file->name) > SECRET_PREFIX) {
		while (shown &&
			((unsigned char)file->name[shown] & 0xc0) == 0x80)
			shown--; /* no half of a character */
		buf_printf(out, "%.*s...", shown, file->name);
	} else {
		buf_add_text(out, file->name);
	}
	return out->bytes;
}

static void flush(const struct page *page, struct buf *text)
{
	page_wrap(page, INDENT, HANG, text->bytes);
	buf_reset(text);
}

static void add_date(struct buf *out, int64_t time)
{
	char date[ISO_DATE_SIZE];
	iso_date(date, time);
	buf_add_text(out, date);
}

/* ", 3 live", a colon instead of the first comma. */
static void add_share(
	struct buf *out, const char **before, size_t count, const char *what)
{
	if (!count)
		return;
	buf_add_text(out, *before);
	add_number(out, count);
	buf_printf(out, " %s", what);
	*before = ", ";
}

/* "; beside them 1 counter or lock file", a comma from the second on. */
static void add_others(
	struct buf *out, const char **before, size_t count, const char *noun)
{
	if (!count)
		return;
	buf_add_text(out, *before);
	add_counted(out, count, noun);
	*before = ", ";
}

static void put_counts(
	const struct page *page, const struct session_status *status)
{
	const struct session_dir *dir = &status->dir;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_counted(&text, dir->sessions, "session");
	if (status->limits->threshold) {
		buf_add_text(&text, " of at most ");
		add_number(&text, status->limits->threshold);
	}
	const char *before = ": ";
	add_share(&text, &before, dir->live, "live");
	add_share(&text, &before, dir->expired, "expired");
	add_share(&text, &before, dir->never, "without end");
	add_share(&text, &before, dir->unknown, "of unknown end");
	before = "; beside them ";
	add_others(&text, &before, dir->companions, "counter or lock file");
	add_others(&text, &before, dir->transients, "temporary file");
	add_others(&text, &before, dir->others, "other file");
	flush(page, &text);
	if (!dir->sessions)
		return;
	add_size(&text, dir->bytes);
	buf_add_text(&text, ", written ");
	add_date(&text, dir->oldest);
	buf_add_text(&text, " to ");
	add_date(&text, dir->newest);
	flush(page, &text);
}

static void add_git(struct buf *out, const struct session_status *status)
{
	if (!status->place->worktree) {
		buf_add_text(out, "outside of any work tree");
		return;
	}
	bool known = status->git.ignored != UNKNOWN;
	if (status->git.ignored == YES)
		buf_add_text(out, "ignored");
	else if (!known)
		buf_add_text(out, "ignored or not cannot be told");
	if (!status->git.tracked)
		buf_printf(out, "%snot tracked", out->len ? ", " : "");
}

/* What is in order, in one line. */
static void put_fine(
	const struct page *page, const struct session_status *status)
{
	CLEANUP(buf_clear) struct buf git;
	buf_init(&git, 0);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_git(&git, status);
	if (!(status->problems & PROBLEM_DIR_MODE))
		buf_printf(&text, "mode %04o", status->dir.mode);
	if (git.len)
		buf_printf(&text, "%s%s", text.len ? "; " : "", git.bytes);
	if (text.len)
		flush(page, &text);
}

static void add_problem(
	struct buf *out, const struct session_status *status, unsigned problem)
{
	const struct session_dir *dir = &status->dir;
	switch (problem) {
	case PROBLEM_OVER_THRESHOLD:
		buf_add_text(out, "! more sessions than the threshold");
		break;
	case PROBLEM_DIR_MODE:
		buf_printf(out,
			"! mode %04o of the directory is wider than 0700",
			dir->mode);
		break;
	case PROBLEM_FILE_MODE:
		buf_add_text(out, "! ");
		add_counted(out, dir->wide_files, "file");
		buf_printf(out, " with a mode wider than 0600, up to %04o",
			dir->widest_mode);
		break;
	case PROBLEM_TRACKED:
		buf_add_text(out, "! ");
		add_counted(out, status->git.tracked, "file");
		buf_add_text(out, " tracked by git");
		break;
	case PROBLEM_NOT_IGNORED:
		buf_add_text(out, "! not ignored: git would add new sessions");
		break;
	default:
		buf_add_text(out, "! expired sessions are still here");
		break;
	}
}

static void put_problems(
	const struct page *page, const struct session_status *status)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (unsigned bit = 1; bit <= PROBLEM_EXPIRED; bit <<= 1) {
		if (!(status->problems & bit))
			continue;
		add_problem(&text, status, bit);
		flush(page, &text);
	}
}

static void put_gaps(
	const struct page *page, const struct session_status *status)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (status->dir.unread) {
		buf_add_text(&text, "? ");
		add_counted(&text, status->dir.unread, "file");
		buf_add_text(&text, " could not be read");
		flush(page, &text);
	}
	if (status->dir.truncated) {
		buf_add_text(&text, "? only the first ");
		add_number(&text, SESSION_DIR_MAX_FILES);
		buf_add_text(&text, " files were looked at");
		flush(page, &text);
	}
}

static void put_status(
	const struct page *page, const struct session_status *status)
{
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	text_add_path(&name, status->place->name, page->opts->utf8);
	text_shorten(&name, page->width, page->opts->utf8);
	page_styled(page, STYLE_BOLD, name.bytes);
	fputc('\n', page->out);
	if (status->dir.exists && page->opts->verbosity >= 0)
		put_counts(page, status);
	else if (!status->dir.exists)
		page_line(page, INDENT, "not there yet");
	put_problems(page, status);
	put_gaps(page, status);
	if (status->dir.exists && page->opts->verbosity >= 0)
		put_fine(page, status);
	fputc('\n', page->out);
}

static void put_summary(
	const struct page *page, const struct monitor_result *result)
{
	size_t off = 0;
	for (size_t i = 0; i < result->count; i++)
		off += result->statuses[i].problems != 0;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (!result->count)
		buf_add_text(&text, "No session directory");
	else if (result->count == 1)
		buf_add_text(&text, "1 session directory");
	else
		buf_printf(&text, "%zu session directories", result->count);
	if (off && off == result->count)
		buf_add_text(
			&text, off == 1 ? ", not in order" : ", none in order");
	else if (off)
		buf_printf(&text, ", %zu not in order", off);
	else if (result->count)
		buf_add_text(&text, ", nothing off");
	if (!result->complete)
		buf_add_text(&text, "; not everything could be looked at");
	page_wrap(page, 0, INDENT, text.bytes);
}

static int write_human(FILE *out, const struct monitor_result *result,
	const struct report_opts *opts, struct err *err)
{
	struct page page;
	page_init(&page, out, opts);
	for (size_t i = 0; i < result->count; i++) {
		const struct session_status *status = &result->statuses[i];
		if (status->problems || !status->complete ||
			opts->verbosity >= 0)
			put_status(&page, status);
	}
	put_summary(&page, result);
	return report_finish(out, err);
}

/* When the session ends, and its mode where that is too wide. */
static void add_details(struct buf *out, const struct session_change *change)
{
	const struct session_file *file = change->file;
	if (session_file_wide_bits(file))
		buf_printf(out, ", mode %04o", file->st.st_mode & 07777);
	const char *state = session_file_state(file, change->after->now);
	if (!strcmp(state, "never")) {
		buf_add_text(out, " (without end)");
	} else if (strcmp(state, "unknown") != 0) {
		buf_printf(out, " (%s ",
			!strcmp(state, "live") ? "live until" : "expired");
		add_date(out, file->expires_at);
		buf_add_text(out, ")");
	}
}

static void add_dir_change(struct buf *out, const struct session_change *change)
{
	const struct session_status *after = change->after;
	switch (change->kind) {
	case CHANGE_DIR_MADE:
		buf_printf(out, "directory made, mode %04o", after->dir.mode);
		break;
	case CHANGE_DIR_REMOVED:
		buf_add_text(out, "directory removed");
		break;
	case CHANGE_DIR_MODE:
		buf_printf(out, "directory mode %04o, was %04o",
			change->new_mode, change->old_mode);
		break;
	case CHANGE_OVER_THRESHOLD:
		add_counted(out, after->dir.sessions, "session");
		buf_add_text(out, ", over the threshold of ");
		add_number(out, after->limits->threshold);
		break;
	case CHANGE_WITHIN_THRESHOLD:
		add_counted(out, after->dir.sessions, "session");
		buf_add_text(out, ", within the threshold again");
		break;
	case CHANGE_TRACKED:
		add_counted(out, after->git.tracked, "file");
		buf_add_text(out, " tracked by git now");
		break;
	case CHANGE_UNTRACKED:
		buf_add_text(out, "no file tracked by git any more");
		break;
	case CHANGE_UNIGNORED:
		buf_add_text(out, "not ignored by git now");
		break;
	default:
		buf_add_text(out, "ignored by git now");
		break;
	}
}

static void add_file_change(struct buf *out,
	const struct session_change *change, const struct report_opts *opts)
{
	static const char *const words[] = {
		[CHANGE_FILE_ADDED] = "file added: ",
		[CHANGE_FILE_REMOVED] = "file removed: ",
		[CHANGE_FILE_EXPIRED] = "session expired: ",
		[CHANGE_FILE_RENEWED] = "session renewed: ",
		[CHANGE_FILE_MODE] = "file mode ",
	};
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	buf_add_text(out, words[change->kind]);
	if (change->kind == CHANGE_FILE_MODE)
		buf_printf(out, "%04o, was %04o: ", change->new_mode,
			change->old_mode);
	text_add_path(out, monitor_file_name(&name, change->file), opts->utf8);
	if (change->kind == CHANGE_FILE_ADDED ||
		change->kind == CHANGE_FILE_RENEWED)
		add_details(out, change);
}

/* One line of a log: never wrapped, its time first. */
static int write_change(FILE *out, const struct session_change *change,
	const struct report_opts *opts, struct err *err)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_date(&text, change->after->now);
	buf_add_text(&text, " ");
	text_add_path(&text, change->after->place->name, opts->utf8);
	buf_add_text(&text, ": ");
	if (change->file)
		add_file_change(&text, change, opts);
	else
		add_dir_change(&text, change);
	fprintf(out, "%s\n", text.bytes);
	return report_finish(out, err);
}

const struct monitor_reporter monitor_reporter_human = {
	.name = "human",
	.write = write_human,
	.write_change = write_change,
};
