#include "base/file.h"
#include "scanner/objects/objects.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_files.h"
#include "tests/support/pack_writer.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ENTRIES 24
#define LIMIT       ((size_t)1 << 16)

/** What is left of the input; zeros when nothing is. */
struct input {
	const uint8_t *bytes;
	size_t len;
};

static unsigned take(struct input *input)
{
	if (!input->len)
		return 0;
	input->len--;
	return *input->bytes++;
}

/** An id by its number; its first byte sorts it. */
static struct oid made_up(unsigned number)
{
	struct oid oid;
	memset(oid.bytes, (int)(number * 37 % 256), OID_SIZE);
	return oid;
}

/** Adds entry number `i`: type and habits, content, base. */
static void add_entry(
	struct pack_writer *writer, struct input *input, unsigned i)
{
	unsigned habits = take(input);
	size_t len = take(input);
	struct oid oid = made_up(i);
	unsigned before = take(input);
	struct oid base = made_up(before % (MAX_ENTRIES + 1));
	struct new_entry entry = {
		.type = habits & 7,
		.claimed = habits & 8 ? take(input) << (habits >> 4) : 0,
		.base = &base,
		.cut = habits & 16 ? 1 + (habits >> 5) : 0,
		.oid = &oid,
	};
	entry.bytes = input->len ? input->bytes : (const uint8_t *)"";
	entry.len = len < input->len ? len : input->len;
	entry.distance = before;
	if (i && habits & 32)
		entry.distance =
			writer->pack.len - writer->entries[before % i].offset;
	input->bytes += entry.len;
	input->len -= entry.len;
	pack_writer_add(writer, &entry);
}

/** What reading one by one gave. */
struct seen {
	struct oid oid;
	int status;
	size_t len;
	struct oid hash;
	unsigned times;
};

static int compare(
	const struct object *object, int status, void *ctx, struct err *err)
{
	(void)err;
	struct seen *seen = ctx;
	while (!oid_equal(&seen->oid, object->oid))
		seen++;
	seen->times++;
	FUZZ_ASSERT(seen->status == status);
	if (status == 0) {
		struct oid hash;
		object_hash(&hash, object->type, object->bytes, object->len);
		FUZZ_ASSERT(oid_equal(&hash, &seen->hash));
	}
	return 0;
}

static void read_all(const struct objects *objects, unsigned count)
{
	struct seen seen[MAX_ENTRIES + 1] = { 0 };
	struct oid wanted[MAX_ENTRIES + 1];
	void *contexts[] = { seen };
	struct err err = { 0 };
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	FUZZ_ASSERT(objects_reader_new(&reader, objects, &err) == 0);
	for (unsigned i = 0; i < count; i++) {
		struct object object = { 0 };
		wanted[i] = seen[i].oid = made_up(i);
		seen[i].status =
			objects_read(&object, reader, &wanted[i], &err);
		FUZZ_ASSERT(seen[i].status <= 0);
		seen[i].len = object.len;
		if (seen[i].status == 0)
			object_hash(&seen[i].hash, object.type, object.bytes,
				object.len);
	}
	FUZZ_ASSERT(objects_each(objects, wanted, count, 1, compare, contexts,
			    &err) == 0);
	for (unsigned i = 0; i < count; i++)
		FUZZ_ASSERT(seen[i].times == 1);
}

/** Changes bytes of the file as the rest of the input says. */
static void damage(
	struct input *input, const struct buf *folder, const char *name)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf content;
	struct err err;
	buf_init(&path, 0);
	buf_init(&content, 0);
	buf_printf(&path, "%s/%s", folder->bytes, name);
	FUZZ_ASSERT(file_read(&content, path.bytes, 0, &err) == 0);
	for (unsigned changes = take(input) & 7; changes; changes--) {
		size_t at = take(input) << 8;
		at |= take(input);
		char *byte = &content.bytes[at % content.len];
		*byte = (char)(*byte ^ take(input));
	}
	fuzz_file_write(
		folder, name, (const uint8_t *)content.bytes, content.len);
}

/* A pack of entries as the input has them, whose index is right, and then some
 * bytes of both changed: reading one by one and in bulk say the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct input input = { bytes, len };
	struct buf folder;
	struct err err = { 0 };
	struct pack_writer writer;
	fuzz_folder_make(&folder);
	pack_writer_init(&writer);
	unsigned count = take(&input) % (MAX_ENTRIES + 1);
	for (unsigned i = 0; i < count; i++)
		add_entry(&writer, &input, i);
	fuzz_file_write(&folder, "pack/x", NULL, 0);
	pack_writer_save(&writer, folder.bytes, "p");
	pack_writer_clear(&writer);
	damage(&input, &folder, "pack/p.pack");
	damage(&input, &folder, "pack/p.idx");

	const char *dirs[] = { folder.bytes, NULL };
	struct objects_opts opts = { .dirs = dirs, .max_object_size = LIMIT };
	CLEANUP(objects_freep) struct objects *objects = NULL;
	if (objects_open(&objects, &opts, &err) == 0) {
		struct object_name *names = NULL;
		size_t named;
		FUZZ_ASSERT(
			objects_list(&names, &named, objects, 1, &err) == 0);
		free(names);
		read_all(objects, count);
	}
	fuzz_folder_remove(&folder);
	return 0;
}
