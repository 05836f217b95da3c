#include "base/cleanup.h"
#include "remedy/ignore_file.h"
#include "remedy/ignore_line.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

/* A .gitignore of any bytes: it is asked about paths, a block is put in, and
 * taking it out gives back what was there without one. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const entry[] = { "/a/" };
	struct err err = { 0 };
	CLEANUP(ignore_lines_clear) struct ignore_lines lines = { 0 };
	const char *text = bytes ? (const char *)bytes : "";
	if (ignore_lines_parse(&lines, text, len, len & 1, "f", &err) < 0)
		return 0;
	(void)ignore_lines_take(&lines, "a/bb/c c/d.log");

	CLEANUP(ignore_file_clear) struct ignore_file file = { 0 };
	CLEANUP(ignore_file_clear) struct ignore_file changed = { 0 };
	CLEANUP(buf_clear) struct buf with;
	CLEANUP(buf_clear) struct buf without;
	CLEANUP(buf_clear) struct buf plain;
	buf_init(&with, 0);
	buf_init(&without, 0);
	buf_init(&plain, 0);
	struct buf content;
	buf_init(&content, 0);
	buf_add(&content, text, len);
	if (ignore_file_parse(&file, &content, "f", &err) < 0)
		return 0;
	ignore_file_render(&plain, &file, NULL, 0, NULL);
	ignore_file_render(&with, &file, entry, 1, NULL);
	int rc = ignore_file_parse(&changed, &with, "f", &err);
	assert(rc == 0);
	(void)rc;
	ignore_file_render(&without, &changed, NULL, 0, NULL);
	assert(without.len == plain.len);
	assert(!plain.len || !memcmp(without.bytes, plain.bytes, plain.len));
	return 0;
}
