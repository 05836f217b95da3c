#include "cmd/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int terminal_color(bool *color, FILE *out, const char *when, struct err *err)
{
	if (when && (!*when || !strcmp(when, "always"))) {
		*color = true;
		return 0;
	}
	if (when && !strcmp(when, "never")) {
		*color = false;
		return 0;
	}
	if (when && strcmp(when, "auto") != 0)
		return err_set(err, ERR_USAGE,
			"--color takes always, never or auto, not '%s'", when);
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	*color = isatty(fileno(out)) && (!no_color || !*no_color) && term &&
		strcmp(term, "dumb") != 0;
	return 0;
}

unsigned terminal_width(FILE *out)
{
	unsigned long width = 0;
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	if (columns)
		width = strtoul(columns, NULL, 10);
	else if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (!width)
		return 80;
	if (width < 60)
		return 60;
	return width > 200 ? 200 : (unsigned)width;
}

bool terminal_is_utf8(void)
{
	return setlocale(LC_CTYPE, "") &&
		!strcmp(nl_langinfo(CODESET), "UTF-8");
}
