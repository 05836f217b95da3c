#include "report/report.h"

#include "report/reporters.h"

#include <string.h>

const struct reporter *const reporters[] = {
	&reporter_human,
	&reporter_jsonl,
	&reporter_json,
	&reporter_porcelain,
	&reporter_csv,
	&reporter_markdown,
	&reporter_html,
	&reporter_sarif,
	&reporter_github,
	&reporter_gitlab,
	&reporter_code_climate,
	&reporter_junit,
	&reporter_rdjson,
	&reporter_gitleaks,
	NULL,
};

const struct reporter *reporter_find(const char *name)
{
	for (size_t i = 0; reporters[i]; i++)
		if (!strcmp(reporters[i]->name, name))
			return reporters[i];
	return NULL;
}

int report_finish(FILE *out, struct err *err)
{
	if (fflush(out))
		return err_errno(err, "cannot write the report");
	if (ferror(out))
		return err_set(err, ERR_IO, "cannot write the report");
	return 0;
}
