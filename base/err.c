#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void err_format(struct err *err, int code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(err->msg, sizeof(err->msg), format, args);
	va_end(args);
	err->code = code;
}

void err_format_errno(struct err *err, const char *format, ...)
{
	int saved = errno;
	va_list args;
	va_start(args, format);
	int length = vsnprintf(err->msg, sizeof(err->msg), format, args);
	va_end(args);
	if (length >= 0 && (size_t)length < sizeof(err->msg))
		snprintf(err->msg + length, sizeof(err->msg) - (size_t)length,
			": %s", strerror(saved));
	err->code = ERR_IO;
}

int err_prefix(struct err *err, const char *format, ...)
{
	char old[sizeof(err->msg)];
	memcpy(old, err->msg, sizeof(old));
	va_list args;
	va_start(args, format);
	int length = vsnprintf(err->msg, sizeof(err->msg), format, args);
	va_end(args);
	if (length >= 0 && (size_t)length < sizeof(err->msg))
		snprintf(err->msg + length, sizeof(err->msg) - (size_t)length,
			": %.*s", (int)sizeof(old), old);
	return err->code;
}
