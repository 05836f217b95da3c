#include "scanner/err_git.h"

#include <git2.h>

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 0))) static int set_reason(
	struct err *err, int code, const char *what, va_list args)
{
	char text[256];
	vsnprintf(text, sizeof(text), what, args);
	const git_error *last = git_error_last();
	return err_set(err, code, "%s: %s", text,
		last && last->message ? last->message : "unknown reason");
}

int err_git(struct err *err, const char *what, ...)
{
	va_list args;
	va_start(args, what);
	int rc = set_reason(err, ERR_GIT, what, args);
	va_end(args);
	return rc;
}

int err_git_code(struct err *err, int code, const char *what, ...)
{
	va_list args;
	va_start(args, what);
	int rc = set_reason(err, code, what, args);
	va_end(args);
	return rc;
}
