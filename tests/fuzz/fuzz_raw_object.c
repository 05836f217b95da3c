#include "base/alloc.h"
#include "scanner/commit_parse.h"
#include "scanner/tree_parse.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_signature(
	const struct signature *signature, const uint8_t *bytes, size_t len)
{
	const char *text = (const char *)bytes;
	FUZZ_ASSERT(!signature->name_len ||
		(signature->name >= text &&
			signature->name + signature->name_len <= text + len));
}

static void try_commit(const uint8_t *bytes, size_t len)
{
	struct commit_header header;
	if (!commit_parse(&header, bytes, len))
		return;
	check_signature(&header.author, bytes, len);
	check_signature(&header.committer, bytes, len);
	for (size_t i = 0; i < header.parent_count; i++) {
		struct oid parent;
		char hex[OID_HEX_SIZE + 1];
		commit_parent(&parent, &header, i);
		oid_to_hex(hex, &parent);
		FUZZ_ASSERT(strlen(hex) == OID_HEX_SIZE);
	}
}

/** Entries stand one behind the other and are all that is there, or the rest
 * is corrupt; a cursor that is set to one reads the same. */
static void try_tree(const uint8_t *bytes, size_t len)
{
	struct tree_cursor cursor;
	size_t read = 0;
	tree_cursor_init(&cursor, bytes, len);
	for (; cursor.more; tree_cursor_next(&cursor)) {
		const struct tree_entry entry = cursor.entry;
		struct tree_cursor other;
		tree_cursor_init(&other, bytes, len);
		tree_cursor_seek(&other, bytes + read);
		FUZZ_ASSERT(other.more && other.entry.name == entry.name &&
			other.entry.size == entry.size);
		FUZZ_ASSERT(tree_entry_compare(&entry, &entry) == 0);
		FUZZ_ASSERT(!memchr(entry.name, '\0', entry.name_len));
		read += entry.size;
		FUZZ_ASSERT(read <= len);
	}
	FUZZ_ASSERT(cursor.corrupt == (read < len));
}

/* Any bytes as a commit, a tag and a tree. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct oid target;
	int type;
	if (!len)
		return 0;
	try_commit(bytes, len);
	if (tag_parse(&target, &type, bytes, len))
		FUZZ_ASSERT(type >= 1 && type <= 4);
	try_tree(bytes, len);
	return 0;
}
