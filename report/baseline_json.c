#include "report/baseline_json.h"

#include "base/alloc.h"
#include "report/json_writer.h"

#include <stdlib.h>
#include <string.h>

static void put_text(
	struct json_writer *json, const char *key, const char *text)
{
	if (!text)
		return;
	json_key(json, key);
	json_put_text(json, text);
}

static void put_entry(FILE *out, const struct baseline_entry *entry)
{
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	put_text(&json, "rule", entry->rule);
	put_text(&json, "path", entry->path);
	put_text(&json, "fingerprint", entry->fingerprint);
	put_text(&json, "reason", entry->reason);
	put_text(&json, "owner", entry->owner);
	put_text(&json, "expires", entry->expires);
	json_end_object(&json);
}

static void put_header(FILE *out, const char *key)
{
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	json_key(&json, "baseline");
	json_put_int(&json, BASELINE_FORMAT);
	put_text(&json, "key", key);
	json_end_object(&json);
	fputc('\n', out);
}

static int compare_lines(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;
	return strcmp(*left, *right);
}

static char *line_of(const struct baseline_entry *entry)
{
	char *line = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&line, &len);
	if (!out)
		return NULL;
	put_entry(out, entry);
	fclose(out);
	return line;
}

static int put_lines(FILE *out, char **lines, size_t count, struct err *err)
{
	if (count)
		qsort(lines, count, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < count; i++)
		if (!i || strcmp(lines[i - 1], lines[i]) != 0)
			fprintf(out, "%s\n", lines[i]);
	return ferror(out) ? err_set(err, ERR_IO, "the baseline: no memory")
			   : 0;
}

int baseline_json(struct buf *out, const struct baseline *baseline,
	const char *key, struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	size_t len = 0;
	FILE *file = open_memstream(&text, &len);
	if (!file)
		return err_errno(err, "the baseline");
	put_header(file, key);
	char **lines = xcalloc(baseline->count, sizeof(*lines));
	int rc = 0;
	for (size_t i = 0; i < baseline->count && rc == 0; i++) {
		lines[i] = line_of(&baseline->entries[i]);
		if (!lines[i])
			rc = err_errno(err, "the baseline");
	}
	if (rc == 0)
		rc = put_lines(file, lines, baseline->count, err);
	for (size_t i = 0; i < baseline->count; i++)
		free(lines[i]);
	free(lines);
	fclose(file);
	return rc < 0 ? rc : buf_add(out, text, len);
}
