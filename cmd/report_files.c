#include "cmd/report_files.h"

#include "base/array.h"
#include "base/buf.h"
#include "cmd/interrupt.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int report_format_find(const struct reporter **out, const char *option,
	const char *name, struct err *err)
{
	*out = reporter_find(name);
	if (*out)
		return 0;
	CLEANUP(buf_clear) struct buf names;
	buf_init(&names, 0);
	for (size_t i = 0; reporters[i]; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", reporters[i]->name);
	return err_set(err, ERR_USAGE, "%s takes one of %s, not '%s'", option,
		names.bytes, name);
}

/* A scan of an hour should not end with a folder that is not there. */
static int check_writable(struct report_file *file, struct err *err)
{
	struct stat st;
	bool exists = stat(file->path, &st) == 0;
	if (exists && S_ISDIR(st.st_mode))
		return err_set(err, ERR_IO, "%s: is a folder", file->path);
	file->is_stream = exists && !S_ISREG(st.st_mode);
	if (file->is_stream)
		return 0;
	CLEANUP(freep) char *folder = xstrdup(file->path);
	char *slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder] = '\0';
	if (access(slash ? folder : ".", W_OK | X_OK) < 0)
		return err_errno(err, "%s", file->path);
	return 0;
}

int report_files_add(struct report_files *files,
	const struct reporter *reporter, const char *path, struct err *err)
{
	if (!strcmp(path, "-"))
		return err_set(err, ERR_USAGE,
			"'-' is no file; what goes to standard output is "
			"chosen by --format");
	for (size_t i = 0; i < files->count; i++)
		if (!strcmp(files->items[i].path, path))
			return err_set(err, ERR_USAGE,
				"two reports would be written to '%s'", path);
	struct report_file file = { .reporter = reporter, .path = path };
	int rc = check_writable(&file, err);
	if (rc < 0)
		return rc;
	ARRAY_GROW(files->items, files->count, files->capacity);
	files->items[files->count++] = file;
	return 0;
}

int report_files_parse(struct report_files *files,
	const struct opt_list *reports, struct err *err)
{
	for (size_t i = 0; i < reports->count; i++) {
		const char *item = reports->items[i];
		size_t len = strcspn(item, "=");
		if (!item[len] || !item[len + 1])
			return err_set(err, ERR_USAGE,
				"--report takes <format>=<file>, not '%s'",
				item);
		CLEANUP(freep) char *name = xmemdupz(item, len);
		const struct reporter *reporter;
		int rc = report_format_find(&reporter, "--report", name, err);
		if (rc == 0)
			rc = report_files_add(
				files, reporter, item + len + 1, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

bool report_files_need_text_places(const struct report_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		if (files->items[i].reporter->needs_text_places)
			return true;
	return false;
}

/* Renames nothing yet, except that a stream is written to. */
static int write_reports(struct report_files *files, bool streams,
	const struct scan_result *result, const struct report_opts *opts,
	struct err *err)
{
	for (size_t i = 0; i < files->count; i++) {
		struct report_file *file = &files->items[i];
		if (file->is_stream != streams)
			continue;
		int rc = output_open(&file->output, file->path, err);
		if (rc < 0)
			return rc;
		rc = file->reporter->write(
			file->output.file, result, opts, err);
		if (rc < 0)
			return err_prefix(err, "%s", file->path);
	}
	return 0;
}

static int commit_reports(
	struct report_files *files, bool streams, struct err *err)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < files->count; i++)
		if (files->items[i].is_stream == streams)
			rc = output_commit(&files->items[i].output, err);
	return rc;
}

static void close_outputs(struct report_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		output_clear(&files->items[i].output);
}

int report_files_write(struct report_files *files,
	const struct scan_result *result, const struct report_opts *opts,
	struct err *err)
{
	struct report_opts plain = *opts;
	plain.color = false; /* that is for the terminal */
	interrupt_hold();
	int rc = write_reports(files, false, result, &plain, err);
	bool stopped = interrupt_is_held();
	if (rc == 0 && !stopped)
		rc = commit_reports(files, false, err);
	if (rc < 0 || stopped)
		close_outputs(files);
	interrupt_release(!stopped);
	if (rc == 0)
		rc = write_reports(files, true, result, &plain, err);
	return rc < 0 ? rc : commit_reports(files, true, err);
}

void report_files_clear(struct report_files *files)
{
	close_outputs(files);
	free(files->items);
	*files = (struct report_files){ 0 };
}
