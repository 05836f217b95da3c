#include "base/alloc.h"
#include "cmd/opt.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ARGS 32

struct fields {
	bool flag;
	unsigned bits;
	const char *text;
	const char *when;
	struct opt_list list;
	uint64_t number;
	int count;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt table[] = {
	{ OPT_FLAG, 'f', "flag", FIELD(flag), 0, NULL, "x" },
	{ OPT_FLAG, 'F', "no-flags", FIELD(flag), 0, NULL, "x" },
	{ OPT_BITS, 'b', "bits", FIELD(bits), 3, NULL, "x" },
	{ OPT_TEXT, 't', "text", FIELD(text), 0, "<x>", "x" },
	{ OPT_TEXT, 'w', "when", FIELD(when), 0, "[=<x>]", "x" },
	{ OPT_LIST, 'l', "list", FIELD(list), 0, "<x>", "x" },
	{ OPT_NUMBER, 'n', "number", FIELD(number), 0, "<x>", "x" },
	{ OPT_COUNT, 'c', "count", FIELD(count), 1, NULL, "x" },
	{ 0 },
};

/* The bytes are arguments, each ended by a NUL. Every argument ends up as a
 * word, in a field, or in an error; none is made up. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct opt_spec spec = { .usage = "x", .opts = table };
	CLEANUP(freep) char *text = xmemdupz(bytes, len);
	char *argv[MAX_ARGS + 1] = { 0 };
	int argc = 0;
	for (size_t at = 0; at < len && argc < MAX_ARGS;
		at += strlen(text + at) + 1)
		argv[argc++] = text + at;

	struct fields fields = { 0 };
	struct err err = { 0 };
	int words = opt_parse(&fields, &spec, argc, argv, &err);
	FUZZ_ASSERT(words == ERR_USAGE || words == OPT_HELP_ASKED ||
		(words >= 0 && words <= argc));
	FUZZ_ASSERT(words != ERR_USAGE || err.msg[0]);
	FUZZ_ASSERT(
		!fields.list.items || !fields.list.items[fields.list.count]);
	opt_list_clear(&fields.list);
	return 0;
}
