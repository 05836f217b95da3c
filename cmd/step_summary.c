#include "cmd/step_summary.h"

#include "base/file_replace.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SUMMARY ((size_t)1024 * 1024)

static int append(
	const char *path, const char *text, size_t len, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "%s", path);
	struct stat st;
	bool failed = fstat(fd, &st) < 0;
	if (!failed && (size_t)st.st_size + len <= MAX_SUMMARY)
		failed = write_fully(fd, text, len) < 0;
	int rc = failed ? err_errno(err, "%s", path) : 0;
	close(fd);
	return rc;
}

int step_summary_append(const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	CLEANUP(freep) char *text = NULL;
	size_t len = 0;
	if (!path || !*path)
		return 0;
	FILE *out = open_memstream(&text, &len);
	if (!out)
		return err_errno(err, "cannot make the job summary");
	int rc = reporter_find("markdown")->write(out, result, opts, err);
	fclose(out); /* sets text and len */
	return rc < 0 ? rc : append(path, text, len, err);
}
