#include "cmd/report_plan.h"

#include "cmd/step_summary.h"

#include <string.h>

void report_fields_clear(struct report_fields *fields)
{
	opt_list_clear(&fields->reports);
}

void report_plan_clear(struct report_plan *plan)
{
	report_files_clear(&plan->files);
}

static int pick_format(const char **out, const struct report_fields *fields,
	const char *standard, struct err *err)
{
	bool porcelain = fields->porcelain || fields->nul_ended;
	*out = fields->look.format ? fields->look.format : standard;
	if (!porcelain)
		return 0;
	if (fields->look.format &&
		strcmp(fields->look.format, "porcelain") != 0)
		return err_set(err, ERR_USAGE,
			"--porcelain and -z go with --format=porcelain alone");
	*out = "porcelain";
	return 0;
}

/** Which reports go where. */
static int plan_reports(struct report_plan *plan,
	const struct report_fields *fields, const char *standard,
	struct err *err)
{
	const char *format;
	const struct reporter *reporter = NULL;
	int rc = pick_format(&format, fields, standard, err);
	if (rc == 0)
		rc = report_format_find(&reporter, "--format", format, err);
	if (rc < 0)
		return rc;
	plan->job_summary = !strcmp(format, "github");
	if (fields->output)
		rc = report_files_add(
			&plan->files, reporter, fields->output, err);
	else
		plan->reporter = reporter;
	return rc < 0 ? rc
		      : report_files_parse(&plan->files, &fields->reports, err);
}

int report_plan_make(struct report_plan *out,
	const struct report_fields *fields, const char *standard,
	const struct cmd_env *env, struct err *err)
{
	*out = (struct report_plan){ 0 };
	int rc = plan_reports(out, fields, standard, err);
	if (rc == 0)
		rc = look_make(&out->opts, &fields->look, env, err);
	out->opts.nul_ended = fields->nul_ended;
	return rc;
}

bool report_plan_needs_text_places(const struct report_plan *plan)
{
	return report_files_need_text_places(&plan->files) ||
		(plan->reporter && plan->reporter->needs_text_places);
}

/* Files first: who reads standard output may go away. */
int report_plan_write(struct report_plan *plan, const struct cmd_env *env,
	const struct scan_result *result, struct err *err)
{
	int rc = report_files_write(&plan->files, result, &plan->opts, err);
	if (rc == 0 && plan->job_summary)
		rc = step_summary_append(result, &plan->opts, err);
	if (rc == 0 && plan->reporter)
		rc = plan->reporter->write(env->out, result, &plan->opts, err);
	return rc;
}
