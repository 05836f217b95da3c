#include "base/log.h"

#include <stdarg.h>

static void say(const struct log *log, int level, const char *prefix,
	const char *format, va_list args)
{
	if (log->level < level)
		return;
	fputs(prefix, log->out);
	vfprintf(log->out, format, args);
	fputc('\n', log->out);
}

void log_warn(const struct log *log, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(log, LOG_WARN, "warning: ", format, args);
	va_end(args);
}

void log_info(const struct log *log, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(log, LOG_INFO, "", format, args);
	va_end(args);
}

void log_debug(const struct log *log, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(log, LOG_DEBUG, "debug: ", format, args);
	va_end(args);
}
