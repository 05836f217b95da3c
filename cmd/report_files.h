/*
 * The report files of one scan. They are checked before the scan, which may
 * take long; afterwards all of them are written beside their places, and only
 * then renamed, so that an interrupt or a full disk leaves what was there.
 */
#ifndef CMD_REPORT_FILES_H
#define CMD_REPORT_FILES_H

#include "cmd/opt.h"
#include "cmd/output.h"
#include "report/report.h"

/** One --report, or -o. */
struct report_file {
	const struct reporter *reporter;
	const char *path; /* borrowed from the command line */
	bool is_stream;   /* a pipe or device: it is written directly */
	struct output output;
};

struct report_files {
	struct report_file *items;
	size_t count, capacity;
};

/** The reporter of that name; ERR_USAGE names the ones there are. */
int report_format_find(const struct reporter **out, const char *option,
	const char *name, struct err *err) MUST_CHECK;

/** Adds a file; ERR_USAGE when it is another one's, ERR_IO when it could not be
 * written. */
int report_files_add(struct report_files *files,
	const struct reporter *reporter, const char *path,
	struct err *err) MUST_CHECK;

/** Adds the files of `--report <format>=<file>`. */
int report_files_parse(struct report_files *files,
	const struct opt_list *reports, struct err *err) MUST_CHECK;

/** True when one of them needs the findings' text places. */
bool report_files_need_text_places(const struct report_files *files);

/** Writes all files or, when one fails, none; then to pipes and devices. A
 * Ctrl-C before the files stand in their places leaves none of them behind and
 * ends the process (interrupt.h). */
int report_files_write(struct report_files *files,
	const struct scan_result *result, const struct report_opts *opts,
	struct err *err) MUST_CHECK;

/** Removes what was not committed. */
void report_files_clear(struct report_files *files);

#endif
