#include "scanner/tree_diff.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/oid_map.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ENTRIES                                                \
	8000000 /* entries of one commit that differ: a repository \
		   that means well has a tenth of that */

#define FIRST_WINDOW 256 /* bytes compared at first */

#define ENTRY_BYTES 32 /* of a tree, that count as an entry of it */

/** One folder being compared: sides[0] is the commit, the rest its parents. */
struct frame {
	size_t path_len; /* of the folder, with its slash */
	size_t first;    /* of its sides in diff.sides */
	struct oid tree; /* the commit's, or the first that there is */
	bool is_repeated;
};

struct side {
	struct tree *tree; /* NULL: that side has no such folder */
	struct tree_cursor cursor;
	bool taken; /* its entry belongs to the name being looked at */
};

struct tree_diff {
	struct tree_cache *cache;
	struct frame *frames;
	size_t frame_count, frame_capacity;
	struct side *sides;
	size_t side_count, side_capacity;
	struct tree_entry *entries; /* of one name, a copy a side */
	const struct tree_entry **before;
	size_t width; /* allocated sides of the two above */
	struct buf path;
	struct oid_map trees; /* of the frames that the commit has had */
	size_t entries_left;
	struct tree_diff_limits limits;
};

struct tree_diff *tree_diff_new(struct tree_cache *cache)
{
	struct tree_diff *diff = xcalloc(1, sizeof(*diff));
	diff->cache = cache;
	diff->limits = TREE_DIFF_LIMITS;
	buf_init(&diff->path, TREE_DIFF_MAX_PATH);
	return diff;
}

void tree_diff_free(struct tree_diff *diff)
{
	if (!diff)
		return;
	free(diff->frames);
	free(diff->sides);
	free(diff->entries);
	free(diff->before);
	buf_clear(&diff->path);
	oid_map_clear(&diff->trees);
	free(diff);
}

struct tree_diff_limits *tree_diff_limits(struct tree_diff *diff)
{
	return &diff->limits;
}

static void pop_frame(struct tree_diff *diff)
{
	const struct frame *frame = &diff->frames[--diff->frame_count];
	for (size_t i = frame->first; i < diff->side_count; i++)
		tree_cache_put(diff->cache, diff->sides[i].tree);
	diff->side_count = frame->first;
}

/** Takes off what looking costs; false: that is too much. */
static bool charge(struct tree_diff *diff, size_t cost)
{
	bool enough = cost <= diff->entries_left;
	cost = enough ? cost : diff->entries_left;
	diff->entries_left -= cost;
	diff->limits.entries -= cost;
	return enough;
}

/** Takes off what the last side costs, where it stands behind those of the
 * first few parents: its tree is kept with all of theirs. False: too much. */
static bool charge_side(struct tree_diff *diff)
{
	const struct frame *frame = &diff->frames[diff->frame_count - 1];
	const struct tree *tree = diff->sides[diff->side_count - 1].tree;
	if (!tree_diff_width_cost(diff->side_count - frame->first, false))
		return true;
	return charge(diff, 1 + (tree ? tree->len / ENTRY_BYTES : 0));
}

/** Looks no further at the folder on top of the stack, and tells. */
static int cut_frame(struct tree_diff *diff, const struct tree_diff_sink *sink,
	struct err *err)
{
	const struct oid tree = diff->frames[diff->frame_count - 1].tree;
	pop_frame(diff);
	return sink->unreadable(
		&tree, diff->path.bytes, ERR_LIMIT, sink->ctx, err);
}

/** Looks at no more of the commit, and tells. */
static int cut_all(struct tree_diff *diff, const struct tree_diff_sink *sink,
	struct err *err)
{
	while (diff->frame_count > 1)
		pop_frame(diff);
	diff->path.len = 0;
	diff->path.bytes[0] = '\0';
	return cut_frame(diff, sink, err);
}

/** Opens one side of a folder. 1: the commit's own side cannot be read, which
 * was told; there is nothing to compare. */
static int open_side(struct tree_diff *diff, const struct oid *oid,
	bool is_commit, const struct tree_diff_sink *sink, struct err *err)
{
	ARRAY_GROW(diff->sides, diff->side_count, diff->side_capacity);
	struct side *side = &diff->sides[diff->side_count++];
	*side = (struct side){ 0 };
	if (!oid)
		return 0;
	int rc = tree_cache_get(&side->tree, diff->cache, oid, err);
	if (rc < 0 && is_commit) {
		rc = sink->unreadable(
			oid, diff->path.bytes, rc, sink->ctx, err);
		return rc < 0 ? rc : 1;
	}
	if (rc == 0)
		tree_cursor_init(
			&side->cursor, side->tree->bytes, side->tree->len);
	return 0; /* a parent's tree was told when that commit was walked */
}

/** Names the frame after its first tree, and tells whether that had one. */
static void name_frame(struct tree_diff *diff, struct frame *frame,
	const struct oid *const *oids)
{
	while (!*oids)
		oids++;
	bool is_new;
	oid_map_add(&diff->trees, *oids, &is_new);
	frame->tree = **oids;
	frame->is_repeated = !is_new;
}

/** Opens a folder on all sides; `oids[i]` is NULL where it is not there. */
static int push_frame(struct tree_diff *diff, const struct oid *const *oids,
	size_t width, const struct tree_diff_sink *sink, struct err *err)
{
	if (diff->frame_count >= TREE_DIFF_MAX_DEPTH)
		return oids[0] ? sink->unreadable(oids[0], diff->path.bytes,
					 ERR_LIMIT, sink->ctx, err)
			       : 0;
	ARRAY_GROW(diff->frames, diff->frame_count, diff->frame_capacity);
	diff->frames[diff->frame_count++] = (struct frame){
		.path_len = diff->path.len,
		.first = diff->side_count,
	};
	name_frame(diff, &diff->frames[diff->frame_count - 1], oids);
	for (size_t i = 0; i < width; i++) {
		int rc = open_side(diff, oids[i], i == 0, sink, err);
		if (rc == 1)
			pop_frame(diff);
		if (rc != 0)
			return rc < 0 ? rc : 0;
		if (!charge_side(diff))
			return cut_all(diff, sink, err);
	}
	return 0;
}

/** Marks the sides whose entry has the smallest name; false at the end. */
static bool take_smallest(struct side *sides, size_t width)
{
	const struct tree_entry *least = NULL;
	size_t first = 0; /* that has it */
	for (size_t i = 0; i < width; i++) {
		struct side *side = &sides[i];
		side->taken = false;
		if (!side->cursor.more)
			continue;
		int order = least
			? tree_entry_compare(&side->cursor.entry, least)
			: -1;
		if (order > 0)
			continue;
		side->taken = true;
		if (order < 0) {
			first = i;
			least = &side->cursor.entry;
		}
	}
	for (size_t i = 0; i < first; i++)
		sides[i].taken = false;
	return least != NULL;
}

/** True when the commit's entry (or its absence) equals that of a parent. */
static bool equals_a_parent(const struct side *sides, size_t width)
{
	for (size_t i = 1; i < width; i++) {
		if (sides[i].taken != sides[0].taken)
			continue;
		if (!sides[0].taken)
			return true;
		const struct tree_entry *before = &sides[i].cursor.entry;
		const struct tree_entry *now = &sides[0].cursor.entry;
		if (!memcmp(before->oid, now->oid, OID_SIZE) &&
			mode_is_gitlink(before->mode) ==
				mode_is_gitlink(now->mode))
			return true;
	}
	return false;
}

/** How many of the first `len` bytes are the same. */
static size_t equal_bytes(
	const unsigned char *a, const unsigned char *b, size_t len)
{
	size_t at = 0;
	for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t left;
		uint64_t right;
		memcpy(&left, a + at, sizeof(left));
		memcpy(&right, b + at, sizeof(right));
		if (left != right)
			break;
	}
	while (at < len && a[at] == b[at])
		at++;
	return at;
}

/** How many bytes from the cursors on are the same on all sides. The window
 * grows, so that a side that differs soon costs little on the others. */
static size_t equal_on_all_sides(const struct side *sides, size_t width)
{
	const struct tree_cursor *now = &sides[0].cursor;
	size_t left = (size_t)(now->end - now->at);
	for (size_t i = 1; i < width; i++) {
		const struct tree_cursor *before = &sides[i].cursor;
		size_t before_left = (size_t)(before->end - before->at);
		left = before_left < left ? before_left : left;
	}
	size_t equal = 0;
	for (size_t window = FIRST_WINDOW; equal < left; window *= 2) {
		size_t part = left - equal < window ? left - equal : window;
		size_t same = part;
		for (size_t i = 1; i < width; i++)
			same = equal_bytes(now->at + equal,
				sides[i].cursor.at + equal, same);
		equal += same;
		if (same < part)
			break;
	}
	return equal;
}

/**
 * Skips entries that are the same byte for byte on all sides. Most of a tree
 * is: its bytes are compared first, and entries are told apart only as far as
 * that must be known.
 */
static void skip_equal(struct side *sides, size_t width)
{
	struct tree_cursor *now = &sides[0].cursor;
	size_t equal = equal_on_all_sides(sides, width);
	size_t skipped = equal;
	bool to_the_end = true;
	for (size_t i = 0; i < width; i++)
		to_the_end = to_the_end &&
			sides[i].cursor.at + equal == sides[i].cursor.end;
	if (!to_the_end) {
		const unsigned char *start = now->at;
		while (now->more && now->at + now->entry.size <= start + equal)
			tree_cursor_next(now);
		skipped = (size_t)(now->at - start);
		now->at = start;
	}
	for (size_t i = 0; skipped && i < width; i++)
		tree_cursor_seek(
			&sides[i].cursor, sides[i].cursor.at + skipped);
}

/** Adds the name of the entry to the path; false when it gets too long. */
static bool extend_path(struct tree_diff *diff, const struct tree_entry *entry)
{
	return buf_add(&diff->path, entry->name, entry->name_len) == 0 &&
		(!mode_is_tree(entry->mode) ||
			buf_add_byte(&diff->path, '/') == 0);
}

static int enter_folder(struct tree_diff *diff, size_t width,
	const struct tree_diff_sink *sink, struct err *err)
{
	CLEANUP(freep)
	const struct oid **oids = xcalloc(width, sizeof(*oids));
	for (size_t i = 0; i < width; i++)
		if (diff->entries[i].oid)
			oids[i] = (const struct oid *)diff->entries[i].oid;
	return push_frame(diff, oids, width, sink, err);
}

static int tell_change(struct tree_diff *diff, size_t width,
	const struct tree_diff_sink *sink, struct err *err)
{
	for (size_t i = 1; i < width; i++)
		diff->before[i - 1] =
			diff->entries[i].oid ? &diff->entries[i] : NULL;
	const struct tree_change change = {
		.path = diff->path.bytes,
		.path_len = diff->path.len,
		.now = diff->entries[0].oid ? &diff->entries[0] : NULL,
		.before = diff->before,
		.parent_count = width - 1,
	};
	return sink->change(&change, sink->ctx, err);
}

/** Copies the entries of the name being looked at and moves past them. */
static const struct tree_entry *take_entries(
	struct tree_diff *diff, struct side *sides, size_t width)
{
	const struct tree_entry *any = NULL;
	for (size_t i = 0; i < width; i++) {
		diff->entries[i] = (struct tree_entry){ 0 };
		if (!sides[i].taken)
			continue;
		diff->entries[i] = sides[i].cursor.entry;
		any = &diff->entries[i];
		tree_cursor_next(&sides[i].cursor);
	}
	return any;
}

/** Looks at the next name of the folder on top of the stack. */
static int step(struct tree_diff *diff, size_t width,
	const struct tree_diff_sink *sink, struct err *err)
{
	const struct frame *frame = &diff->frames[diff->frame_count - 1];
	struct side *sides = &diff->sides[frame->first];
	diff->path.len = frame->path_len;
	diff->path.bytes[diff->path.len] = '\0';
	if (width > 1)
		skip_equal(sides, width);
	if (!take_smallest(sides, width)) {
		const struct tree *tree = sides[0].tree;
		int rc = 0;
		if (tree && tree->corrupt) /* the end may have been skipped */
			rc = sink->unreadable(&tree->oid, diff->path.bytes,
				ERR_CORRUPT, sink->ctx, err);
		pop_frame(diff);
		return rc;
	}
	bool same = equals_a_parent(sides, width);
	const struct tree_entry *entry = take_entries(diff, sides, width);
	size_t cost = tree_diff_width_cost(width, !same);
	if (cost && !charge(diff, cost))
		return cut_all(diff, sink, err);
	if (same)
		return 0;
	if (frame->is_repeated && !diff->limits.repeated)
		return cut_frame(diff, sink, err);
	diff->limits.repeated -= frame->is_repeated;
	bool fits = extend_path(diff, entry);
	if (!fits || !charge(diff, 1)) {
		while (!diff->entries_left && diff->frame_count)
			pop_frame(diff);
		return sink->unreadable((const struct oid *)entry->oid,
			diff->path.bytes, ERR_LIMIT, sink->ctx, err);
	}
	return mode_is_tree(entry->mode) ? enter_folder(diff, width, sink, err)
					 : tell_change(diff, width, sink, err);
}

int tree_diff_run(struct tree_diff *diff, const struct oid *tree,
	const struct oid *parents, size_t count,
	const struct tree_diff_sink *sink, struct err *err)
{
	size_t width = count + 1;
	if (diff->width < width) {
		diff->width = width;
		diff->entries = xreallocarray(
			diff->entries, width, sizeof(*diff->entries));
		diff->before = xreallocarray(
			diff->before, width, sizeof(*diff->before));
	}
	for (size_t i = 0; i < count; i++)
		if (oid_equal(&parents[i], tree))
			return 0;
	diff->entries_left = diff->limits.entries < MAX_ENTRIES
		? diff->limits.entries
		: MAX_ENTRIES;
	oid_map_clear(&diff->trees);
	buf_reset(&diff->path);
	buf_add(&diff->path, "", 0);
	for (size_t i = 0; i < width; i++)
		diff->entries[i] =
			(struct tree_entry){ .oid = i ? parents[i - 1].bytes
						      : tree->bytes };
	int rc = enter_folder(diff, width, sink, err);
	while (rc == 0 && diff->frame_count)
		rc = step(diff, width, sink, err);
	while (diff->frame_count)
		pop_frame(diff);
	return rc;
}
