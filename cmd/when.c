#include "cmd/when.h"

#include <time.h>

int when_parse(int64_t *out, const char *text, struct err *err)
{
	*out = (int64_t)time(NULL);
	if (!text)
		return 0;
	struct tm date = { 0 };
	const char *end = strptime(text, "%Y-%m-%d", &date);
	if (!end || *end)
		return err_set(err, ERR_USAGE,
			"--now takes a date as YYYY-MM-DD, not '%s'", text);
	*out = (int64_t)timegm(&date);
	return 0;
}
