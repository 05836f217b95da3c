#include "rules/encoded/runs.h"

#include "rules/encoded/alphabet.h"
#include "rules/encoded/block.h"
#include "rules/encoded/chain.h"
#include "rules/encoded/escapes.h"

#include <string.h>

/* Bytes on each side of a place that are there for a quick look. */
#define LOOK_AROUND (2 * 16 + LINE_BREAK_MAX)

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

static bool is_white(unsigned char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* Dense bytes right before and right behind a place, up to 16 each. */
static size_t dense_before(const unsigned char *at)
{
	return (size_t)__builtin_clz(~(dense_16(at - 16) << 16));
}

static size_t dense_behind(const unsigned char *at)
{
	return (size_t)__builtin_ctz(~dense_16(at));
}

/* Tells most places at once: those without so many dense bytes around them, or
 * beyond white space before and behind. */
static bool may_touch_chain(const struct run_search *search, size_t at)
{
	if (at < LOOK_AROUND || search->len - at < LOOK_AROUND)
		return true;
	const unsigned char *low = search->bytes + at;
	const unsigned char *high = low;
	low -= dense_before(low);
	high += dense_behind(high);
	if ((size_t)(search->bytes + at - low) == 16 ||
		(size_t)(high - search->bytes - at) == 16)
		return true; /* of more than 30 digits */
	const unsigned char *end = low - LINE_BREAK_MAX;
	while (low > end && is_white(low[-1]))
		low--;
	if (dense_16(low - 16) == 0xFFFF)
		return true;
	end = high + LINE_BREAK_MAX;
	while (high < end && is_white(*high))
		high++;
	return dense_16(high) == 0xFFFF;
}

/* True when a "%" comes before what no text with escapes has in it, going back
 * from a place; or neither does for a while. */
static bool may_follow_escape(const struct run_search *search, size_t at)
{
	const unsigned char *bytes = search->bytes;
	size_t low = at;
	for (; low >= 16 && at - low < LOOK_AROUND; low -= 16) {
		uint32_t percents = equal_16(bytes + low - 16, '%');
		uint32_t others = outside_text_16(bytes + low - 16);
		if (percents | others) /* the last one is the highest */
			return percents > others;
	}
	while (low > 0 && escape_is_of_text(bytes[low - 1]))
		if (bytes[--low] == '%' || at - low >= LOOK_AROUND)
			return true;
	return false;
}

/* The same, going on. */
static bool may_precede_escape(const struct run_search *search, size_t at)
{
	const unsigned char *bytes = search->bytes;
	size_t high = at;
	for (; search->len - high >= 16 && high - at < LOOK_AROUND;
		high += 16) {
		uint32_t percents = equal_16(bytes + high, '%');
		uint32_t both = percents | outside_text_16(bytes + high);
		if (both)
			return percents & both & -both;
	}
	while (high < search->len && escape_is_of_text(bytes[high]))
		if (bytes[high++] == '%' || high - at >= LOOK_AROUND)
			return true;
	return false;
}

/* As may_touch_chain(), for escapes: most texts are short. */
static bool may_touch_escape(const struct run_search *search, size_t at)
{
	return may_follow_escape(search, at) || may_precede_escape(search, at);
}

static void look_around(struct run_search *search, size_t at)
{
	if (may_touch_chain(search, at))
		look_around_chains(search, at);
	if (at < search->escapes_done || !may_touch_escape(search, at))
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

/* True when digits begin in the stride before a window, or with it, as those of
 * something that is packed. */
static bool starts_packed(const struct run_search *search, size_t at)
{
	const unsigned char *bytes = search->bytes;
	size_t start = at;
	while (start > 0 && is_base64(bytes[start - 1]))
		if (at - --start == STRIDE)
			return false;
	size_t len = at + WINDOW - start;
	return digits_are_packed(bytes + start, len) ||
		digits_are_packed(bytes + start + 1, len - 1);
}

/* Looks at windows of dense bytes: a bit for each stride where one begins. */
static void look_at_windows(
	struct run_search *search, size_t at, uint32_t windows)
{
	for (; windows; windows &= windows - 1) {
		size_t start = at + (size_t)__builtin_ctz(windows) * STRIDE;
		if (start < search->chains_done)
			continue;
		if (window_is_telling(search->bytes + start) ||
			starts_packed(search, start))
			look_at_chain(search, start);
	}
}

/* Of 31 digits in a row three strides are dense, wherever they begin; and two
 * of these, a window, are digits of text where 24 of the digits are. */
static void look_inside(struct run_search *search, size_t from, size_t to)
{
	const unsigned char *bytes = search->bytes;
	uint32_t strides = 0; /* the last three of the block before, then its */
	for (size_t at = from; at < to; at += BLOCK) {
		unsigned char rest[BLOCK] = { 0 };
		const unsigned char *here = bytes + at;
		if (to - at < BLOCK) {
			memcpy(rest, here, to - at);
			here = rest;
		}
		uint64_t percents = percents_64(here);
		if (percents)
			look_at_percents(search, at, percents);
		strides = strides >> BLOCK_STRIDES |
			dense_strides(dense_64(here)) << 3;
		uint32_t three = strides & strides >> 1 & strides >> 2;
		if (three)
			look_at_windows(search, at - (size_t)3 * STRIDE,
				three | three << 1);
	}
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
