#include "scanner/reflog.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/file.h"
#include "scanner/file_tree.h"

#include <stdlib.h>
#include <string.h>

#define IDS_LEN (2 * OID_HEX_SIZE + 2) /* both ids, a space behind each */

static bool parse_line(struct reflog_entry *entry, const char *line, size_t len)
{
	return len >= IDS_LEN && line[OID_HEX_SIZE] == ' ' &&
		line[IDS_LEN - 1] == ' ' &&
		oid_from_hex(&entry->before, line) &&
		oid_from_hex(&entry->after, line + OID_HEX_SIZE + 1);
}

static void add_entry(struct reflog *log, const struct reflog_entry *entry)
{
	ARRAY_GROW(log->entries, log->count, log->capacity);
	log->entries[log->count++] = *entry;
}

void reflog_parse(struct reflog *log, const char *text, size_t len)
{
	const char *end = text + len;
	for (const char *at = text; at < end;) {
		const char *eol = memchr(at, '\n', (size_t)(end - at));
		size_t line_len = (size_t)((eol ? eol : end) - at);
		struct reflog_entry entry;
		if (parse_line(&entry, at, line_len))
			add_entry(log, &entry);
		else
			log->damaged = true;
		at += line_len + 1;
	}
}

/** Reads what lies at `path` into a log without entries. */
static int read_into(struct reflog *log, const char *path)
{
	CLEANUP(buf_clear) struct buf text;
	struct err ignored;
	buf_init(&text, REFLOG_MAX_SIZE);
	int rc = file_read(&text, path, 0, &ignored);
	if (rc < 0)
		log->damaged = true;
	else if (text.len)
		reflog_parse(log, text.bytes, text.len);
	return rc;
}

static void read_log(const char *name, const char *path, void *ctx)
{
	struct reflogs *reflogs = ctx;
	size_t len = strlen(name);
	if (len > 5 && !strcmp(name + len - 5, ".lock"))
		return;
	ARRAY_GROW(reflogs->logs, reflogs->count, reflogs->capacity);
	struct reflog *log = &reflogs->logs[reflogs->count++];
	*log = (struct reflog){ .ref = xstrdup(name + strlen("logs/")) };
	(void)read_into(log, path);
}

void reflog_read(struct reflog *out, const char *git_dir, const char *ref)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%slogs/%s", git_dir, ref);
	*out = (struct reflog){ .ref = xstrdup(ref) };
	if (read_into(out, path.bytes) == ERR_NOT_FOUND)
		out->damaged = false;
}

void reflog_clear(struct reflog *log)
{
	free(log->ref);
	free(log->entries);
	*log = (struct reflog){ 0 };
}

static int compare_logs(const void *a, const void *b)
{
	const struct reflog *left = a;
	const struct reflog *right = b;
	return strcmp(left->ref, right->ref);
}

void reflogs_read(struct reflogs *out, const char *git_dir)
{
	*out = (struct reflogs){ 0 };
	file_tree_each(git_dir, "logs", read_log, out);
	if (out->count)
		qsort(out->logs, out->count, sizeof(*out->logs), compare_logs);
}

void reflogs_clear(struct reflogs *reflogs)
{
	for (size_t i = 0; i < reflogs->count; i++)
		reflog_clear(&reflogs->logs[i]);
	free(reflogs->logs);
	*reflogs = (struct reflogs){ 0 };
}
