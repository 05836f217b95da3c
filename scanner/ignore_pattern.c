#include "scanner/ignore_pattern.h"

#include "base/utf8.h"

#include <string.h>

static int add_unsafe(struct buf *out, size_t len)
{
	static const char marks[] = "????";
	return buf_add(out, marks, len);
}

/* One character, or one byte that is none. */
static int add_character(struct buf *out, const char *at, size_t len, bool last)
{
	uint32_t code;
	size_t step = utf8_decode(&code, (const unsigned char *)at, len);
	if (!step || utf8_is_unsafe(code))
		return add_unsafe(out, step ? step : 1);
	/* git cuts trailing spaces off a line; an escaped last one stops it */
	if (strchr("*?[\\", *at) || (last && *at == ' ')) {
		int rc = buf_add_byte(out, '\\');
		if (rc < 0)
			return rc;
	}
	return buf_add(out, at, step);
}

int ignore_pattern_add_path(struct buf *out, const char *path, size_t len)
{
	size_t at = 0;
	while (at < len) {
		uint32_t code;
		size_t left = len - at;
		size_t step = utf8_decode(
			&code, (const unsigned char *)path + at, left);
		step = step ? step : 1;
		int rc = add_character(out, path + at, left, step == left);
		if (rc < 0)
			return rc;
		at += step;
	}
	return 0;
}

/* The store holds the path, and is not the whole work tree. */
static bool store_is_folder(const struct finding *finding)
{
	const char *store = finding->store;
	if (!store || !*store)
		return false;
	size_t len = strlen(store);
	return !strncmp(finding->path, store, len) && finding->path[len] == '/';
}

static int add_derived(struct buf *out, const struct finding *finding)
{
	bool folder = store_is_folder(finding);
	const char *path = folder ? finding->store : finding->path;
	int rc = buf_add_byte(out, '/');
	if (rc == 0)
		rc = ignore_pattern_add_path(out, path, strlen(path));
	if (rc == 0 && folder)
		rc = buf_add_byte(out, '/');
	return rc;
}

/* A path at the very start must not read as a comment or a negation. */
static int add_filled(struct buf *out, size_t start, const char *path)
{
	if (out->len == start && (*path == '#' || *path == '!')) {
		int rc = buf_add_byte(out, '\\');
		if (rc < 0)
			return rc;
	}
	return ignore_pattern_add_path(out, path, strlen(path));
}

static int add_template(
	struct buf *out, const struct finding *finding, const char *template)
{
	size_t start = out->len;
	int rc = 0;
	while (*template && rc == 0) {
		if (!strncmp(template, "{store}", 7)) {
			rc = add_filled(out, start, finding->store);
			template += 7;
		} else if (!strncmp(template, "{path}", 6)) {
			rc = add_filled(out, start, finding->path);
			template += 6;
		} else {
			rc = buf_add_byte(out, (unsigned char)*template ++);
		}
	}
	return rc;
}

int ignore_pattern_of(struct buf *out, const struct finding *finding)
{
	const char *template = finding->rule->gitignore;
	if (!*finding->path || !finding_is_in_tree(finding) ||
		finding->raw_path || (!template && !finding->rule->untrack))
		return 0;
	if (!template)
		return add_derived(out, finding);
	if (strstr(template, "{store}") &&
		(!finding->store || !*finding->store))
		return add_derived(out, finding);
	return add_template(out, finding, template);
}
