/* Any bytes as a rule file: refused with a place, or taken and written. */
#include "base/arena.h"
#include "rules/rule_digest.h"
#include "rules/rule_file.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message that names no place, or that could upset a terminal. */
static void check_message(const struct err *err)
{
	if (err->code != ERR_PARSE || strncmp(err->msg, "f:", 2) != 0)
		abort();
	char *end;
	unsigned long line = strtoul(err->msg + 2, &end, 10);
	if (line < 1 || *end != ':')
		abort();
	unsigned long column = strtoul(end + 1, &end, 10);
	if (column < 1 || strncmp(end, ": ", 2) != 0)
		abort();
	for (const char *at = err->msg; *at; at++)
		if ((unsigned char)*at < 0x20)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_file file;
	struct err err = { 0 };
	int rc = rule_file_parse(
		&file, &arena, "f", (const char *)bytes, len, &err);
	if (rc < 0) {
		check_message(&err);
		return 0;
	}
	char digest[RULE_DIGEST_SIZE];
	rule_digest(digest, file.rules, file.rule_count);
	for (size_t i = 0; i < file.change_count; i++) {
		struct rule rule = { .id = file.changes[i].id };
		rc = rule_change_apply(
			&file.changes[i], &rule, &arena, "f", &err);
		if (rc < 0)
			check_message(&err);
	}
	return 0;
}

/* libfyaml 0.7.12 loses a buffer where a quoted scalar turns out to be no
 * key. Once a rule file at most, so it is left there. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml.so";
}
