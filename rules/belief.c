#include "rules/belief.h"

#include "rules/checksum.h"
#include "rules/companion.h"
#include "rules/entropy.h"
#include "rules/keyword.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define NAME_MAX_LEN 48
#define GAP_MAX      8
#define REASONS_MAX  4 /* besides one for each part */

struct reasons {
	struct arena *arena;
	const char **items;
	size_t count;
};

static void add(struct reasons *reasons, const char *text)
{
	reasons->items[reasons->count++] = text;
}

static void add_checksum(struct reasons *reasons, const struct rule *rule,
	const unsigned char *secret, size_t len)
{
	struct checksum_detail detail;
	const struct checksum *checksum =
		rule->checksum ? checksum_find(rule->checksum) : NULL;
	if (checksum && checksum_holds(checksum, &detail, secret, len))
		add(reasons,
			arena_printf(reasons->arena, "verified as %s%s%s",
				checksum->name, *detail.text ? ": " : "",
				detail.text));
}

static bool is_name_byte(unsigned char byte)
{
	return isalnum(byte) || byte == '_' || byte == '.' || byte == '-';
}

static bool has_keyword(
	const struct rule *rule, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; rule->keywords && rule->keywords[i]; i++)
		if (keyword_find(bytes, len, rule->keywords[i],
			    strlen(rule->keywords[i]), true))
			return true;
	return false;
}

/* True when what stands between a name and its value assigns the one to the
 * other: `=`, `: `, `":"`. */
static bool assigns(const unsigned char *gap, size_t len)
{
	const unsigned char *colon = memchr(gap, ':', len);
	if (len > GAP_MAX)
		return false;
	return memchr(gap, '=', len) || (colon && colon + 1 < gap + len);
}

static bool begins_address(const unsigned char *bytes, size_t len)
{
	return len >= 3 && !memcmp(bytes, "://", 3);
}

/* Where a name ends with the punctuation that keywords of schemes have:
 * `ftp://`, `redis+tls://`. */
static size_t scheme_end(const struct belief_input *in, size_t end)
{
	const unsigned char *behind = in->bytes + end;
	size_t len = in->span->group_start - end;
	if (begins_address(behind, len))
		return end + 3;
	return len && *behind == '+' ? end + 1 : end;
}

/* A name speaks for the secret when the rule asks for it, or, where the rule
 * has no keywords, when the secret is assigned to it. */
static bool speaks(const struct belief_input *in, size_t at, size_t end)
{
	if (in->rule->keywords)
		return has_keyword(
			in->rule, in->bytes + at, scheme_end(in, end) - at);
	return assigns(in->bytes + end, in->span->group_start - end);
}

/* "named X", or, where X begins an address, what kind of address that is. */
static const char *name_reason(const struct reasons *reasons,
	const unsigned char *name, size_t len, const unsigned char *end)
{
	bool scheme = begins_address(name + len, (size_t)(end - (name + len)));
	return arena_printf(reasons->arena,
		scheme ? "in a %.*s:// address" : "named %.*s", (int)len,
		(const char *)name);
}

/* The last name before the secret that speaks for it: DB_PASSWORD=… */
static void add_name(struct reasons *reasons, const struct belief_input *in)
{
	size_t at = in->span->group_start;
	size_t low = in->span->start;
	while (low && is_name_byte(in->bytes[low - 1]) &&
		in->span->start - low < NAME_MAX_LEN)
		low--;
	while (at > low) {
		size_t end = at;
		while (at > low && is_name_byte(in->bytes[at - 1]))
			at--;
		size_t len = end - at;
		if (len >= 2 && len <= NAME_MAX_LEN && speaks(in, at, end)) {
			add(reasons,
				name_reason(reasons, in->bytes + at, len,
					in->bytes + in->span->group_start));
			return;
		}
		at -= at > low;
	}
}

/* A literal of the rule that the secret begins with: it is no secret. */
static void add_prefix(struct reasons *reasons, const struct belief_input *in)
{
	size_t len = in->span->group_end - in->span->group_start;
	const char *const *keywords = in->rule->keywords;
	for (size_t i = 0; keywords && keywords[i]; i++) {
		size_t size = strlen(keywords[i]);
		if (size < 3 || size * 2 > len || !is_name_byte(*keywords[i]) ||
			memcmp(in->bytes + in->span->group_start, keywords[i],
				size) != 0)
			continue;
		add(reasons,
			arena_printf(
				reasons->arena, "begins with %s", keywords[i]));
		return;
	}
}

static int find_parts(struct belief *belief, struct reasons *reasons,
	const struct belief_input *in)
{
	const struct rule *rule = in->rule;
	struct belief_part *parts =
		arena_array(in->arena, rule->with_count, sizeof(*parts));
	size_t count = 0;
	for (size_t i = 0; i < rule->with_count; i++) {
		const struct rule_with *with = &rule->with[i];
		struct pattern_span span;
		int rc = companion_find(&span, in->patterns->withs[i],
			in->state, in->bytes, in->len, in->span, with);
		if (rc == 0 && (with->optional || with->absent))
			continue;
		if (rc <= 0 || with->absent)
			return rc < 0 ? rc : 0;
		parts[count++] = (struct belief_part){ with->title,
			span.group_start, span.group_end };
		add(reasons,
			arena_printf(
				in->arena, "with %s beside it", with->title));
	}
	belief->parts = parts;
	belief->part_count = count;
	return 1;
}

int belief_make(const struct belief **out, const struct belief_input *in)
{
	const struct rule *rule = in->rule;
	const unsigned char *secret = in->bytes + in->span->group_start;
	size_t len = in->span->group_end - in->span->group_start;
	struct belief *belief = arena_alloc(in->arena, sizeof(*belief));
	struct reasons reasons = {
		.arena = in->arena,
		.items = arena_array(in->arena, REASONS_MAX + rule->with_count,
			sizeof(*reasons.items)),
	};
	int rc = find_parts(belief, &reasons, in);
	if (rc <= 0)
		return rc;
	add_checksum(&reasons, rule, secret, len);
	add_name(&reasons, in);
	add_prefix(&reasons, in);
	if (rule->entropy > 0)
		add(&reasons,
			arena_printf(in->arena, "entropy %.1f bits a byte",
				entropy_bits(secret, len)));
	if (!reasons.count)
		add(&reasons, "of the form that the rule describes");
	belief->reasons = reasons.items;
	belief->reason_count = reasons.count;
	*out = belief;
	return 1;
}
