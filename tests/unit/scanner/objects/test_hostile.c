/*
 * Packs and loose objects that lie. Each is read one by one and in bulk, with
 * one thread and with several, and both ways must say the same.
 */
#include "base/alloc.h"
#include "scanner/objects/objects.h"
#include "scanner/objects/pack.h"
#include "tests/support/pack_writer.h"
#include "tests/support/test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT 100000

/* What was said of one object; under no lock: one thread per id. */
struct seen {
	struct oid oid;
	int status;
	size_t len;
	unsigned times;
};

static int note_seen(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct seen *seen = ctx;
	(void)err;
	if (!oid_equal(&seen->oid, object->oid))
		return 0;
	seen->status = status;
	seen->len = object->len;
	seen->times++;
	return 0;
}

static struct objects *open_folder(const char *folder)
{
	const char *dirs[] = { folder, NULL };
	struct objects_opts opts = { .dirs = dirs, .max_object_size = LIMIT };
	struct objects *objects = NULL;
	struct err err = { 0 };
	assert_ok(objects_open(&objects, &opts, &err), &err);
	return objects;
}

/* Reads `oid` both ways; `len` is compared when it is read or too large. */
static void check_object(const struct objects *objects, const struct oid *oid,
	int status, size_t len)
{
	struct err err = { 0 };
	struct object object;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	assert_ok(objects_reader_new(&reader, objects, &err), &err);
	assert_err(objects_read(&object, reader, oid, &err), status, &err);
	if (status == 0 || status == ERR_LIMIT)
		assert_int_equal(object.len, len);
	struct seen seen = { .oid = *oid };
	void *contexts[] = { &seen };
	assert_ok(objects_each(objects, oid, 1, 1, note_seen, contexts, &err),
		&err);
	assert_int_equal(seen.times, 1);
	assert_int_equal(seen.status, status);
	if (status == 0 || status == ERR_LIMIT)
		assert_int_equal(seen.len, len);
}

struct row {
	const char *name;
	void (*build)(struct pack_writer *writer);
	int status; /* of the last entry */
	size_t len;
};

static void add_blob(struct pack_writer *writer, const char *text)
{
	pack_writer_add(writer,
		&(struct new_entry){
			.type = 3, .bytes = text, .len = strlen(text) });
}

static void add_delta(
	struct pack_writer *writer, size_t base_len, uint64_t distance)
{
	struct buf delta = { 0 };
	delta_of(&delta, base_len, "+");
	pack_writer_add(writer,
		&(struct new_entry){ .type = 6,
			.bytes = delta.bytes,
			.len = delta.len,
			.distance = distance });
	buf_clear(&delta);
}

static void add_ref_delta(struct pack_writer *writer, size_t base_len,
	const struct oid *base, const struct oid *oid)
{
	struct buf delta = { 0 };
	delta_of(&delta, base_len, "+");
	pack_writer_add(writer,
		&(struct new_entry){ .type = 7,
			.bytes = delta.bytes,
			.len = delta.len,
			.base = base,
			.oid = oid });
	buf_clear(&delta);
}

static void sound_delta(struct pack_writer *writer)
{
	add_blob(writer, "base");
	add_delta(writer, 4, writer->pack.len - 12);
}

static void empty_blob(struct pack_writer *writer)
{
	add_blob(writer, "");
}

static void longer_than_said(struct pack_writer *writer)
{
	pack_writer_add(writer,
		&(struct new_entry){
			.type = 3, .bytes = "12345", .len = 5, .claimed = 4 });
}

/* farther than inflating may write behind what an entry says */
static void far_longer_than_said(struct pack_writer *writer)
{
	static const char bytes[4 * PACK_INFLATE_ROOM];
	pack_writer_add(writer,
		&(struct new_entry){ .type = 3,
			.bytes = bytes,
			.len = sizeof(bytes),
			.claimed = 4 });
}

static void delta_longer_than_said(struct pack_writer *writer)
{
	static const char delta[] = "\x04\x05\x90\x04\x01+";
	add_blob(writer, "base");
	pack_writer_add(writer,
		&(struct new_entry){ .type = 6,
			.bytes = delta,
			.len = sizeof(delta) - 1,
			.claimed = sizeof(delta) - 2,
			.distance = writer->pack.len - 12 });
}

static void shorter_than_said(struct pack_writer *writer)
{
	pack_writer_add(writer,
		&(struct new_entry){
			.type = 3, .bytes = "12345", .len = 5, .claimed = 6 });
}

static void truncated_stream(struct pack_writer *writer)
{
	pack_writer_add(writer,
		&(struct new_entry){
			.type = 3, .bytes = "12345", .len = 5, .cut = 7 });
}

static void too_large(struct pack_writer *writer)
{
	pack_writer_add(writer,
		&(struct new_entry){ .type = 3,
			.bytes = "12345",
			.len = 5,
			.claimed = LIMIT + 1 });
}

static void too_large_for_any_memory(struct pack_writer *writer)
{
	pack_writer_add(writer,
		&(struct new_entry){ .type = 3,
			.bytes = "12345",
			.len = 5,
			.claimed = SIZE_MAX / 32 });
}

static void base_is_too_large(struct pack_writer *writer)
{
	too_large(writer);
	add_delta(writer, 4, writer->pack.len - 12);
}

static void result_is_too_large(struct pack_writer *writer)
{
	static const char delta[] = "\x04\xa1\x8d\x06\x90\x04";
	add_blob(writer, "base");
	pack_writer_add(writer,
		&(struct new_entry){ .type = 6,
			.bytes = delta,
			.len = sizeof(delta) - 1,
			.distance = writer->pack.len - 12 });
}

static void base_in_the_header(struct pack_writer *writer)
{
	add_blob(writer, "base");
	add_delta(writer, 4, writer->pack.len - 4);
}

static void base_before_the_pack(struct pack_writer *writer)
{
	add_delta(writer, 4, 1 << 20);
}

static void base_is_itself(struct pack_writer *writer)
{
	add_delta(writer, 4, 0);
}

static void base_inside_an_entry(struct pack_writer *writer)
{
	add_blob(writer, "base");
	add_delta(writer, 4, writer->pack.len - 13);
}

static void base_of_another_size(struct pack_writer *writer)
{
	add_blob(writer, "base!");
	add_delta(writer, 4, writer->pack.len - 12);
}

static void base_is_missing(struct pack_writer *writer)
{
	static const struct oid nobody = { { 1, 2, 3 } };
	add_ref_delta(writer, 4, &nobody, NULL);
}

static void circle_of_one(struct pack_writer *writer)
{
	static const struct oid self = { { 7 } };
	add_ref_delta(writer, 4, &self, &self);
}

static void circle_of_two(struct pack_writer *writer)
{
	static const struct oid one = { { 7 } };
	static const struct oid two = { { 8 } };
	add_blob(writer, "apart");
	add_ref_delta(writer, 4, &two, &one);
	add_ref_delta(writer, 4, &one, &two);
}

static void child_of_a_circle(struct pack_writer *writer)
{
	static const struct oid one = { { 7 } };
	circle_of_two(writer);
	add_ref_delta(writer, 4, &one, NULL);
}

static void unknown_type(struct pack_writer *writer)
{
	pack_writer_add(writer,
		&(struct new_entry){ .type = 5, .bytes = "12345", .len = 5 });
}

static void chain(struct pack_writer *writer, size_t deltas)
{
	add_blob(writer, "base");
	uint64_t last = 12;
	for (size_t i = 0; i < deltas; i++) {
		uint64_t here = writer->pack.len;
		add_delta(writer, 4 + i, here - last);
		last = here;
	}
}

static void chain_of_10000(struct pack_writer *writer)
{
	chain(writer, 10000);
}

static void chain_of_10001(struct pack_writer *writer)
{
	chain(writer, 10001);
}

static const struct row rows[] = {
	{ "sound_delta", sound_delta, 0, 5 },
	{ "empty_blob", empty_blob, 0, 0 },
	{ "longer_than_said", longer_than_said, ERR_CORRUPT, 0 },
	{ "far_longer_than_said", far_longer_than_said, ERR_CORRUPT, 0 },
	{ "delta_longer_than_said", delta_longer_than_said, ERR_CORRUPT, 0 },
	{ "shorter_than_said", shorter_than_said, ERR_CORRUPT, 0 },
	{ "truncated_stream", truncated_stream, ERR_CORRUPT, 0 },
	{ "too_large", too_large, ERR_LIMIT, LIMIT + 1 },
	{ "too_large_for_any_memory", too_large_for_any_memory, ERR_LIMIT,
		SIZE_MAX / 32 },
	{ "base_is_too_large", base_is_too_large, ERR_LIMIT, 5 },
	{ "result_is_too_large", result_is_too_large, ERR_LIMIT, LIMIT + 1 },
	{ "base_in_the_header", base_in_the_header, ERR_CORRUPT, 0 },
	{ "base_before_the_pack", base_before_the_pack, ERR_CORRUPT, 0 },
	{ "base_is_itself", base_is_itself, ERR_CORRUPT, 0 },
	{ "base_inside_an_entry", base_inside_an_entry, ERR_CORRUPT, 0 },
	{ "base_of_another_size", base_of_another_size, ERR_CORRUPT, 0 },
	{ "base_is_missing", base_is_missing, ERR_CORRUPT, 0 },
	{ "circle_of_one", circle_of_one, ERR_CORRUPT, 0 },
	{ "circle_of_two", circle_of_two, ERR_CORRUPT, 0 },
	{ "child_of_a_circle", child_of_a_circle, ERR_CORRUPT, 0 },
	{ "unknown_type", unknown_type, ERR_CORRUPT, 0 },
	{ "chain_of_10000", chain_of_10000, 0, 10004 },
	{ "chain_of_10001", chain_of_10001, ERR_CORRUPT, 0 },
};

struct tally {
	unsigned objects, bad;
};

static int count_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct tally *tally = ctx;
	(void)object;
	(void)err;
	tally->objects++;
	tally->bad += status < 0;
	return 0;
}

/* All of a pack at once, where bulk reading makes a plan. */
static void check_all(const struct objects *objects,
	const struct pack_writer *writer, int last_status)
{
	struct err err = { 0 };
	CLEANUP(freep)
	struct oid *wanted = xcalloc(writer->count, sizeof(*wanted));
	for (size_t i = 0; i < writer->count; i++)
		wanted[i] = pack_writer_oid(writer, i);
	struct tally tallies[3] = { 0 };
	void *contexts[] = { &tallies[0], &tallies[1], &tallies[2] };
	assert_ok(objects_each(objects, wanted, writer->count, 3, count_object,
			  contexts, &err),
		&err);
	unsigned bad = 0;
	unsigned total = 0;
	for (size_t i = 0; i < 3; i++) {
		bad += tallies[i].bad;
		total += tallies[i].objects;
	}
	assert_int_equal(total, writer->count);
	assert_int_equal(bad > 0, last_status < 0);
}

static void check_row(void **state)
{
	const struct row *row = *state;
	char *folder = new_objects_folder();
	struct pack_writer writer;
	pack_writer_init(&writer);
	row->build(&writer);
	pack_writer_save(&writer, folder, "pack-1");
	struct objects *objects = open_folder(folder);
	struct oid last = pack_writer_oid(&writer, writer.count - 1);
	check_object(objects, &last, row->status, row->len);
	check_all(objects, &writer, row->status);
	objects_free(objects);
	pack_writer_clear(&writer);
	remove_folder(folder);
	free(folder);
}

struct loose_row {
	const char *name;
	const char *bytes;
	size_t len;
	const char *garbage;
	int status;
	size_t size;
};

#define BYTES(text) text, sizeof(text) - 1

static const struct loose_row loose_rows[] = {
	{ "loose_blob", BYTES("blob 5\0hello"), "", 0, 5 },
	{ "loose_empty_blob", BYTES("blob 0\0"), "", 0, 0 },
	{ "loose_longer_than_said", BYTES("blob 4\0hello"), "", ERR_CORRUPT,
		0 },
	{ "loose_much_longer_than_said",
		BYTES("blob 4\0hello hello hello hello hello hello hello"), "",
		ERR_CORRUPT, 0 },
	{ "loose_shorter_than_said", BYTES("blob 6\0hello"), "", ERR_CORRUPT,
		0 },
	{ "loose_too_large", BYTES("blob 100001\0hello"), "", ERR_LIMIT,
		100001 },
	{ "loose_size_overflows", BYTES("blob 99999999999999999999\0hello"), "",
		ERR_CORRUPT, 0 },
	{ "loose_size_is_negative", BYTES("blob -5\0hello"), "", ERR_CORRUPT,
		0 },
	{ "loose_size_has_leading_zero", BYTES("blob 05\0hello"), "",
		ERR_CORRUPT, 0 },
	{ "loose_unknown_type", BYTES("blip 5\0hello"), "", ERR_CORRUPT, 0 },
	{ "loose_without_header", BYTES("hello"), "", ERR_CORRUPT, 0 },
	{ "loose_garbage_behind", BYTES("blob 5\0hello"), "x", ERR_CORRUPT, 0 },
};

static void check_loose_row(void **state)
{
	static const struct oid oid = { { 0xab, 0xcd } };
	const struct loose_row *row = *state;
	char *folder = new_objects_folder();
	write_loose(folder, &oid, row->bytes, row->len, row->garbage);
	struct objects *objects = open_folder(folder);
	check_object(objects, &oid, row->status, row->size);
	objects_free(objects);
	remove_folder(folder);
	free(folder);
}

/* Puts what is no regular file where an object should be. */
static void check_odd_file(int (*make)(const char *path))
{
	static const struct oid oid = { { 0xab, 0xcd } };
	char *folder = new_objects_folder();
	char path[PATH_MAX];
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, &oid);
	snprintf(path, sizeof(path), "%s/%.2s", folder, hex);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/%.2s/%s", folder, hex, hex + 2);
	assert_int_equal(make(path), 0);
	struct objects *objects = open_folder(folder);
	check_object(objects, &oid, ERR_UNSUPPORTED, 0);
	objects_free(objects);
	remove_folder(folder);
	free(folder);
}

static int make_fifo(const char *path)
{
	return mkfifo(path, 0600);
}

static int make_symlink(const char *path)
{
	return symlink("/etc/passwd", path);
}

static int make_folder(const char *path)
{
	return mkdir(path, 0700);
}

static void a_fifo_is_not_waited_for(void **state)
{
	(void)state;
	check_odd_file(make_fifo);
}

static void a_symlink_is_not_followed(void **state)
{
	(void)state;
	check_odd_file(make_symlink);
}

static void a_folder_is_no_object(void **state)
{
	(void)state;
	check_odd_file(make_folder);
}

#define ROWS       (sizeof(rows) / sizeof(rows[0]))
#define LOOSE_ROWS (sizeof(loose_rows) / sizeof(loose_rows[0]))

int main(void)
{
	struct CMUnitTest tests[ROWS + LOOSE_ROWS + 3] = {
		cmocka_unit_test(a_fifo_is_not_waited_for),
		cmocka_unit_test(a_symlink_is_not_followed),
		cmocka_unit_test(a_folder_is_no_object),
	};
	for (size_t i = 0; i < ROWS; i++)
		tests[3 + i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	for (size_t i = 0; i < LOOSE_ROWS; i++)
		tests[3 + ROWS + i] = (struct CMUnitTest){
			.name = loose_rows[i].name,
			.test_func = check_loose_row,
			.initial_state = (void *)(uintptr_t)&loose_rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
