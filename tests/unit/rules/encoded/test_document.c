#include "base/cleanup.h"
#include "rules/encoded/document.h"
#include "rules/encoded/encoding.h"
#include "tests/support/test.h"

#include <string.h>

struct row {
	const char *name;
	int encoding;
	const char *bytes;
	size_t len;
};

#define TEXT(literal) literal, sizeof(literal) - 1
#define WIDE_LE       "k\0e\0y\0 \0=\0 \0v\0a\0l\0u\0e\0\n\0"
#define WIDE_BE       "\0k\0e\0y\0 \0=\0 \0v\0a\0l\0u\0e\0\n"

static const struct row rows[] = {
	{ "nothing", ENCODING_NONE, TEXT("") },
	{ "text", ENCODING_NONE, TEXT("key = value\n") },
	{ "zeros", ENCODING_NONE, TEXT("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
	{ "utf-16le with mark", ENCODING_UTF16LE, TEXT("\xFF\xFEk\0") },
	{ "utf-16be with mark", ENCODING_UTF16BE, TEXT("\xFE\xFF\0k") },
	{ "utf-16le without", ENCODING_UTF16LE, TEXT(WIDE_LE) },
	{ "utf-16be without", ENCODING_UTF16BE, TEXT(WIDE_BE) },
	{ "too little of it", ENCODING_NONE, TEXT("k\0e\0y\0") },
	{ "utf-32", ENCODING_NONE, TEXT("\xFF\xFE\0\0k\0\0\0") },
	{ "numbers of two bytes", ENCODING_NONE,
		TEXT("\1\0\2\0\3\0\4\0\5\0\6\0\7\0\1\0\2\0") },
	{ "utf-8 with mark", ENCODING_BOM, TEXT("\xEF\xBB\xBFkey") },
	{ "a notebook", ENCODING_JSON, TEXT("{\n \"cells\": [") },
	{ "an HTTP archive", ENCODING_JSON, TEXT(" {\"log\":{") },
	{ "other JSON", ENCODING_NONE, TEXT("{\"name\": \"cells\"}") },
	{ "half a key", ENCODING_NONE, TEXT("{\"cell") },
};

static void a_document_is_known(void **state)
{
	const struct row *row = *state;
	assert_int_equal(
		document_encoding((const unsigned char *)row->bytes, row->len),
		row->encoding);
}

static void of_a_marked_text_the_first_line_counts(void **state)
{
	(void)state;
	const unsigned char text[] = "\xEF\xBB\xBF"
				     "a\nb\n";
	assert_int_equal(document_extent(ENCODING_BOM, text, 7), 4);
	assert_int_equal(document_extent(ENCODING_BOM, text, 4), 4);
	assert_int_equal(document_extent(ENCODING_JSON, text, 7), 7);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[count++] =
			(struct CMUnitTest){ rows[i].name, a_document_is_known,
				NULL, NULL, (void *)(uintptr_t)&rows[i] };
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		of_a_marked_text_the_first_line_counts);
	return _cmocka_run_group_tests("document", tests, count, NULL, NULL);
}
