#include "base/alloc.h"
#include "report/list_section.h"
#include "report/report.h"
#include "report/section_read.h"
#include "rules/ruleset.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define VERSION "0.1.0"
#define DIGEST \
	"0000000000000000000000000000000000000000000000000000000000000000"

static const struct rule *find_rule(const char *id, const void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < builtin_rule_count; i++)
		if (!strcmp(builtin_rules[i].id, id))
			return &builtin_rules[i];
	return NULL;
}

/** Writes the section, and reads that: it must come out the same. */
static void write_again(const struct section *section,
	const struct section_opts *opts, size_t len)
{
	const struct report_opts report = { .version = VERSION };
	struct err err = { 0 };
	CLEANUP(freep) char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	FUZZ_ASSERT(out);
	FUZZ_ASSERT(reporter_find("jsonl")->write(
			    out, &section->result, &report, &err) == 0);
	fclose(out);
	FUZZ_ASSERT(size <= len + 1); /* the lines that were read, in order */
	CLEANUP(fclosep) FILE *in = fmemopen(text, size, "r");
	CLEANUP(line_reader_clear) struct line_reader lines;
	CLEANUP(section_clear) struct section again;
	line_reader_init(&lines, "again", in);
	FUZZ_ASSERT(section_read(&again, &lines, opts, &err) == 1);
}

/** Whatever was taken for the report of a shard can be shown in any format. */
static void show(const struct section *section)
{
	const struct report_opts opts = { .version = VERSION, .width = 80 };
	for (size_t i = 0; reporters[i]; i++) {
		CLEANUP(freep) char *text = NULL;
		size_t size = 0;
		struct err err = { 0 };
		FILE *out = open_memstream(&text, &size);
		FUZZ_ASSERT(out);
		FUZZ_ASSERT(reporters[i]->write(
				    out, &section->result, &opts, &err) == 0);
		fclose(out);
	}
}

static void read_sections(const uint8_t *bytes, size_t len)
{
	static const struct section_opts opts = {
		.version = VERSION,
		.rules_digest = DIGEST,
		.rules = { find_rule, NULL },
	};
	CLEANUP(fclosep)
	FILE *in = fmemopen((void *)(uintptr_t)bytes, len, "r");
	CLEANUP(line_reader_clear) struct line_reader lines;
	line_reader_init(&lines, "fuzz", in);
	int rc;
	do {
		struct err err = { 0 };
		CLEANUP(section_clear) struct section section;
		rc = section_read(&section, &lines, &opts, &err);
		FUZZ_ASSERT(rc >= 0 || err.code == rc);
		if (rc > 0)
			write_again(&section, &opts, len);
		if (rc > 0 && section.result.shard.count)
			show(&section);
	} while (rc > 0);
}

static void read_list(const uint8_t *bytes, size_t len)
{
	CLEANUP(fclosep)
	FILE *in = fmemopen((void *)(uintptr_t)bytes, len, "r");
	CLEANUP(line_reader_clear) struct line_reader lines;
	line_reader_init(&lines, "fuzz", in);
	int rc;
	do {
		struct err err = { 0 };
		CLEANUP(list_section_clear) struct list_section section;
		rc = list_section_read(&section, &lines, VERSION, NULL, &err);
		FUZZ_ASSERT(rc <= 0 || section.len <= len);
		FUZZ_ASSERT(rc <= 0 || line_reader_offset(&lines) <= len);
	} while (rc > 0);
}

/* Reports of shards, and streams on many repositories. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!len)
		return 0;
	read_sections(bytes, len);
	read_list(bytes, len);
	return 0;
}
