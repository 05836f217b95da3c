#include "scanner/tree_parse.h"

#include <string.h>

#define MODE_TYPE    0170000U
#define MODE_TREE    0040000U
#define MODE_GITLINK 0160000U

bool mode_is_tree(uint32_t mode)
{
	return (mode & MODE_TYPE) == MODE_TREE;
}

bool mode_is_gitlink(uint32_t mode)
{
	return (mode & MODE_TYPE) == MODE_GITLINK;
}

/** The entry at `at`; false when there is none. */
static bool read_entry(struct tree_entry *entry, const unsigned char *at,
	const unsigned char *end)
{
	const unsigned char *start = at;
	uint32_t mode = 0;
	while (at < end && *at >= '0' && *at <= '7' && at - start < 8)
		mode = mode << 3 | (uint32_t)(*at++ - '0');
	if (at == start || at == end || *at != ' ')
		return false;
	const unsigned char *name = at + 1;
	const unsigned char *nul = memchr(name, 0, (size_t)(end - name));
	if (!nul || nul == name || end - nul <= OID_SIZE)
		return false;
	*entry = (struct tree_entry){
		.mode = mode,
		.name = (const char *)name,
		.name_len = (size_t)(nul - name),
		.oid = nul + 1,
		.size = (size_t)(nul + 1 + OID_SIZE - start),
	};
	return true;
}

static void load(struct tree_cursor *cursor)
{
	cursor->more = cursor->at < cursor->end &&
		read_entry(&cursor->entry, cursor->at, cursor->end);
	cursor->corrupt = !cursor->more && cursor->at < cursor->end;
}

void tree_cursor_init(
	struct tree_cursor *cursor, const unsigned char *bytes, size_t len)
{
	*cursor = (struct tree_cursor){ .at = bytes, .end = bytes + len };
	if (len)
		load(cursor);
}

void tree_cursor_next(struct tree_cursor *cursor)
{
	cursor->at += cursor->entry.size;
	load(cursor);
}

void tree_cursor_seek(struct tree_cursor *cursor, const unsigned char *at)
{
	cursor->at = at;
	load(cursor);
}

bool tree_oid_is_empty(const struct oid *oid)
{
	static const struct oid empty = { { 0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb,
		0x6e, 0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88,
		0xfb, 0xee, 0x49, 0x04 } };
	return oid_equal(oid, &empty);
}

int tree_entry_compare(const struct tree_entry *a, const struct tree_entry *b)
{
	size_t common = a->name_len < b->name_len ? a->name_len : b->name_len;
	int order = memcmp(a->name, b->name, common);
	if (order)
		return order;
	unsigned char next_a = (unsigned char)a->name[common];
	unsigned char next_b = (unsigned char)b->name[common];
	if (!next_a && mode_is_tree(a->mode))
		next_a = '/';
	if (!next_b && mode_is_tree(b->mode))
		next_b = '/';
	if (next_a != next_b)
		return (int)next_a - (int)next_b;
	/* the same, unless somebody wrote a slash into a name */
	return (a->name_len > b->name_len) - (a->name_len < b->name_len);
}
