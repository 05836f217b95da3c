#include "base/log.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <string.h>

/* Longer than any struct err and its prefix; the rest of a line is cut. */
#define MAX_LINE 2048

static void put_safely(FILE *out, const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text;
	while (len) {
		uint32_t code = 0;
		size_t step = utf8_decode(&code, at, len);
		bool safe = step && !utf8_is_unsafe(code);
		if (!step)
			step = 1;
		for (size_t i = 0; i < step; i++) {
			if (safe)
				fputc(at[i], out);
			else
				fprintf(out, "\\x%02x", at[i]);
		}
		at += step;
		len -= step;
	}
}

PRINTF_LIKE(4, 0)
static void say(const struct log *log, int level, const char *prefix,
	const char *format, va_list args)
{
	if (log->level < level)
		return;
	char line[MAX_LINE];
	vsnprintf(line, sizeof(line), format, args);
	fputs(prefix, log->out);
	put_safely(log->out, line, strlen(line));
	fputc('\n', log->out);
}

void log_fatal(const struct log *log, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(log, LOG_QUIET, "fatal: ", format, args);
	va_end(args);
}

void log_error(const struct log *log, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say(log, LOG_QUIET, "error: ", format, args);
	va_end(args);
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
