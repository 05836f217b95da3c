#include "rules/literal_finder.h"

#include "base/alloc.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#define BUCKETS 1024 /* of two folded bytes; a power of two */
#define PAIRS   (1 << 16)
#define NONE    UINT32_MAX

/* A list of literals goes through `next`; NONE ends it. */
struct item {
	char *bytes; /* folded where case is ignored */
	size_t len;
	bool ignore_case;
	uint32_t next;
};

struct literal_finder {
	struct item *items;
	size_t count;
	unsigned char fold[UCHAR_MAX + 1];
	unsigned char starts[PAIRS / CHAR_BIT]; /* bits: a literal may begin */
	uint32_t buckets[BUCKETS];
	uint32_t singles; /* literals of one byte: any byte may follow */
};

/** Two folded bytes as a number. */
static unsigned pair_of(const struct literal_finder *finder,
	unsigned char first, unsigned char second)
{
	return (unsigned)finder->fold[first] << 8 | finder->fold[second];
}

static size_t bucket_of(unsigned pair)
{
	return (pair ^ pair >> 6) & (BUCKETS - 1);
}

static void mark(struct literal_finder *finder, unsigned pair)
{
	finder->starts[pair / CHAR_BIT] |=
		(unsigned char)(1U << pair % CHAR_BIT);
}

static void add(struct literal_finder *finder, uint32_t number)
{
	struct item *item = &finder->items[number];
	unsigned char first = (unsigned char)item->bytes[0];
	uint32_t *list = &finder->singles;
	if (item->len > 1) {
		unsigned pair =
			pair_of(finder, first, (unsigned char)item->bytes[1]);
		mark(finder, pair);
		list = &finder->buckets[bucket_of(pair)];
	} else {
		for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
			mark(finder,
				pair_of(finder, first, (unsigned char)byte));
	}
	item->next = *list;
	*list = number;
}

struct literal_finder *literal_finder_new(
	const struct literal *literals, size_t count)
{
	struct literal_finder *finder = xcalloc(1, sizeof(*finder));
	for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
		finder->fold[byte] =
			(unsigned char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20
								   : byte);
	for (size_t i = 0; i < BUCKETS; i++)
		finder->buckets[i] = NONE;
	finder->singles = NONE;
	finder->items = xcalloc(count, sizeof(*finder->items));
	finder->count = count;
	for (size_t i = 0; i < count; i++) {
		struct item *item = &finder->items[i];
		*item = (struct item){
			.bytes = xmemdupz(literals[i].bytes, literals[i].len),
			.len = literals[i].len,
			.ignore_case = literals[i].ignore_case,
		};
		for (size_t at = 0; item->ignore_case && at < item->len; at++)
			item->bytes[at] =
				(char)finder
					->fold[(unsigned char)item->bytes[at]];
		add(finder, (uint32_t)i);
	}
	return finder;
}

void literal_finder_free(struct literal_finder *finder)
{
	if (!finder)
		return;
	for (size_t i = 0; i < finder->count; i++)
		free(finder->items[i].bytes);
	free(finder->items);
	free(finder);
}

static bool stands_at(const struct literal_finder *finder,
	const struct item *item, const unsigned char *at)
{
	if (!item->ignore_case)
		return !memcmp(at, item->bytes, item->len);
	for (size_t i = 0; i < item->len; i++)
		if (finder->fold[at[i]] != (unsigned char)item->bytes[i])
			return false;
	return true;
}

/* What one scan goes through. */
struct search {
	const struct literal_finder *finder;
	const unsigned char *bytes;
	size_t len;
	literal_sink *sink;
	void *ctx;
};

static int try_list(const struct search *search, uint32_t number, size_t at)
{
	int answer = 0;
	while (number != NONE && !answer) {
		const struct item *item = &search->finder->items[number];
		if (item->len <= search->len - at &&
			stands_at(search->finder, item, search->bytes + at))
			answer = search->sink(
				number, at, at + item->len, search->ctx);
		number = item->next;
	}
	return answer;
}

int literal_finder_scan(const struct literal_finder *finder,
	const unsigned char *bytes, size_t len, literal_sink *sink, void *ctx)
{
	const struct search search = { finder, bytes, len, sink, ctx };
	int answer = 0;
	for (size_t at = 0; at < len && !answer; at++) {
		unsigned pair = pair_of(
			finder, bytes[at], at + 1 < len ? bytes[at + 1] : 0);
		if (!(finder->starts[pair / CHAR_BIT] >> pair % CHAR_BIT & 1))
			continue;
		answer =
			try_list(&search, finder->buckets[bucket_of(pair)], at);
		if (!answer)
			answer = try_list(&search, finder->singles, at);
	}
	return answer;
}
