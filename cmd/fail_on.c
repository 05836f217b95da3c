#include "cmd/fail_on.h"

#include "rules/rule.h"

#include <string.h>

#define FAIL_NEVER (SEVERITY_CRITICAL + 1)

int fail_on_parse(int *out, const char *word, struct err *err)
{
	*out = SEVERITY_LOW;
	if (!word)
		return 0;
	*out = !strcmp(word, "never") ? FAIL_NEVER : severity_parse(word);
	if (*out < 0)
		return err_set(err, ERR_USAGE,
			"--fail-on takes info, low, medium, high, critical or "
			"never, not '%s'",
			word);
	return 0;
}
