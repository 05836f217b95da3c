#include "cmd/look.h"

#include "cmd/terminal.h"

#include <string.h>

int look_is_json(bool *json, const struct look_fields *fields, struct err *err)
{
	const char *format = fields->format ? fields->format : "human";
	*json = !strcmp(format, "json");
	if (*json || !strcmp(format, "human"))
		return 0;
	return err_set(err, ERR_USAGE, "--format takes human or json, not '%s'",
		format);
}

int look_make(struct report_opts *out, const struct look_fields *fields,
	const struct cmd_env *env, struct err *err)
{
	*out = (struct report_opts){
		.utf8 = terminal_is_utf8(),
		.width = terminal_width(env->out),
		.verbosity = fields->verbosity - fields->quiet,
		.version = HYGIENE_VERSION,
	};
	return terminal_color(&out->color, env->out, fields->color, err);
}
