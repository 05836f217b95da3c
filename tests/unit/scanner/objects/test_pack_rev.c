#include "scanner/objects/pack_rev.h"

#include "base/alloc.h"
#include "tests/support/pack_writer.h"
#include "tests/support/test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES  20
#define REV_SIZE (12 + 4 * ENTRIES + 2 * OID_SIZE)

/* A pack, and its entries in the order in which they were written. */
struct fixture {
	char *folder;
	struct pack *pack;
	struct placed entries[ENTRIES];
	unsigned char rev[REV_SIZE];
};

static void put_32(unsigned char *at, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (unsigned char)(number >> (24 - 8 * i));
}

/* gitformat-pack(5) "pack-*.rev files have the format" */
static void fill_rev(struct fixture *fixture)
{
	memcpy(fixture->rev, "RIDX", 4);
	put_32(fixture->rev + 4, 1);
	put_32(fixture->rev + 8, 1);
	for (size_t i = 0; i < ENTRIES; i++)
		put_32(fixture->rev + 12 + 4 * i, fixture->entries[i].position);
}

static void fixture_init(struct fixture *fixture)
{
	struct pack_writer writer;
	char path[PATH_MAX];
	struct err err = { 0 };
	pack_writer_init(&writer);
	*fixture = (struct fixture){ .folder = new_objects_folder() };
	for (size_t i = 0; i < ENTRIES; i++) {
		char text[32];
		snprintf(text, sizeof(text), "text %zu", i * i);
		struct oid oid = object_id(OBJECT_BLOB, text, strlen(text));
		struct new_entry entry = { .type = 3,
			.bytes = text,
			.len = strlen(text),
			.oid = &oid };
		fixture->entries[i].offset = pack_writer_add(&writer, &entry);
	}
	pack_writer_save(&writer, fixture->folder, "pack-1");
	snprintf(path, sizeof(path), "%s/pack/pack-1.idx", fixture->folder);
	assert_ok(pack_open(&fixture->pack, path, &err), &err);
	for (size_t i = 0; i < ENTRIES; i++) {
		struct oid oid = pack_writer_oid(&writer, i);
		assert_true(pack_index_find(&fixture->entries[i].position,
			&fixture->pack->index, &oid));
	}
	pack_writer_clear(&writer);
	fill_rev(fixture);
}

static void fixture_clear(struct fixture *fixture)
{
	pack_free(fixture->pack);
	remove_folder(fixture->folder);
	free(fixture->folder);
}

/* Reads a file of these bytes; what is believed of it is right. */
static bool read_rev(
	const struct fixture *fixture, const unsigned char *bytes, size_t len)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/pack/pack-1.rev", fixture->folder);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
	struct placed entries[ENTRIES];
	if (!pack_rev_read(entries, fixture->pack))
		return false;
	for (size_t i = 0; i < ENTRIES; i++) {
		assert_int_equal(entries[i].offset, fixture->entries[i].offset);
		assert_int_equal(
			entries[i].position, fixture->entries[i].position);
	}
	return true;
}

static void entries_come_in_order_of_their_offsets(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_init(&fixture);
	struct placed entries[ENTRIES];
	assert_false(pack_rev_read(entries, fixture.pack)); /* no file */
	assert_true(read_rev(&fixture, fixture.rev, REV_SIZE));
	fixture_clear(&fixture);
}

static void a_wrong_byte_is_not_believed(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_init(&fixture);
	for (size_t at = 0; at < REV_SIZE; at++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			fixture.rev[at] ^= (unsigned char)(1U << bit);
			bool read = read_rev(&fixture, fixture.rev, REV_SIZE);
			/* sums at the end are nobody's business here */
			assert_int_equal(read, at >= REV_SIZE - 2 * OID_SIZE);
			fixture.rev[at] ^= (unsigned char)(1U << bit);
		}
	}
	fixture_clear(&fixture);
}

static void another_length_is_not_believed(void **state)
{
	(void)state;
	struct fixture fixture;
	unsigned char longer[REV_SIZE + 4] = { 0 };
	fixture_init(&fixture);
	memcpy(longer, fixture.rev, REV_SIZE);
	for (size_t len = 0; len <= sizeof(longer); len++)
		assert_int_equal(
			read_rev(&fixture, longer, len), len == REV_SIZE);
	fixture_clear(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_come_in_order_of_their_offsets),
		cmocka_unit_test(a_wrong_byte_is_not_believed),
		cmocka_unit_test(another_length_is_not_believed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
