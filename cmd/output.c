#include "cmd/output.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_directly(struct output *output, struct err *err)
{
	output->file = fopen(output->path, "we");
	return output->file ? 0 : err_errno(err, "%s", output->path);
}

int output_open(struct output *output, const char *path, struct err *err)
{
	*output = (struct output){ .path = xstrdup(path) };
	struct stat st;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return open_directly(output, err);
	struct buf name;
	buf_init(&name, 0);
	buf_printf(&name, "%s.XXXXXX", path);
	output->temporary = buf_steal(&name);
	int fd = mkostemp(output->temporary, O_CLOEXEC); /* mode 0600 */
	if (fd < 0) {
		free(output->temporary);
		output->temporary = NULL;
		return err_errno(err, "%s", path);
	}
	output->file = fdopen(fd, "w");
	return output->file ? 0 : err_errno(err, "%s", path);
}

int output_commit(struct output *output, struct err *err)
{
	FILE *file = STEAL(output->file);
	int failed = fflush(file) != 0 || ferror(file) ||
		(output->temporary && fsync(fileno(file)) < 0);
	failed = fclose(file) != 0 || failed;
	if (!failed && output->temporary)
		failed = rename(output->temporary, output->path) < 0;
	if (failed)
		return err_errno(err, "%s", output->path);
	free(output->temporary);
	output->temporary = NULL;
	return 0;
}

void output_clear(struct output *output)
{
	if (output->file)
		fclose(output->file);
	if (output->temporary)
		unlink(output->temporary);
	free(output->temporary);
	free(output->path);
	*output = (struct output){ 0 };
}
