#include "rules/literal_set.h"

#include "base/alloc.h"
#include "rules/gram_filter.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

struct text {
	unsigned char *bytes; /* in lower case where case is ignored */
	size_t len;
	bool ignore_case;
};

/* Eight bytes by which a text is known, the first the lowest: those under the
 * mask are its own, the others stand beside it. It begins `ahead` bytes before
 * them. */
struct anchor {
	uint64_t mask, bytes;
	uint32_t text;
	int32_t ahead;
};

/* Lists of anchors, by the hash of some of their bytes: they stand in a row,
 * those of list i from first[i] up to first[i + 1]. */
struct anchor_table {
	uint32_t mask; /* of these bytes */
	uint32_t *first;
};

/* Which bytes tables look at; an anchor is in the first that it has all of. */
static const uint32_t table_masks[] = {
	UINT32_C(0x00ffffff),
	UINT32_C(0xffffff00), /* three bytes, behind an odd one */
	UINT32_C(0x0000ffff), /* two */
	UINT32_C(0x00ffff00),
	UINT32_C(0x000000ff), /* one */
	UINT32_C(0x0000ff00),
};

struct literal_set {
	struct text *texts;
	size_t count, longest;
	struct anchor *anchors; /* two a text, by table and list */
	size_t anchor_count;
	struct anchor_table tables[ARRAY_SIZE(table_masks)]; /* in use */
	size_t table_count;
	unsigned list_bits; /* the logarithm of the lists of a table */
	struct gram_filter filter;
};

static uint32_t hash_of(uint32_t gram, unsigned bits)
{
	return gram * GRAM_GOLDEN >> (32 - bits);
}

static unsigned char lower(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
}

/* Lets a text be known by its bytes from `ahead` on. */
static void add_anchor(struct literal_set *set, uint32_t number, int32_t ahead)
{
	const struct text *text = &set->texts[number];
	struct anchor *anchor = &set->anchors[set->anchor_count++];
	*anchor = (struct anchor){ .text = number, .ahead = ahead };
	unsigned char bytes[2 * GRAM_LEN] = { 0 };
	for (int32_t i = 0; i < 2 * GRAM_LEN; i++) {
		int32_t at = ahead + i;
		if (at < 0 || (size_t)at >= text->len)
			continue;
		bytes[i] = text->bytes[at];
		anchor->mask |= (uint64_t)UCHAR_MAX << i * CHAR_BIT;
	}
	anchor->bytes = gram_read_two(bytes) & anchor->mask;
	gram_filter_add(
		&set->filter, (uint32_t)anchor->bytes, (uint32_t)anchor->mask);
}

/* One anchor for each parity of the place where the text begins. */
static void anchor_short(struct literal_set *set, uint32_t number)
{
	add_anchor(set, number, 0);
	add_anchor(set, number, set->texts[number].len == GRAM_LEN ? 1 : -1);
}

/* The rarest gram of each parity; one that is there already costs nothing. */
static void anchor_long(struct literal_set *set, uint32_t number,
	const struct gram_rates *rates)
{
	const struct text *text = &set->texts[number];
	size_t best[2] = { 0, 1 };
	double least[2] = { 2, 2 };
	for (size_t at = 0; at + GRAM_LEN <= text->len; at++) {
		uint32_t gram = gram_read(text->bytes + at);
		double rate = gram_filter_has(&set->filter, gram)
			? 0
			: gram_rate(rates, gram);
		if (rate >= least[at % 2])
			continue;
		least[at % 2] = rate;
		best[at % 2] = at;
	}
	add_anchor(set, number, (int32_t)best[0]);
	add_anchor(set, number, (int32_t)best[1]);
}

/* The short ones have no choice, so they go first. */
static void add_anchors(struct literal_set *set)
{
	CLEANUP(gram_rates_freep) struct gram_rates *rates = gram_rates_new();
	set->anchors = xcalloc(2 * set->count, sizeof(*set->anchors));
	for (uint32_t i = 0; i < set->count; i++)
		if (set->texts[i].len <= GRAM_LEN)
			anchor_short(set, i);
	for (uint32_t i = 0; i < set->count; i++)
		if (set->texts[i].len > GRAM_LEN)
			anchor_long(set, i, rates);
}

/* The bytes by which the table of an anchor looks. */
static uint32_t table_mask(const struct anchor *anchor)
{
	size_t i = 0;
	while (table_masks[i] & ~(uint32_t)anchor->mask)
		i++;
	return table_masks[i];
}

static uint32_t list_of(
	const struct literal_set *set, uint32_t mask, uint64_t bytes)
{
	return hash_of((uint32_t)bytes & mask, set->list_bits);
}

/* Moves the anchors of one table to `to`, in order of their lists, and returns
 * where the next table begins. */
static size_t move_anchors(
	struct literal_set *set, uint32_t mask, struct anchor *to, size_t base)
{
	size_t lists = (size_t)1 << set->list_bits;
	uint32_t *first = xcalloc(lists + 1, sizeof(*first));
	for (size_t i = 0; i < set->anchor_count; i++)
		if (table_mask(&set->anchors[i]) == mask)
			first[list_of(set, mask, set->anchors[i].bytes)]++;
	size_t end = base;
	for (size_t i = 0; i <= lists; i++)
		first[i] = (uint32_t)(end += first[i]);
	for (size_t i = 0; i < set->anchor_count; i++)
		if (table_mask(&set->anchors[i]) == mask)
			to[--first[list_of(set, mask, set->anchors[i].bytes)]] =
				set->anchors[i];
	set->tables[set->table_count++] = (struct anchor_table){ mask, first };
	return end;
}

static void index_anchors(struct literal_set *set)
{
	while ((size_t)1 << ++set->list_bits < set->anchor_count)
		;
	struct anchor *sorted = xcalloc(set->anchor_count, sizeof(*sorted));
	size_t done = 0;
	for (size_t i = 0; i < ARRAY_SIZE(table_masks); i++) {
		size_t end = move_anchors(set, table_masks[i], sorted, done);
		if (end == done)
			free(set->tables[--set->table_count].first);
		done = end;
	}
	free(set->anchors);
	set->anchors = sorted;
}

static void add_text(struct literal_set *set, const struct literal *literal)
{
	struct text *text = &set->texts[set->count++];
	text->bytes = (unsigned char *)xmemdupz(literal->bytes, literal->len);
	text->len = literal->len;
	text->ignore_case = literal->ignore_case;
	for (size_t i = 0; text->ignore_case && i < text->len; i++)
		text->bytes[i] = lower(text->bytes[i]);
	if (set->longest < text->len)
		set->longest = text->len;
}

int literal_set_new(struct literal_set **out, const struct literal *literals,
	size_t count, struct err *err)
{
	CLEANUP(literal_set_freep)
	struct literal_set *set = xcalloc(1, sizeof(*set));
	gram_filter_init(&set->filter);
	if (count > INT_MAX / 2)
		return err_set(err, ERR_LIMIT, "too many keywords");
	set->texts = xcalloc(count, sizeof(*set->texts));
	for (size_t i = 0; i < count; i++) {
		if (!literals[i].len || literals[i].len > INT_MAX)
			return err_set(err, ERR_PARSE,
				"a literal is empty or too long");
		add_text(set, &literals[i]);
	}
	add_anchors(set);
	index_anchors(set);
	*out = STEAL(set);
	return 0;
}

void literal_set_free(struct literal_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->count; i++)
		free(set->texts[i].bytes);
	free(set->texts);
	free(set->anchors);
	for (size_t i = 0; i < set->table_count; i++)
		free(set->tables[i].first);
	free(set);
}

size_t literal_set_longest(const struct literal_set *set)
{
	return set->longest;
}

/* What one scan goes through. */
struct search {
	const struct literal_set *set;
	const unsigned char *bytes;
	size_t len;
	literal_sink *sink;
	void *ctx;
};

static bool stands_at(const struct text *text, const unsigned char *at)
{
	if (!text->ignore_case)
		return !memcmp(at, text->bytes, text->len);
	for (size_t i = 0; i < text->len; i++)
		if (lower(at[i]) != text->bytes[i])
			return false;
	return true;
}

static int try_anchor(
	const struct search *search, const struct anchor *anchor, size_t at)
{
	const struct text *text = &search->set->texts[anchor->text];
	if (anchor->ahead > 0 && (size_t)anchor->ahead > at)
		return 0;
	size_t start = at - (size_t)anchor->ahead;
	if (start > search->len || text->len > search->len - start ||
		!stands_at(text, search->bytes + start))
		return 0;
	return search->sink(
		anchor->text, start, start + text->len, search->ctx);
}

/* The bytes that stand at `at` are perhaps those of some anchors. */
static int try_place(const struct search *search, size_t at, uint64_t bytes)
{
	const struct literal_set *set = search->set;
	for (size_t i = 0; i < set->table_count; i++) {
		const struct anchor_table *table = &set->tables[i];
		const uint32_t *first =
			&table->first[list_of(set, table->mask, bytes)];
		for (uint32_t a = first[0]; a < first[1]; a++) {
			const struct anchor *anchor = &set->anchors[a];
			if ((bytes & anchor->mask) != anchor->bytes)
				continue;
			int answer = try_anchor(search, anchor, at);
			if (answer)
				return answer;
		}
	}
	return 0;
}

/* What is read of one step, and behind its last place. */
#define STEP_BYTES (GRAM_STEP - 2 + 2 * GRAM_LEN)

/* Goes on from `at`; the bytes there are given apart. All steps are looked at
 * before any place is tried. */
static int scan_block(const struct search *search, size_t at,
	const unsigned char *bytes, size_t steps)
{
	struct gram_places found;
	gram_filter_find(&found, &search->set->filter, bytes, steps);
	for (size_t i = 0; i < found.count; i++) {
		unsigned places = found.places[i];
		for (; places; places &= places - 1) {
			size_t ahead = found.starts[i] +
				2 * (size_t)__builtin_ctz(places);
			int answer = try_place(search, at + ahead,
				gram_read_two(bytes + ahead));
			if (answer)
				return answer;
		}
	}
	return 0;
}

int literal_set_scan(const struct literal_set *set, const unsigned char *bytes,
	size_t len, literal_sink *sink, void *ctx)
{
	const struct search search = { set, bytes, len, sink, ctx };
	if (!set->count || !len)
		return 0;
	size_t steps =
		len < STEP_BYTES ? 0 : (len - STEP_BYTES) / GRAM_STEP + 1;
	size_t done = 0;
	while (steps) {
		size_t some = steps < GRAM_BLOCK ? steps : GRAM_BLOCK;
		int answer = scan_block(&search, done, bytes + done, some);
		if (answer)
			return answer;
		steps -= some;
		done += some * GRAM_STEP;
	}
	/* the last ones, as if NULs followed */
	unsigned char rest[STEP_BYTES + GRAM_STEP] = { 0 };
	memcpy(rest, bytes + done, len - done);
	return scan_block(
		&search, done, rest, (len - done + GRAM_STEP - 1) / GRAM_STEP);
}
