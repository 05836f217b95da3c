#include "rules/encoded/runs.h"

#include "rules/encoded/alphabet.h"
#include "rules/encoded/block.h"
#include "rules/encoded/chain.h"
#include "rules/encoded/escapes.h"

#include <string.h>

/* White space that is passed over in a quick look at a place, and bytes that
 * are looked at on each side of it. */
#define WHITE_MAX   (LINE_BREAK_MAX + 15 - (LINE_BREAK_MAX + 15) % 16)
#define LOOK_AROUND (2 * ENCODED_RUN_MIN + WHITE_MAX)

/* Quads of the block before that are kept, since seven in a row may end in this
 * one; and of all these together, those at a stride. */
#define LAST_QUADS   6
#define EVERY_STRIDE 0x55555555U

void run_search_init(struct run_search *search, const unsigned char *bytes,
	size_t len, encoded_run_sink *sink, void *ctx)
{
	*search = (struct run_search){
		.bytes = bytes,
		.len = len,
		.sink = sink,
		.ctx = ctx,
	};
}

/* Looks at the chain of the line that holds digits at `at`, unless it was; the
 * end of that line. */
static size_t look_at_chain(struct run_search *search, size_t at)
{
	const struct text text = { search->bytes, search->len };
	struct line line = line_at(&text, at);
	if (line.start < search->chains_done ||
		line.end - line.start < ENCODED_RUN_MIN)
		return line.end;
	struct chain chain;
	chain_of(&chain, &text, line);
	search->chains_done = chain.end;
	struct encoded_run run;
	if (chain_judge(&run, &text, &chain))
		search->sink(&run, search->ctx);
	return line.end > chain.end ? line.end : chain.end;
}

static void look_at_escapes(struct run_search *search, size_t at)
{
	if (at < search->escapes_done)
		return;
	struct encoded_run run;
	bool found = escapes_judge(
		&run, &search->escapes_done, search->bytes, search->len, at);
	if (found)
		search->sink(&run, search->ctx);
}

/* At an end of the span: the digits that touch it, and the lines before and
 * behind these, whose chains may go on there. */
static void look_around_chains(struct run_search *search, size_t at)
{
	const struct text text = { search->bytes, search->len };
	size_t end = at;
	size_t before = line_before(&text, at);
	if (before != TEXT_NONE) {
		size_t more = line_before(&text, line_at(&text, before).start);
		if (more != TEXT_NONE && more >= search->chains_done)
			look_at_chain(search, more);
		if (before >= search->chains_done)
			look_at_chain(search, before);
	}
	if (at >= search->chains_done && text_has_digit(&text, at))
		end = look_at_chain(search, at);
	/* others may begin right behind padding */
	size_t behind = end > at && end < text.len && is_base64(text.bytes[end])
		? end
		: line_behind(&text, end);
	if (behind != TEXT_NONE && behind >= search->chains_done)
		look_at_chain(search, behind);
}

/* Dense bytes right before and right behind a place, up to 32 each: so many
 * digits has a line at least whose chain is looked at. */
static size_t dense_before(const unsigned char *at)
{
	uint32_t others = ~greater_32(at - 32, BELOW_DENSE);
	return others ? (size_t)__builtin_clz(others) : 32;
}

static size_t dense_behind(const unsigned char *at)
{
	uint32_t others = ~greater_32(at, BELOW_DENSE);
	return others ? (size_t)__builtin_ctz(others) : 32;
}

/* Bytes there that are white space, or no characters at all. */
static size_t white_before(const unsigned char *at)
{
	size_t len = 0;
	uint32_t others = 0;
	for (; !others && len < WHITE_MAX; len += 16)
		others = greater_16(at - len - 16, ' ');
	return others ? len - 16 + (size_t)__builtin_clz(others << 16) : len;
}

static size_t white_behind(const unsigned char *at)
{
	size_t len = 0;
	uint32_t others = 0;
	for (; !others && len < WHITE_MAX; len += 16)
		others = greater_16(at + len, ' ');
	return others ? len - 16 + (size_t)__builtin_ctz(others) : len;
}

/* Tells most places at once: those without so many dense bytes around them, or
 * beyond white space before and behind. */
static bool may_touch_chain(const unsigned char *here)
{
	size_t before = dense_before(here);
	size_t behind = dense_behind(here);
	if (before + behind >= ENCODED_RUN_MIN)
		return true;
	const unsigned char *low = here - before;
	const unsigned char *high = here + behind;
	return dense_before(low - white_before(low)) == 32 ||
		dense_behind(high + white_behind(high)) == 32;
}

/* True when a "%" comes before what no text with escapes has in it, going back
 * from a place; or neither does for a while. */
static bool may_follow_escape(const unsigned char *here)
{
	for (size_t len = 32; len <= LOOK_AROUND; len += 32) {
		uint32_t percents = equal_32(here - len, '%');
		uint32_t others = outside_escapes_32(here - len);
		if (percents | others) /* the last one is the highest */
			return percents > others;
	}
	return true;
}

/* The same, going on. */
static bool may_precede_escape(const unsigned char *here)
{
	for (size_t len = 0; len + 32 <= LOOK_AROUND; len += 32) {
		uint32_t percents = equal_32(here + len, '%');
		uint32_t both = percents | outside_escapes_32(here + len);
		if (both)
			return percents & both & -both;
	}
	return true;
}

/* As may_touch_chain(), for escapes: most texts are short. */
static bool may_touch_escape(const unsigned char *here)
{
	return (may_be_escapes(here - 32) || may_be_escapes(here)) &&
		(may_follow_escape(here) || may_precede_escape(here));
}

/* A place with LOOK_AROUND bytes on each side: that of the text, or a copy
 * where this ends before, with NULs. */
static const unsigned char *place_at(
	unsigned char *copy, const struct run_search *search, size_t at)
{
	const unsigned char *here = search->bytes + at;
	size_t before = at;
	size_t behind = search->len - at;
	if (before >= LOOK_AROUND && behind >= LOOK_AROUND)
		return here;
	if (before > LOOK_AROUND)
		before = LOOK_AROUND;
	if (behind > LOOK_AROUND)
		behind = LOOK_AROUND;
	memset(copy, 0, (size_t)2 * LOOK_AROUND);
	memcpy(copy + LOOK_AROUND - before, here - before, before + behind);
	return copy + LOOK_AROUND;
}

static void look_around(struct run_search *search, size_t at)
{
	unsigned char copy[2 * LOOK_AROUND];
	if (!search->len)
		return;
	const unsigned char *here = place_at(copy, search, at);
	if (may_touch_chain(here))
		look_around_chains(search, at);
	if (at < search->escapes_done || !may_touch_escape(here))
		return;
	size_t escape = escape_near(
		&search->escapes_done, search->bytes, search->len, at);
	if (escape != TEXT_NONE)
		look_at_escapes(search, escape);
}

static void look_at_percents(
	struct run_search *search, size_t at, uint64_t percents)
{
	for (; percents; percents &= percents - 1) {
		size_t place = at + (size_t)__builtin_ctzll(percents);
		if (escape_is_telling(search->bytes, search->len, place))
			look_at_escapes(search, place);
	}
}

/* Digits right before a window, as far as a stride. */
static size_t digits_before(const struct run_search *search, size_t at)
{
	const unsigned char *bytes = search->bytes + at;
	if (at >= STRIDE) {
		uint32_t digits = digits_16(bytes - STRIDE) << (32 - STRIDE);
		return digits == UINT32_MAX << (32 - STRIDE)
			? STRIDE
			: (size_t)__builtin_clz(~digits);
	}
	size_t count = 0;
	while (count < at && is_base64(bytes[-(ptrdiff_t)count - 1]))
		count++;
	return count;
}

/* True when digits begin in the stride before a window, or with it, as those of
 * something that is packed. */
static bool starts_packed(const struct run_search *search, size_t at)
{
	size_t before = digits_before(search, at);
	if (before == STRIDE)
		return false;
	const unsigned char *start = search->bytes + at - before;
	size_t len = before + WINDOW;
	return digits_are_packed(start, len) ||
		digits_are_packed(start + 1, len - 1);
}

/* Looks at windows of dense bytes: a bit for each quad where one begins. */
static void look_at_windows(
	struct run_search *search, size_t at, uint32_t windows)
{
	for (; windows; windows &= windows - 1) {
		size_t start = at + (size_t)__builtin_ctz(windows) * QUAD;
		const unsigned char *window = search->bytes + start;
		if (start < search->chains_done || digits_16(window) != 0xFFFF)
			continue;
		if (window_is_telling(window) || starts_packed(search, start))
			look_at_chain(search, start);
	}
}

/* Of 32 digits in a row seven quads are dense, wherever they begin; and four of
 * these, a window, are digits of text where 24 of the digits are. `dense` are
 * those of the last block, then of this one. */
static void look_at_quads(struct run_search *search, size_t at, uint32_t dense)
{
	uint32_t sevens = dense & dense >> 1;
	sevens &= sevens >> 2;
	sevens &= sevens >> 3;
	if (!sevens)
		return;
	uint32_t windows = sevens | sevens << 1;
	windows |= windows << 2;
	look_at_windows(search, at - LAST_QUADS * QUAD, windows & EVERY_STRIDE);
}

/* Looks at the last bytes of a span, fewer than a block. */
static void look_at_rest(
	struct run_search *search, size_t at, size_t len, uint32_t dense)
{
	unsigned char copy[BLOCK] = { 0 };
	const unsigned char *here = search->bytes + at;
	if (search->len - at < BLOCK)
		here = memcpy(copy, here, len);
	if (has_percent(here))
		look_at_percents(search, at,
			percents_64(here) & (((uint64_t)1 << len) - 1));
	uint32_t quads = dense_quads(here) & ((1U << len / QUAD) - 1);
	look_at_quads(search, at, dense | quads << LAST_QUADS);
}

static void look_inside(struct run_search *search, size_t from, size_t to)
{
	uint32_t dense = 0; /* the last quads of the block before, then its */
	size_t at = from;
	for (; to - at >= BLOCK; at += BLOCK) {
		const unsigned char *here = search->bytes + at;
		if (has_percent(here))
			look_at_percents(search, at, percents_64(here));
		dense |= dense_quads(here) << LAST_QUADS;
		look_at_quads(search, at, dense);
		dense >>= BLOCK_QUADS;
	}
	if (at < to)
		look_at_rest(search, at, to - at, dense);
}

void run_search_span(struct run_search *search, size_t from, size_t to)
{
	if (from > 0 || to == 0)
		look_around(search, from);
	look_inside(search, from, to);
	if (to < search->len && to > from)
		look_around(search, to);
}

void run_search_again(struct run_search *search, int encoding, size_t at)
{
	if (encoding != ENCODING_PERCENT) {
		look_at_chain(search, at);
		return;
	}
	size_t ignored;
	size_t escape = escape_near(&ignored, search->bytes, search->len, at);
	if (escape != TEXT_NONE)
		look_at_escapes(search, escape);
}

void run_search_take(struct run_search *search, const struct encoded_run *run)
{
	size_t *done = run->encoding == ENCODING_PERCENT ? &search->escapes_done
							 : &search->chains_done;
	if (run->start < *done)
		return;
	*done = run->end;
	search->sink(run, search->ctx);
}
