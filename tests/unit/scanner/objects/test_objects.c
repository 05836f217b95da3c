#include "scanner/objects/objects.h"

#include "base/alloc.h"
#include "tests/support/object_notes.h"
#include "tests/support/pack_writer.h"
#include "tests/support/test.h"

#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LIMIT   (1 << 20)
#define OBJECTS 8

/* Every object of a small store and what it should hold. */
struct store {
	char *folder;
	struct oid oids[OBJECTS];
	char texts[OBJECTS][128];
	size_t count;
};

static void open_store(
	struct objects **out, const struct store *store, bool verify)
{
	const char *dirs[] = { store->folder, NULL };
	struct objects_opts opts = {
		.dirs = dirs,
		.max_object_size = LIMIT,
		.verify = verify,
	};
	struct err err = { 0 };
	assert_ok(objects_open(out, &opts, &err), &err);
}

/* A blob and a chain of deltas of it, by offset and by id, real ids. */
static void write_pack(struct store *store)
{
	struct pack_writer writer;
	uint64_t offsets[OBJECTS];
	pack_writer_init(&writer);
	store->folder = new_objects_folder();
	snprintf(store->texts[0], sizeof(store->texts[0]),
		"the first of all texts, as long as the others are");
	for (size_t i = 0; i < OBJECTS; i++) {
		char *text = store->texts[i];
		struct buf delta = { 0 };
		struct new_entry entry = { .type = 3, .bytes = text };
		if (i) {
			char more[16];
			size_t base = (i - 1) / 2;
			snprintf(more, sizeof(more), "text %zu, ", i);
			size_t len = strlen(more);
			memcpy(text, more, len);
			memcpy(text + len, store->texts[base],
				strlen(store->texts[base]) + 1);
			delta_of(&delta, strlen(store->texts[base]), more);
			entry.type = i % 2 ? 6 : 7;
			entry.bytes = delta.bytes;
			entry.base = &store->oids[base];
			entry.distance = writer.pack.len - offsets[base];
		}
		entry.len = i ? delta.len : strlen(text);
		store->oids[i] = object_id(OBJECT_BLOB, text, strlen(text));
		entry.oid = &store->oids[i];
		offsets[i] = pack_writer_add(&writer, &entry);
		buf_clear(&delta);
	}
	store->count = OBJECTS;
	pack_writer_save(&writer, store->folder, "pack-1");
	pack_writer_clear(&writer);
}

static void store_clear(struct store *store)
{
	remove_folder(store->folder);
	free(store->folder);
}

/* Counts right ones; a wrong one that claims to be right fails the test. */
struct check {
	const struct store *store;
	size_t right;
	size_t wrong;
	size_t failed;
};

static int check_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct check *check = ctx;
	const struct store *store = check->store;
	(void)err;
	if (status < 0) {
		check->failed++;
		return 0;
	}
	for (size_t i = 0; i < store->count; i++) {
		if (oid_equal(object->oid, &store->oids[i]) &&
			object->type == OBJECT_BLOB &&
			object->len == strlen(store->texts[i]) &&
			!memcmp(object->bytes, store->texts[i], object->len)) {
			check->right++;
			return 0;
		}
	}
	check->wrong++;
	return 0;
}

static struct check read_all(const struct store *store, bool verify, bool bulk)
{
	CLEANUP(objects_freep) struct objects *objects = NULL;
	open_store(&objects, store, verify);
	struct check check = { .store = store };
	struct err err = { 0 };
	void *contexts[] = { &check };
	if (bulk) {
		assert_ok(objects_each(objects, store->oids, store->count, 1,
				  check_object, contexts, &err),
			&err);
		return check;
	}
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	assert_ok(objects_reader_new(&reader, objects, &err), &err);
	for (size_t i = 0; i < store->count; i++) {
		struct object object;
		int rc = objects_read(&object, reader, &store->oids[i], &err);
		check_object(&object, rc, &check, &err);
	}
	return check;
}

static void every_object_is_read_in_both_ways(void **state)
{
	(void)state;
	struct store store = { 0 };
	write_pack(&store);
	for (unsigned way = 0; way < 4; way++) {
		struct check check = read_all(&store, way & 1, way & 2);
		assert_int_equal(check.right, OBJECTS);
	}
	store_clear(&store);
}

/* Flips each byte of a file in turn. Whatever comes of it, what is handed out
 * is right, because ids are verified, and nothing is lost count of. */
static void flip_each_byte(const struct store *store, const char *name)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/%s", store->folder, name);
	int fd = open(path, O_RDWR);
	struct stat st;
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	size_t hurt = 0;
	for (off_t at = 0; at < st.st_size; at++) {
		unsigned char old;
		assert_int_equal(pread(fd, &old, 1, at), 1);
		unsigned char new = (unsigned char)(old ^ (1 + at % 255));
		assert_int_equal(pwrite(fd, &new, 1, at), 1);
		for (unsigned bulk = 0; bulk < 2; bulk++) {
			struct check check = read_all(store, true, bulk);
			assert_int_equal(
				check.right + check.failed, store->count);
			hurt += check.failed > 0;
		}
		assert_int_equal(pwrite(fd, &old, 1, at), 1);
	}
	assert_true(hurt > 0);
	close(fd);
}

static void a_flipped_byte_of_a_pack_is_an_error_or_harmless(void **state)
{
	(void)state;
	struct store store = { 0 };
	write_pack(&store);
	flip_each_byte(&store, "pack/pack-1.pack");
	store_clear(&store);
}

static void a_flipped_byte_of_an_index_is_an_error_or_harmless(void **state)
{
	(void)state;
	struct store store = { 0 };
	write_pack(&store);
	flip_each_byte(&store, "pack/pack-1.idx");
	store_clear(&store);
}

static void add_loose(struct store *store, const char *text)
{
	char bytes[160];
	size_t i = store->count++;
	snprintf(store->texts[i], sizeof(store->texts[i]), "%s", text);
	store->oids[i] = object_id(OBJECT_BLOB, text, strlen(text));
	int head = snprintf(bytes, sizeof(bytes), "blob %zu", strlen(text));
	memcpy(bytes + head + 1, text, strlen(text));
	write_loose(store->folder, &store->oids[i], bytes,
		(size_t)head + 1 + strlen(text), "");
}

static void a_flipped_byte_of_a_loose_object_is_an_error(void **state)
{
	(void)state;
	struct store store = { .folder = new_objects_folder() };
	add_loose(&store, "a loose object that is longer than its header");
	char hex[OID_HEX_SIZE + 1];
	char name[OID_HEX_SIZE + 2];
	oid_to_hex(hex, &store.oids[0]);
	snprintf(name, sizeof(name), "%.2s/%s", hex, hex + 2);
	flip_each_byte(&store, name);
	store_clear(&store);
}

static void a_truncated_file_is_an_error(void **state)
{
	static const char *const names[] = { "pack/pack-1.pack",
		"pack/pack-1.idx" };
	(void)state;
	for (size_t file = 0; file < 2; file++) {
		struct store store = { 0 };
		char path[PATH_MAX];
		struct stat st;
		write_pack(&store);
		snprintf(
			path, sizeof(path), "%s/%s", store.folder, names[file]);
		assert_int_equal(stat(path, &st), 0);
		for (off_t len = st.st_size; len-- > 0;) {
			assert_int_equal(truncate(path, len), 0);
			struct check check = read_all(&store, true, len % 2);
			assert_int_equal(check.failed, OBJECTS);
		}
		store_clear(&store);
	}
}

static void a_sound_copy_elsewhere_is_found(void **state)
{
	(void)state;
	struct store store = { 0 };
	write_pack(&store);
	struct pack_writer writer;
	pack_writer_init(&writer);
	/* the same root once more, in a larger pack, with a broken stream */
	pack_writer_add(&writer,
		&(struct new_entry){ .type = 3,
			.bytes = store.texts[0],
			.len = strlen(store.texts[0]),
			.cut = 5,
			.oid = &store.oids[0] });
	for (unsigned i = 0; i < OBJECTS; i++)
		pack_writer_add(&writer,
			&(struct new_entry){
				.type = 3, .bytes = &i, .len = sizeof(i) });
	pack_writer_save(&writer, store.folder, "pack-2");
	pack_writer_clear(&writer);
	for (unsigned way = 0; way < 4; way++)
		assert_int_equal(
			read_all(&store, way & 1, way & 2).right, OBJECTS);
	store_clear(&store);
}

static void a_base_may_lie_in_another_pack_or_loose(void **state)
{
	(void)state;
	struct store store = { .folder = new_objects_folder() };
	add_loose(&store, "loose base");
	struct buf delta = { 0 };
	delta_of(&delta, strlen(store.texts[0]), "on ");
	snprintf(store.texts[1], sizeof(store.texts[1]), "on loose base");
	store.oids[1] =
		object_id(OBJECT_BLOB, store.texts[1], strlen(store.texts[1]));
	store.count = 2;
	struct pack_writer writer;
	pack_writer_init(&writer);
	pack_writer_add(&writer,
		&(struct new_entry){ .type = 7,
			.bytes = delta.bytes,
			.len = delta.len,
			.base = &store.oids[0],
			.oid = &store.oids[1] });
	pack_writer_save(&writer, store.folder, "pack-1");
	pack_writer_clear(&writer);
	buf_clear(&delta);
	for (unsigned way = 0; way < 4; way++)
		assert_int_equal(read_all(&store, way & 1, way & 2).right, 2);
	store_clear(&store);
}

static void a_pack_that_comes_later_is_found(void **state)
{
	(void)state;
	struct store store = { 0 };
	struct store empty = { .folder = new_objects_folder() };
	write_pack(&store);
	CLEANUP(objects_freep) struct objects *objects = NULL;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	struct err err = { 0 };
	struct object object;
	open_store(&objects, &empty, true);
	assert_ok(objects_reader_new(&reader, objects, &err), &err);
	char from[PATH_MAX];
	char to[PATH_MAX];
	snprintf(from, sizeof(from), "%s/pack", store.folder);
	snprintf(to, sizeof(to), "%s/pack", empty.folder);
	assert_int_equal(rename(from, to), 0);
	for (size_t i = 0; i < OBJECTS; i++)
		assert_ok(objects_read(&object, reader, &store.oids[i], &err),
			&err);
	static const struct oid nobody = { { 1 } };
	assert_err(objects_read(&object, reader, &nobody, &err), ERR_NOT_FOUND,
		&err);
	store_clear(&store);
	store_clear(&empty);
}

static void a_pack_behind_a_symlink_is_not_read(void **state)
{
	static const char *const names[] = { "pack-1.pack", "pack-1.idx" };
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct store store = { 0 };
		char from[PATH_MAX];
		char to[PATH_MAX];
		write_pack(&store);
		snprintf(from, sizeof(from), "%s/pack/%s", store.folder,
			names[i]);
		snprintf(to, sizeof(to), "%s/moved", store.folder);
		assert_int_equal(rename(from, to), 0);
		assert_int_equal(symlink(to, from), 0);
		assert_int_equal(read_all(&store, true, false).failed, OBJECTS);
		store_clear(&store);
	}
}

/* Sets the version of the index or the pack to 9. */
static void an_unknown_version_is_named_to_who_misses_an_object(void **state)
{
	static const char *const names[] = { "pack-1.idx", "pack-1.pack" };
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct store store = { 0 };
		char path[PATH_MAX];
		write_pack(&store);
		snprintf(path, sizeof(path), "%s/pack/%s", store.folder,
			names[i]);
		int fd = open(path, O_RDWR);
		assert_int_equal(pwrite(fd, "\x09", 1, 7), 1);
		close(fd);
		CLEANUP(objects_freep) struct objects *objects = NULL;
		CLEANUP(objects_reader_freep)
		struct objects_reader *reader = NULL;
		struct err err = { 0 };
		struct object object;
		open_store(&objects, &store, true);
		assert_ok(objects_reader_new(&reader, objects, &err), &err);
		assert_true(objects_read(
				    &object, reader, &store.oids[0], &err) < 0);
		assert_non_null(strstr(err.msg, "version 9 is not known"));
		store_clear(&store);
	}
}

static void the_list_names_each_object_once(void **state)
{
	(void)state;
	struct store store = { 0 };
	write_pack(&store);
	char last[sizeof(store.texts[0])];
	memcpy(last, store.texts[OBJECTS - 1], sizeof(last));
	store.count--; /* the last one is loose as well */
	add_loose(&store, last);
	CLEANUP(objects_freep) struct objects *objects = NULL;
	CLEANUP(freep) struct object_name *names = NULL;
	struct err err = { 0 };
	size_t count = 0;
	open_store(&objects, &store, false);
	assert_ok(objects_list(&names, &count, objects, 2, &err), &err);
	assert_int_equal(count, OBJECTS);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(names[i].type, OBJECT_BLOB);
		assert_true(!i ||
			oid_compare(&names[i - 1].oid, &names[i].oid) < 0);
	}
	store_clear(&store);
}

/* Counts the objects whose base left a note. */
static int take_note(
	const struct object *object, int status, void *ctx, struct err *err)
{
	size_t *made_from_known = ctx;
	assert_ok(status, err);
	if (object->delta) {
		++*made_from_known;
		assert_true(object->delta->copy_count > 0);
		assert_true(copies_are_right(object));
	}
	leave_copy(object);
	return 0;
}

static void a_note_is_given_with_each_delta_of_its_object(void **state)
{
	(void)state;
	struct store store = { 0 };
	write_pack(&store);
	CLEANUP(objects_freep) struct objects *objects = NULL;
	open_store(&objects, &store, false);
	for (unsigned jobs = 1; jobs <= 3; jobs++) {
		size_t known[3] = { 0 };
		void *contexts[] = { &known[0], &known[1], &known[2] };
		struct err err = { 0 };
		assert_ok(objects_each(objects, store.oids, OBJECTS, jobs,
				  take_note, contexts, &err),
			&err);
		assert_int_equal(known[0] + known[1] + known[2], OBJECTS - 1);
	}
	store_clear(&store);
}

/* Blobs that are no deltas. */
static void write_plain_pack(struct store *store)
{
	struct pack_writer writer;
	pack_writer_init(&writer);
	store->folder = new_objects_folder();
	for (; store->count < OBJECTS; store->count++) {
		struct oid *oid = &store->oids[store->count];
		char *text = store->texts[store->count];
		snprintf(text, sizeof(store->texts[0]), "text %zu",
			store->count);
		*oid = object_id(OBJECT_BLOB, text, strlen(text));
		struct new_entry entry = { .type = 3,
			.bytes = text,
			.len = strlen(text),
			.oid = oid };
		(void)pack_writer_add(&writer, &entry);
	}
	pack_writer_save(&writer, store->folder, "pack-1");
	pack_writer_clear(&writer);
}

/* A thread, and what all of them have taken. */
struct taker {
	atomic_size_t *threads; /* that have taken something */
	size_t taken;
};

/* Takes its time, as long as no other thread takes anything. */
static int take_slowly(
	const struct object *object, int status, void *ctx, struct err *err)
{
	(void)object;
	struct taker *taker = ctx;
	assert_ok(status, err);
	if (!taker->taken++)
		atomic_fetch_add(taker->threads, 1);
	if (atomic_load(taker->threads) == 1)
		nanosleep(&(struct timespec){ .tv_nsec = 100000000 }, NULL);
	return 0;
}

static void expect_shared_work(const struct store *store)
{
	CLEANUP(objects_freep) struct objects *objects = NULL;
	struct err err = { 0 };
	atomic_size_t threads = 0;
	struct taker takers[] = { { &threads, 0 }, { &threads, 0 } };
	void *contexts[] = { &takers[0], &takers[1] };
	open_store(&objects, store, false);
	assert_ok(objects_each(objects, store->oids, store->count, 2,
			  take_slowly, contexts, &err),
		&err);
	assert_int_equal(takers[0].taken + takers[1].taken, store->count);
	assert_true(takers[0].taken && takers[1].taken);
}

static void objects_side_by_side_are_shared_by_threads(void **state)
{
	(void)state;
	struct store packed = { 0 };
	write_plain_pack(&packed);
	expect_shared_work(&packed);
	store_clear(&packed);
	struct store loose = { .folder = new_objects_folder() };
	for (char text[] = "loose a"; loose.count < OBJECTS; text[6]++)
		add_loose(&loose, text);
	expect_shared_work(&loose);
	store_clear(&loose);
}

static int fail_at_once(
	const struct object *object, int status, void *ctx, struct err *err)
{
	(void)object;
	(void)status;
	(void)ctx;
	return err_set(err, ERR_LIMIT, "enough");
}

static void a_sink_that_fails_ends_the_run(void **state)
{
	(void)state;
	struct store store = { 0 };
	write_pack(&store);
	CLEANUP(objects_freep) struct objects *objects = NULL;
	struct err err = { 0 };
	void *contexts[] = { NULL, NULL, NULL };
	open_store(&objects, &store, false);
	for (unsigned jobs = 1; jobs <= 3; jobs++) {
		assert_err(objects_each(objects, store.oids, OBJECTS, jobs,
				   fail_at_once, contexts, &err),
			ERR_LIMIT, &err);
		assert_string_equal(err.msg, "enough");
	}
	store_clear(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_is_read_in_both_ways),
		cmocka_unit_test(
			a_flipped_byte_of_a_pack_is_an_error_or_harmless),
		cmocka_unit_test(
			a_flipped_byte_of_an_index_is_an_error_or_harmless),
		cmocka_unit_test(a_flipped_byte_of_a_loose_object_is_an_error),
		cmocka_unit_test(a_truncated_file_is_an_error),
		cmocka_unit_test(a_sound_copy_elsewhere_is_found),
		cmocka_unit_test(a_base_may_lie_in_another_pack_or_loose),
		cmocka_unit_test(a_pack_that_comes_later_is_found),
		cmocka_unit_test(a_pack_behind_a_symlink_is_not_read),
		cmocka_unit_test(
			an_unknown_version_is_named_to_who_misses_an_object),
		cmocka_unit_test(the_list_names_each_object_once),
		cmocka_unit_test(a_note_is_given_with_each_delta_of_its_object),
		cmocka_unit_test(objects_side_by_side_are_shared_by_threads),
		cmocka_unit_test(a_sink_that_fails_ends_the_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
