#include "scanner/ignore_pattern.h"

#include "base/utf8.h"
#include "scanner/store.h"

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

/* What the rule that says where the file belongs calls its store; "" where it
 * stands for nothing. */
static const char *find_store(
	struct arena *arena, const struct finding *finding)
{
	const char *store = finding->file_rule
		? store_of(arena, finding->file_rule->store, finding->path)
		: finding->store;
	return store ? store : "";
}

/* The store holds the path, and is not the whole work tree. */
static bool is_folder(const char *store, const char *path)
{
	size_t len = strlen(store);
	return len && !strncmp(path, store, len) && path[len] == '/';
}

static int add_derived(struct buf *out, const char *store, const char *path)
{
	bool folder = is_folder(store, path);
	path = folder ? store : path;
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

static int add_template(struct buf *out, const char *store, const char *path,
	const char *template)
{
	size_t start = out->len;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	int rc = 0;
	while (*template && rc == 0) {
		if (!strncmp(template, "{store}", 7)) {
			rc = add_filled(out, start, store);
			template += 7;
		} else if (!strncmp(template, "{path}", 6)) {
			rc = add_filled(out, start, path);
			template += 6;
		} else if (!strncmp(template, "{name}", 6)) {
			rc = add_filled(out, start, name);
			template += 6;
		} else {
			rc = buf_add_byte(out, (unsigned char)*template ++);
		}
	}
	return rc;
}

int ignore_pattern_of(struct buf *out, const struct finding *finding)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct rule *remedy = finding_remedy(finding);
	const char *template = remedy->gitignore;
	const char *path = finding->path;
	if (!*path || !finding_is_in_tree(finding) || finding->raw_path ||
		(!template && !remedy->untrack))
		return 0;
	const char *store = find_store(&arena, finding);
	if (!template || (strstr(template, "{store}") && !*store))
		return add_derived(out, store, path);
	return add_template(out, store, path, template);
}
