#include "scanner/line_hash.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW 100 /* code units */
#define FACTOR UINT64_C(37)

typedef void line_sink(size_t line, uint64_t hash, void *ctx);

/** The last code units, and which of them start a line. */
struct roller {
	uint16_t units[WINDOW];
	size_t lines[WINDOW]; /* number of the line that starts there, or 0 */
	size_t at;            /* oldest unit, the next to go */
	uint64_t hash;
	uint64_t first_factor; /* FACTOR to the power of WINDOW */
	size_t line;           /* that is being read */
	bool line_starts, after_cr;
	line_sink *sink;
	void *ctx;
};

static void push_unit(struct roller *roller, uint16_t unit)
{
	size_t at = roller->at;
	if (roller->lines[at]) {
		roller->sink(roller->lines[at], roller->hash, roller->ctx);
		roller->lines[at] = 0;
	}
	if (roller->line_starts)
		roller->lines[at] = ++roller->line;
	roller->line_starts = unit == '\n';
	roller->hash = FACTOR * roller->hash + unit -
		roller->first_factor * roller->units[at];
	roller->units[at] = unit;
	roller->at = (at + 1) % WINDOW;
}

static void take_unit(struct roller *roller, uint16_t unit)
{
	bool behind_cr = roller->after_cr && unit == '\n';
	roller->after_cr = unit == '\r';
	if (unit != ' ' && unit != '\t' && !behind_cr)
		push_unit(roller, unit == '\r' ? '\n' : unit);
}

/** What is left in the window, as if zeros followed. */
static void flush_lines(struct roller *roller)
{
	for (size_t i = 0; i < WINDOW; i++)
		push_unit(roller, 0);
}

/** How many bytes belong to a character that is broken: Unicode 15, 3.9, table
 * 3-7 says which second byte may follow a first one. */
static size_t broken_len(const unsigned char *at, size_t len)
{
	unsigned char first = at[0];
	unsigned char low = 0x80;
	unsigned char high = 0xBF;
	if (first < 0xC2 || first > 0xF4 || len < 2)
		return 1;
	if (first == 0xE0)
		low = 0xA0;
	else if (first == 0xED)
		high = 0x9F;
	else if (first == 0xF0)
		low = 0x90;
	else if (first == 0xF4)
		high = 0x8F;
	if (at[1] < low || at[1] > high)
		return 1;
	bool third = first >= 0xF0 && len > 2 && (at[2] & 0xC0U) == 0x80;
	return third ? 3 : 2;
}

size_t text_next_character(
	uint32_t *code, const unsigned char *bytes, size_t len)
{
	size_t step = utf8_decode(code, bytes, len);
	if (step)
		return step;
	*code = 0xFFFD;
	return broken_len(bytes, len);
}

static void each_line(
	line_sink *sink, void *ctx, const unsigned char *bytes, size_t len)
{
	struct roller roller = {
		.first_factor = 1,
		.line_starts = true,
		.sink = sink,
		.ctx = ctx,
	};
	for (size_t i = 0; i < WINDOW; i++)
		roller.first_factor *= FACTOR;
	for (size_t at = 0; at < len;) {
		uint32_t code;
		at += text_next_character(&code, bytes + at, len - at);
		if (code >= 0x10000) {
			code -= 0x10000;
			take_unit(&roller, (uint16_t)(0xD800 + (code >> 10)));
			code = 0xDC00 + (code & 0x3FF);
		}
		take_unit(&roller, (uint16_t)code);
	}
	take_unit(&roller, 0xFFFF);
	flush_lines(&roller);
}

/** The lines asked for, and how often each of their hashes came by. */
struct search {
	struct line_hash *lines;
	size_t count;
	size_t at;       /* the next line to meet */
	uint64_t *known; /* their hashes, sorted */
	size_t *seen;    /* by index into `known` */
};

static void note_hash(size_t line, uint64_t hash, void *ctx)
{
	struct search *search = ctx;
	if (search->at < search->count &&
		search->lines[search->at].line == line)
		search->lines[search->at++].hash = hash;
}

static int compare_hashes(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left;
	uint64_t b = *(const uint64_t *)right;
	return (a > b) - (a < b);
}

/* Equal hashes may stand in `known` several times; bsearch() finds the same
 * one of them each time. */
static void count_hash(size_t line, uint64_t hash, void *ctx)
{
	struct search *search = ctx;
	const uint64_t *found = bsearch(&hash, search->known, search->count,
		sizeof(*search->known), compare_hashes);
	if (!found)
		return;
	size_t nth = ++search->seen[found - search->known];
	if (search->at < search->count &&
		search->lines[search->at].line == line)
		search->lines[search->at++].nth = nth;
}

void line_hash_find(struct line_hash *lines, size_t count,
	const unsigned char *bytes, size_t len)
{
	CLEANUP(freep) uint64_t *known = xcalloc(count, sizeof(*known));
	CLEANUP(freep) size_t *seen = xcalloc(count, sizeof(*seen));
	struct search search = {
		.lines = lines,
		.count = count,
		.known = known,
		.seen = seen,
	};
	each_line(note_hash, &search, bytes, len);
	size_t met = search.at;
	for (size_t i = 0; i < count; i++)
		lines[i].nth = 0;
	for (size_t i = 0; i < met; i++)
		known[i] = lines[i].hash;
	if (met)
		qsort(known, met, sizeof(*known), compare_hashes);
	search.count = met;
	search.at = 0;
	each_line(count_hash, &search, bytes, len);
}
