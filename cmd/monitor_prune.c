#include "cmd/monitor_prune.h"

#include "base/alloc.h"
#include "base/folder.h"
#include "cmd/cmd.h"
#include "report/iso_date.h"
#include "report/page.h"
#include "report/text_escape.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/** What was done, or would be. */
struct tally {
	size_t planned, deleted, kept, failed;
	uint64_t bytes; /* of the planned, then of the deleted */
};

static bool is_expired(const struct session_file *file, int64_t now)
{
	return file->kind == SESSION_FILE_SESSION && !file->unread &&
		!strcmp(session_file_state(file, now), "expired");
}

/** The id of a session is whole here: one that has expired is of no use. */
static int list_file(const struct page *page, struct name_guard *guard,
	const struct session_status *status, const struct session_file *file,
	struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	CLEANUP(buf_clear) struct buf shown;
	buf_init(&shown, 0);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	char date[ISO_DATE_SIZE];
	iso_date(date, file->expires_at);
	const char *folder = status->place->name;
	size_t len = strlen(folder);
	buf_printf(&path, "%s%s%s", folder,
		len && folder[len - 1] == '/' ? "" : "/", file->name);
	int rc = name_guard_add(&shown, guard, path.bytes, err);
	if (rc < 0)
		return rc;
	buf_printf(&text, "%s  ", date);
	text_add_path(&text, shown.bytes, page->opts->utf8);
	page_line(page, 0, text.bytes);
	return 0;
}

static int list_expired(const struct page *page, struct tally *tally,
	const struct monitor *monitor, struct err *err)
{
	int rc = 0;
	for (size_t i = 0; i < monitor->count; i++) {
		const struct session_status *status = &monitor->statuses[i];
		for (size_t j = 0; rc == 0 && j < status->dir.count; j++) {
			const struct session_file *file = &status->dir.files[j];
			if (!is_expired(file, monitor->now))
				continue;
			rc = list_file(page, monitor->guard, status, file, err);
			tally->planned++;
			tally->bytes += (uint64_t)file->st.st_size;
		}
	}
	return rc;
}

/** True for an answer that begins with y, from a terminal. */
static int ask(
	const struct tally *tally, const struct log *log, struct err *err)
{
	if (!isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
			"--prune-expired asks first, and there is no terminal: "
			"add --yes or --dry-run");
	fprintf(log->out, "Delete %zu expired session%s? [y/N] ",
		tally->planned, tally->planned == 1 ? "" : "s");
	fflush(log->out);
	char answer[16];
	if (!fgets(answer, sizeof(answer), stdin))
		return 0;
	return answer[0] == 'y' || answer[0] == 'Y';
}

/**
 * 1 when it was deleted, 0 when it is no longer what was planned. The file is
 * read again, and the name must still be that of the file which was read: an
 * application renames a new session onto it. Between this look and unlink(2)
 * lies no time in which the program waits for anything.
 */
static int delete_file(struct session_reader *reader, int folder,
	const char *inside, const struct session_file *planned, struct err *err)
{
	CLEANUP(session_file_clear)
	struct session_file file = { .name = xstrdup(planned->name) };
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s%s", inside, *inside ? "/" : "", file.name);
	int rc = session_reader_look(&file, reader, folder, path.bytes, err);
	buf_clear(&path);
	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	struct stat st;
	if (!session_file_is_same(&file.st, &planned->st) ||
		!is_expired(&file, now.tv_sec) ||
		fstatat(folder, file.name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		!session_file_is_same(&file.st, &st))
		return 0;
	if (!unlinkat(folder, file.name, 0))
		return 1;
	return errno == ENOENT ? 0 : err_errno(err, "%s", file.name);
}

/** Says why a file stayed; what says so names it. */
static void warn(struct name_guard *guard, const struct prune_opts *opts,
	const struct err *why)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	struct err unable;
	if (name_guard_add(&text, guard, why->msg, &unable) == 0)
		log_warn(opts->log, "not deleted: %s", text.bytes);
}

static void count_result(struct tally *tally, int rc, struct name_guard *guard,
	const struct session_file *file, const struct prune_opts *opts,
	const struct err *err)
{
	if (rc > 0) {
		tally->deleted++;
		tally->bytes += (uint64_t)file->st.st_size;
	} else if (rc == 0) {
		tally->kept++;
	} else {
		tally->failed++;
		warn(guard, opts, err);
	}
}

static int delete_expired(struct tally *tally, struct monitor *monitor,
	size_t index, const struct prune_opts *opts, struct err *err)
{
	const struct session_place *place = monitor->places[index];
	const struct session_dir *dir = &monitor->statuses[index].dir;
	CLEANUP(fd_close) int folder = -1;
	int rc = folder_open(&folder, place->path, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < dir->count; i++) {
		if (!is_expired(&dir->files[i], monitor->now))
			continue;
		rc = delete_file(monitor->reader, folder, place->inside,
			&dir->files[i], err);
		count_result(
			tally, rc, monitor->guard, &dir->files[i], opts, err);
	}
	return 0;
}

static void say(const struct page *page, const char *what, size_t count,
	const struct tally *tally)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%s ", what);
	add_counted(&text, count, "expired session");
	if (count) {
		buf_add_text(&text, ", ");
		add_size(&text, tally->bytes);
	}
	if (tally->kept) {
		buf_add_text(&text, "; kept ");
		add_counted(&text, tally->kept, "file");
		buf_add_text(&text, " that changed meanwhile");
	}
	if (tally->failed) {
		buf_add_text(&text, "; failed on ");
		add_counted(&text, tally->failed, "file");
	}
	page_wrap(page, 0, 2, text.bytes);
}

static int exit_code(const struct monitor *monitor, const struct tally *tally)
{
	if (tally->failed)
		return EXIT_FINDINGS;
	return monitor_result(monitor).complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

int monitor_prune(struct monitor *monitor, FILE *out,
	const struct prune_opts *opts, struct err *err)
{
	struct page page;
	page_init(&page, out, opts->report);
	struct tally plan = { 0 };
	int rc = list_expired(&page, &plan, monitor, err);
	if (rc < 0)
		return rc;
	if (opts->dry_run)
		say(&page, "Would delete", plan.planned, &plan);
	else if (!plan.planned)
		page_line(&page, 0, "No expired session.");
	if (opts->dry_run || !plan.planned)
		return exit_code(monitor, &plan);
	fflush(out);
	rc = opts->yes ? 1 : ask(&plan, opts->log, err);
	if (rc < 0)
		return rc;
	struct tally done = { 0 };
	for (size_t i = 0; rc && i < monitor->count; i++) {
		int failed = delete_expired(&done, monitor, i, opts, err);
		if (failed < 0 && failed != ERR_NOT_FOUND)
			return failed;
	}
	say(&page, "Deleted", done.deleted, &done);
	return exit_code(monitor, &done);
}
