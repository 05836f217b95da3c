/* Trees built upon trees, held against reading them from the first byte. */
#include "scanner/tree_shape.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "scanner/tree_parse.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define NAMES 40

/** A tree of some of the names n00..n39, each with one of a few objects. */
struct made {
	unsigned char child[NAMES]; /* 0: absent */
	struct buf bytes;
	size_t starts[NAMES + 1];
};

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

static void write_tree(struct made *made)
{
	buf_reset(&made->bytes);
	buf_add(&made->bytes, "", 0);
	for (unsigned i = 0; i < NAMES; i++) {
		made->starts[i] = made->bytes.len;
		if (!made->child[i])
			continue;
		bool folder = i % 5 == 0;
		buf_printf(&made->bytes, "%s n%02u",
			folder ? "40000" : "100644", i);
		buf_add_byte(&made->bytes, 0);
		for (unsigned b = 0; b < OID_SIZE; b++)
			buf_add_byte(&made->bytes, made->child[i]);
	}
	made->starts[NAMES] = made->bytes.len;
}

/** What shape_read() left. */
static struct object object_of(struct made *made, struct object_note **note)
{
	return (struct object){
		.type = OBJECT_TREE,
		.bytes = (const unsigned char *)made->bytes.bytes,
		.len = made->bytes.len,
		.note = note,
	};
}

/** Copies of whatever bytes are the same at the same name, some of them cut
 * short at either end. */
static size_t make_copies(struct object_copy *copies, const struct made *base,
	const struct made *tree, unsigned *seed)
{
	size_t count = 0;
	for (unsigned i = 0; i < NAMES;) {
		unsigned end = i;
		while (end < NAMES && base->child[end] == tree->child[end])
			end++;
		size_t len = tree->starts[end] - tree->starts[i];
		size_t cut = next_random(seed) % 3 ? 0 : next_random(seed) % 30;
		size_t tail =
			next_random(seed) % 3 ? 0 : next_random(seed) % 30;
		if (len > cut + tail)
			copies[count++] = (struct object_copy){
				.at = tree->starts[i] + cut,
				.from = base->starts[i] + cut,
				.len = len - cut - tail,
			};
		i = end + 1;
	}
	return count;
}

/** The name's number, 0..NAMES - 1. */
static unsigned name_at(const struct shape_reader *reader, uint32_t name)
{
	const struct path_entry *entry = &reader->names.entries[name];
	unsigned number = (unsigned)strtoul(entry->text + 1, NULL, 10);
	assert_int_equal(entry->len, number % 5 ? 3 : 4);
	return number;
}

/** The children that base, gone and new ones come to. */
static void expect_tree(const struct shape_reader *reader,
	const struct made *base, const struct made *tree)
{
	unsigned char child[NAMES] = { 0 };
	if (reader->base != SHAPE_NO_BASE)
		memcpy(child, base->child, NAMES);
	for (size_t i = 0; i < reader->gone_count; i++) {
		unsigned name = name_at(reader, reader->gone[i]);
		assert_int_not_equal(child[name], 0);
		child[name] = 0;
	}
	for (size_t i = 0; i < reader->fresh_count; i++) {
		unsigned name = name_at(reader, reader->fresh[i].name);
		child[name] = reader->fresh[i].oid[0];
	}
	assert_memory_equal(child, tree->child, NAMES);
	assert_false(reader->odd);
	assert_false(reader->corrupt);
}

/** One tree after the other, each made from the one before. */
static void a_tree_is_its_base_without_the_gone_and_with_the_new(void **state)
{
	(void)state;
	struct shape_reader reader;
	shape_reader_init(&reader, 0, 1);
	struct made sides[2] = { 0 };
	struct object_note *notes[2] = { NULL, NULL };
	unsigned seed = 1;
	size_t built = 0;
	buf_init(&sides[0].bytes, 0);
	buf_init(&sides[1].bytes, 0);
	for (uint32_t round = 0; round < 3000; round++) {
		struct made *base = &sides[round % 2];
		struct made *tree = &sides[1 - round % 2];
		struct object_note **note = &notes[1 - round % 2];
		memcpy(tree->child, base->child, NAMES);
		for (unsigned n = next_random(&seed) % 6; n-- > 0;)
			tree->child[next_random(&seed) % NAMES] =
				(unsigned char)(next_random(&seed) % 4);
		write_tree(tree);
		free(STEAL(*note));
		struct object object = object_of(tree, note);
		struct object_copy copies[NAMES];
		struct object_delta delta = {
			.base = notes[round % 2],
			.copies = copies,
			.copy_count = make_copies(copies, base, tree, &seed),
		};
		if (delta.base)
			object.delta = &delta;
		struct err err;
		assert_ok(shape_read(&reader, &object, round, &err), &err);
		expect_tree(&reader, base, tree);
		assert_true(reader.base == SHAPE_NO_BASE ||
			reader.base == round - 1);
		assert_non_null(*note);
		built += reader.base != SHAPE_NO_BASE;
	}
	assert_true(built > 2000);
	for (unsigned i = 0; i < 2; i++) {
		free(notes[i]);
		buf_clear(&sides[i].bytes);
	}
	shape_reader_clear(&reader);
}

#define ID "12345678901234567890"

static void read_plain(
	struct shape_reader *reader, const char *bytes, size_t len)
{
	struct object_note *note = NULL;
	const struct object object = {
		.type = OBJECT_TREE,
		.bytes = (const unsigned char *)bytes,
		.len = len,
		.note = &note,
	};
	struct err err;
	assert_ok(shape_read(reader, &object, 7, &err), &err);
	assert_true(!note == (reader->odd || reader->corrupt));
	free(note);
}

static void nothing_is_built_upon_what_is_no_set_of_names(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t len, fresh;
		bool odd, corrupt;
	} rows[] = {
#define ROW(text) (text), sizeof(text) - 1
		{ "", 0, 0, false, false },
		{ ROW("100644 a\0" ID "100644 b\0" ID), 2, false, false },
		{ ROW("100644 a\0" ID "40000 a\0" ID), 2, false, false },
		{ ROW("100644 b\0" ID "100644 a\0" ID), 2, true, false },
		{ ROW("100644 a\0" ID "100755 a\0" ID), 2, true, false },
		{ ROW("40000 a\0" ID "100644 a.b\0" ID), 2, true, false },
		{ ROW("100644 a/b\0" ID), 1, true, false },
		{ ROW("100644 a\0" ID "100644 b"), 1, false, true },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct shape_reader reader;
		shape_reader_init(&reader, 0, 1);
		read_plain(&reader, rows[i].bytes, rows[i].len);
		assert_int_equal(reader.fresh_count, rows[i].fresh);
		assert_int_equal(reader.odd, rows[i].odd);
		assert_int_equal(reader.corrupt, rows[i].corrupt);
		assert_int_equal(reader.base, SHAPE_NO_BASE);
		shape_reader_clear(&reader);
	}
}

static void threads_number_names_apart(void **state)
{
	(void)state;
	static const char bytes[] = "100644 a\0" ID "100644 b\0" ID;
	for (uint32_t thread = 0; thread < 3; thread++) {
		struct shape_reader reader;
		shape_reader_init(&reader, thread, 3);
		read_plain(&reader, bytes, sizeof(bytes) - 1);
		for (uint32_t i = 0; i < 2; i++)
			assert_int_equal(reader.fresh[i].name, i * 3 + thread);
		shape_reader_clear(&reader);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_tree_is_its_base_without_the_gone_and_with_the_new),
		cmocka_unit_test(nothing_is_built_upon_what_is_no_set_of_names),
		cmocka_unit_test(threads_number_names_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
