#include "base/alloc.h"
#include "remedy/cache_tree.h"
#include "tests/support/test.h"

#include <string.h>

#define OID_A "aaaaaaaaaaaaaaaaaaaa"
#define OID_B "bbbbbbbbbbbbbbbbbbbb"
#define OID_C "cccccccccccccccccccc"

/* The top with the folders x, which has y, and z. */
static const char tree[] = "\0"
			   "4 2\n" OID_A "x\0"
			   "2 1\n" OID_B "y\0"
			   "1 0\n" OID_C "z\0"
			   "1 0\n" OID_C;

static bool invalidate(
	struct buf *out, const char *bytes, size_t len, const char *const *dirs)
{
	struct path_table changed = { 0 };
	buf_init(out, 0);
	for (; *dirs; dirs++)
		path_table_add(&changed, *dirs, strlen(*dirs));
	bool good = cache_tree_invalidate(
		out, (const unsigned char *)bytes, len, &changed);
	path_table_clear(&changed);
	return good;
}

static void nothing_changed_gives_the_same_bytes(void **state)
{
	(void)state;
	static const char *const none[] = { NULL };
	CLEANUP(buf_clear) struct buf out;
	assert_true(invalidate(&out, tree, sizeof(tree) - 1, none));
	assert_int_equal(out.len, sizeof(tree) - 1);
	assert_memory_equal(out.bytes, tree, out.len);
}

static void changed_folders_lose_their_id(void **state)
{
	(void)state;
	static const char wanted[] = "\0"
				     "-1 2\n"
				     "x\0"
				     "-1 1\n"
				     "y\0"
				     "1 0\n" OID_C "z\0"
				     "1 0\n" OID_C;
	static const char *const dirs[] = { "", "x", NULL };
	CLEANUP(buf_clear) struct buf out;
	assert_true(invalidate(&out, tree, sizeof(tree) - 1, dirs));
	assert_int_equal(out.len, sizeof(wanted) - 1);
	assert_memory_equal(out.bytes, wanted, out.len);
}

static void every_cut_is_refused(void **state)
{
	(void)state;
	static const char *const none[] = { NULL };
	for (size_t len = 0; len < sizeof(tree) - 1; len++) {
		CLEANUP(freep) char *copy = xmemdupz(tree, len);
		CLEANUP(buf_clear) struct buf out;
		assert_false(invalidate(&out, copy, len, none));
		assert_int_equal(out.len, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_changed_gives_the_same_bytes),
		cmocka_unit_test(changed_folders_lose_their_id),
		cmocka_unit_test(every_cut_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
