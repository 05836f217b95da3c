#include "report/id_in_name.h"

#include <string.h>

/* PHP's ids have 22 characters or more, those of others 20 or more; what is
 * shorter than 16 is guessed anyway (scanner/redact.h has the same bounds). */
#define ID_MIN   16
#define ID_SHOWN 4
#define MD5_HEX  32

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/** MD5 in hex, as cachelib and Werkzeug name all of their files. */
static bool is_md5(const char *name)
{
	return strlen(name) == MD5_HEX &&
		strspn(name, "0123456789abcdef") == MD5_HEX;
}

bool finding_names_id(const struct finding *finding)
{
	const struct evidence *evidence = finding->evidence;
	if (!finding->rule->untrack || !strstr(finding->rule->id, "session"))
		return false;
	if (!evidence)
		return !is_md5(last_component(finding->path));
	return evidence->id != ID_HASHED && evidence->id != ID_UNKNOWN;
}

static size_t run_length(const char *text)
{
	static const char id[] = "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,-";
	return strspn(text, id);
}

void add_path_without_id(struct buf *out, const char *path)
{
	const char *at = last_component(path);
	buf_add(out, path, (size_t)(at - path));
	while (*at) {
		size_t run = run_length(at);
		if (run >= ID_MIN)
			buf_printf(out, "%.*s...(%zu characters)", ID_SHOWN, at,
				run);
		else
			buf_add(out, at, run ? run : 1);
		at += run ? run : 1;
	}
}
