#include "scanner/redact.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define CONTEXT       256 /* bytes looked at on each side of the secret */
#define SHOW_FROM     16  /* shorter secrets show nothing */
#define SHOW_LEAST    2
#define SHOW_MOST     4
#define RUN_SECRET    16 /* bytes of a run that can be a secret */
#define RUN_LETTERS   24 /* the same, for letters of one case */
#define RUN_NEIGHBOUR 6  /* the same, touching the secret */

/* U+2026 and U+FFFD */
#define ELLIPSIS    "\xE2\x80\xA6"
#define REPLACEMENT "\xEF\xBF\xBD"

struct span {
	const unsigned char *at;
	size_t len;
};

/* What the two sides of an excerpt have in common. */
struct context {
	struct span secret;
	const unsigned char *low; /* bounds of what is looked at */
	const unsigned char *high;
	bool low_is_cut; /* more of the line lies beyond the bound */
	bool high_is_cut;
};

/* Characters of base64, base64url, hex, UUID and token alphabets. */
static bool is_token_byte(unsigned char byte)
{
	return isalnum(byte) || (byte && strchr("+/_-~", byte));
}

struct tally {
	size_t digits, uppers, lowers, changes, longest_word;
};

static int byte_class(unsigned char byte)
{
	if (isdigit(byte))
		return 0;
	if (isupper(byte))
		return 1;
	return islower(byte) ? 2 : 3;
}

static struct tally tally_run(struct span run)
{
	struct tally tally = { 0 };
	size_t word = 0;
	for (size_t i = 0; i < run.len; i++) {
		int class = byte_class(run.at[i]);
		tally.digits += class == 0;
		tally.uppers += class == 1;
		tally.lowers += class == 2;
		bool same = i && class == byte_class(run.at[i - 1]);
		tally.changes += i && !same;
		word = same ? word + 1 : 1;
		if (word > tally.longest_word)
			tally.longest_word = word;
	}
	return tally;
}

/*
 * Words are letters of one case between separators; CamelCase changes class
 * twice a word. Random text of a token alphabet has digits, or changes class
 * at more than a quarter of its characters.
 */
static bool looks_secret(struct span run)
{
	if (run.len < RUN_SECRET)
		return false;
	struct tally tally = tally_run(run);
	if (tally.digits)
		return true;
	if (tally.longest_word >= RUN_LETTERS)
		return true;
	return tally.uppers && tally.lowers && tally.changes * 4 > run.len;
}

static bool is_partial(const struct context *context, struct span run)
{
	return (context->low_is_cut && run.at == context->low) ||
		(context->high_is_cut && run.at + run.len == context->high);
}

static bool touches_secret(const struct context *context, struct span run)
{
	return run.at + run.len == context->secret.at ||
		run.at == context->secret.at + context->secret.len;
}

static bool hides(const struct context *context, struct span run)
{
	if (is_partial(context, run) || looks_secret(run))
		return true;
	return touches_secret(context, run) && run.len >= RUN_NEIGHBOUR &&
		tally_run(run).digits;
}

static struct span token_run(const unsigned char *at, const unsigned char *end)
{
	struct span run = { .at = at };
	while (run.at + run.len < end && is_token_byte(run.at[run.len]))
		run.len++;
	return run;
}

/* Length of a repetition of the secret at `at`, or 0. */
static size_t repeats_secret(const struct context *context,
	const unsigned char *at, const unsigned char *end)
{
	struct span secret = context->secret;
	if (!secret.len || (size_t)(end - at) < secret.len)
		return 0;
	return memcmp(at, secret.at, secret.len) ? 0 : secret.len;
}

/* True when no repetition of the secret begins inside the run. */
static bool run_is_free(const struct context *context, struct span run,
	const unsigned char *end)
{
	for (size_t i = 0; i < run.len; i++)
		if (repeats_secret(context, run.at + i, end))
			return false;
	return true;
}

/* Appends one character of context as it may be shown; returns its bytes. */
static size_t add_character(
	struct buf *out, const unsigned char *at, const unsigned char *end)
{
	uint32_t code;
	size_t step = utf8_decode(&code, at, (size_t)(end - at));
	if (step && !utf8_is_unsafe(code))
		buf_add(out, at, step);
	else if (step && code == '\t')
		buf_add_byte(out, ' ');
	else
		buf_add_text(out, REPLACEMENT);
	return step ? step : 1;
}

/* Appends what lies between two points of the line, secrets masked. */
static void add_context(struct buf *out, const struct context *context,
	const unsigned char *at, const unsigned char *end)
{
	while (at < end) {
		size_t repeated = repeats_secret(context, at, end);
		struct span run = token_run(at, end);
		if (repeated) {
			buf_add_text(out, ELLIPSIS);
			at += repeated;
		} else if (run.len && hides(context, run)) {
			buf_add_text(out, ELLIPSIS);
			at += run.len;
		} else if (run.len && run_is_free(context, run, end)) {
			buf_add(out, run.at, run.len);
			at += run.len;
		} else {
			at += add_character(out, at, end);
		}
	}
}

static void trim_front(struct span *text)
{
	while (text->len && *text->at == ' ')
		text->at++, text->len--;
}

static void trim_back(struct span *text)
{
	while (text->len && text->at[text->len - 1] == ' ')
		text->len--;
}

static size_t character_count(struct span text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += (text.at[i] & 0xC0U) != 0x80;
	return count;
}

/* Drops characters from the front, or the back, until `most` are left. */
static void cut_front(struct span *text, size_t most)
{
	for (size_t count = character_count(*text); count > most; count--) {
		do
			text->at++, text->len--;
		while (text->len && (*text->at & 0xC0U) == 0x80);
	}
}

static void cut_back(struct span *text, size_t most)
{
	for (size_t count = character_count(*text); count > most; count--) {
		while ((text->at[text->len - 1] & 0xC0U) == 0x80)
			text->len--;
		text->len--;
	}
}

/* How many first characters of the secret may be shown: graphic ASCII. */
static size_t shown_prefix(struct span secret)
{
	if (secret.len < SHOW_FROM)
		return 0;
	size_t most = secret.len / 8;
	if (most < SHOW_LEAST)
		most = SHOW_LEAST;
	if (most > SHOW_MOST)
		most = SHOW_MOST;
	size_t count = 0;
	while (count < most && isgraph(secret.at[count]))
		count++;
	return count;
}

static void add_mask(struct buf *out, struct span secret)
{
	buf_add(out, secret.at, shown_prefix(secret));
	size_t newlines = 0;
	for (size_t i = 0; i < secret.len; i++)
		newlines += secret.at[i] == '\n';
	if (newlines)
		buf_printf(out, ELLIPSIS "(%zu bytes, %zu lines)", secret.len,
			newlines + 1);
	else
		buf_printf(out, ELLIPSIS "(%zu bytes)", secret.len);
}

/* The bytes of the line before and behind the secret, CONTEXT at most. */
static struct context find_context(
	const unsigned char *bytes, size_t len, size_t start, size_t end)
{
	size_t low = start;
	while (low && start - low < CONTEXT && bytes[low - 1] != '\n')
		low--;
	size_t high = end;
	while (high < len && high - end < CONTEXT && bytes[high] != '\n')
		high++;
	struct context context = {
		.secret = { bytes + start, end - start },
		.low = bytes + low,
		.high = bytes + high,
		.low_is_cut = low && bytes[low - 1] != '\n',
		.high_is_cut = high < len && bytes[high] != '\n',
	};
	if (!context.high_is_cut && high > end && bytes[high - 1] == '\r')
		context.high--;
	return context;
}

/* Shares the room between the sides: what one leaves, the other may have. */
static char *join(struct arena *arena, struct span before, struct span mask,
	struct span behind)
{
	size_t room = EXCERPT_MAX - character_count(mask);
	size_t left = character_count(before);
	size_t right = character_count(behind);
	bool cut_left = false;
	bool cut_right = false;
	if (left + right > room) {
		size_t half = room / 2;
		size_t for_left = right < half ? room - right : half;
		size_t for_right = left < half ? room - left : room - half;
		cut_left = left > for_left;
		cut_right = right > for_right;
		if (cut_left)
			cut_front(&before, for_left - 1);
		if (cut_right)
			cut_back(&behind, for_right - 1);
	}
	return arena_printf(arena, "%s%.*s%.*s%.*s%s", cut_left ? ELLIPSIS : "",
		(int)before.len, before.at, (int)mask.len, mask.at,
		(int)behind.len, behind.at, cut_right ? ELLIPSIS : "");
}

static struct span span_of(const struct buf *buf)
{
	const char *bytes = buf->bytes ? buf->bytes : "";
	return (struct span){ (const unsigned char *)bytes, buf->len };
}

char *redact_excerpt(struct arena *arena, const unsigned char *bytes,
	size_t len, size_t secret_start, size_t secret_end)
{
	if (secret_end > len)
		secret_end = len;
	if (secret_start > secret_end)
		secret_start = secret_end;
	struct context context =
		find_context(bytes, len, secret_start, secret_end);
	/* bounded by CONTEXT, so the appends cannot fail */
	CLEANUP(buf_clear) struct buf before;
	buf_init(&before, 0);
	CLEANUP(buf_clear) struct buf mask;
	buf_init(&mask, 0);
	CLEANUP(buf_clear) struct buf behind;
	buf_init(&behind, 0);
	add_context(&before, &context, context.low, bytes + secret_start);
	add_mask(&mask, context.secret);
	add_context(&behind, &context, bytes + secret_end, context.high);
	struct span left = span_of(&before);
	struct span right = span_of(&behind);
	trim_front(&left);
	trim_back(&right);
	return join(arena, left, span_of(&mask), right);
}

void redact_add_secret(struct buf *out, const unsigned char *secret, size_t len)
{
	add_mask(out, (struct span){ secret, len });
}
