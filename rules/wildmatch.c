#include "rules/wildmatch.h"

#include "base/alloc.h"
#include "rules/glob_set.h"

#include <string.h>

/*
 * The sources of the semantics are gitignore(5) and what `git check-ignore`
 * answers; tests/integration/ignore_rules.py compares.
 */
enum op_type {
	OP_SET,  /* one byte of a set */
	OP_STAR, /* any bytes but a slash */
	OP_DEEP, /* any bytes */
	OP_SKIP, /* this, or go on behind the next two operations */
};

struct op {
	enum op_type type;
	struct glob_set set;
};

/* Each byte of a pattern makes at most two operations: "**" with the slash
 * behind it makes three. */
#define MAX_OPS (2 * WILDMATCH_MAX)

struct wildmatch {
	size_t count;
	struct op ops[];
};

/* A pattern being compiled. */
struct reader {
	const char *start, *at, *end;
	unsigned flags;
	struct wildmatch *out;
};

void wildmatch_free(struct wildmatch *wildmatch)
{
	free(wildmatch);
}

static struct op *add_op(struct reader *reader, enum op_type type)
{
	struct op *op = &reader->out->ops[reader->out->count++];
	op->type = type;
	return op;
}

static bool has_byte(const struct glob_set *set, int byte)
{
	return glob_set_has(set, (unsigned char)byte);
}

static void set_byte(struct glob_set *set, int byte)
{
	set->bits[byte / CHAR_BIT] |= (unsigned char)(1u << byte % CHAR_BIT);
}

/* Both cases of every letter of it. */
static void fold_set(struct glob_set *set)
{
	for (int i = 'a'; i <= 'z'; i++) {
		int upper = i - 'a' + 'A';
		if (has_byte(set, i) || has_byte(set, upper)) {
			set_byte(set, i);
			set_byte(set, upper);
		}
	}
}

static void add_byte(struct reader *reader, unsigned char byte)
{
	struct glob_set *set = &add_op(reader, OP_SET)->set;
	set_byte(set, byte);
	if (reader->flags & WILDMATCH_FOLD)
		fold_set(set);
}

/* With WILDMATCH_PATHNAME no wildcard takes a slash. */
static void leave_out_slash(struct reader *reader, struct glob_set *set)
{
	if (reader->flags & WILDMATCH_PATHNAME)
		set->bits['/' / CHAR_BIT] &=
			(unsigned char)~(1u << '/' % CHAR_BIT);
}

static void add_any(struct reader *reader)
{
	struct glob_set *set = &add_op(reader, OP_SET)->set;
	memset(set->bits, 0xff, sizeof(set->bits));
	leave_out_slash(reader, set);
}

static void invert(struct glob_set *set)
{
	for (size_t i = 0; i < sizeof(set->bits); i++)
		set->bits[i] = (unsigned char)~set->bits[i];
}

/* Folding comes before the negation, which glob_set_read() has applied. */
static bool add_brackets(struct reader *reader)
{
	struct glob_set *set = &add_op(reader, OP_SET)->set;
	bool negated = reader->at < reader->end &&
		(*reader->at == '!' || *reader->at == '^');
	if (glob_set_read(set, &reader->at, reader->end))
		return false;
	bool fold = reader->flags & WILDMATCH_FOLD;
	if (fold && negated)
		invert(set);
	if (fold)
		fold_set(set);
	if (fold && negated)
		invert(set);
	leave_out_slash(reader, set);
	return true;
}

/* Two stars or more, between slashes or the ends of the pattern; `at` stands
 * behind them. */
static bool stands_alone(const struct reader *reader, const char *stars)
{
	const char *at = reader->at;
	if (stars > reader->start && stars[-1] != '/')
		return false;
	return at == reader->end || *at == '/' ||
		(reader->end - at >= 2 && at[0] == '\\' && at[1] == '/');
}

static void add_stars(struct reader *reader)
{
	const char *stars = reader->at - 1;
	while (reader->at < reader->end && *reader->at == '*')
		reader->at++;
	if (!(reader->flags & WILDMATCH_PATHNAME)) {
		add_op(reader, OP_DEEP);
		return;
	}
	if (reader->at - stars < 2 || !stands_alone(reader, stars)) {
		add_op(reader, OP_STAR);
		return;
	}
	bool slash = reader->at < reader->end && *reader->at == '/';
	if (slash) /* no folder, or any number of them */
		add_op(reader, OP_SKIP);
	add_op(reader, OP_DEEP);
}

static bool read_op(struct reader *reader)
{
	char byte = *reader->at++;
	if (byte == '*')
		add_stars(reader);
	else if (byte == '?')
		add_any(reader);
	else if (byte == '[')
		return add_brackets(reader);
	else if (byte != '\\')
		add_byte(reader, (unsigned char)byte);
	else if (reader->at == reader->end)
		return false;
	else
		add_byte(reader, (unsigned char)*reader->at++);
	return true;
}

struct wildmatch *wildmatch_new(const char *pattern, size_t len, unsigned flags)
{
	size_t room = 2 * len + 1;
	CLEANUP(wildmatch_freep)
	struct wildmatch *wildmatch = xcalloc(
		1, sizeof(*wildmatch) + room * sizeof(wildmatch->ops[0]));
	struct reader reader = {
		.start = pattern,
		.at = pattern,
		.end = pattern + len,
		.flags = flags,
		.out = wildmatch,
	};
	while (reader.at < reader.end)
		if (!read_op(&reader))
			return NULL;
	return STEAL(wildmatch);
}

/* The class of a byte is its last six bits, in lower case. */
uint64_t wildmatch_bytes(const char *text, size_t len)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (byte >= 'A' && byte <= 'Z')
			byte |= 'a' - 'A';
		bytes |= (uint64_t)1 << byte % 64;
	}
	return bytes;
}

/* The classes of the bytes of a set. Upper case lies in the second of its
 * words, 32 bits before lower case. */
static uint64_t set_classes(const struct glob_set *set)
{
	const uint64_t upper = (((uint64_t)1 << 26) - 1) << 'A' % 64;
	uint64_t words[4] = { 0 };
	for (size_t i = 0; i < sizeof(set->bits); i++)
		words[i / 8] |= (uint64_t)set->bits[i] << i % 8 * CHAR_BIT;
	words[1] = (words[1] & ~upper) | (words[1] & upper) << ('a' - 'A');
	return words[0] | words[1] | words[2] | words[3];
}

void wildmatch_needs(
	const struct wildmatch *wildmatch, uint64_t *bytes, uint32_t *least)
{
	*bytes = 0;
	*least = 0;
	for (size_t i = 0; i < wildmatch->count; i++) {
		const struct op *op = &wildmatch->ops[i];
		if (op->type == OP_SKIP)
			i += 2;
		if (op->type != OP_SET)
			continue;
		uint64_t classes = set_classes(&op->set);
		if (!(classes & (classes - 1)))
			*bytes |= classes;
		++*least;
	}
}

/* Which operations may come next; bit `count` is the end. */
struct states {
	uint64_t words[MAX_OPS / 64 + 1];
};

static void states_add(struct states *states, size_t state)
{
	states->words[state / 64] |= (uint64_t)1 << state % 64;
}

static bool states_have(const struct states *states, size_t state)
{
	return states->words[state / 64] >> state % 64 & 1;
}

/* What can be reached without a byte. All such steps go forward, so that one
 * pass finds them all. */
static void close_states(const struct wildmatch *wildmatch, struct states *now)
{
	for (size_t i = 0; i < wildmatch->count; i++) {
		if (wildmatch->ops[i].type == OP_SET || !states_have(now, i))
			continue;
		states_add(now, i + 1);
		if (wildmatch->ops[i].type == OP_SKIP)
			states_add(now, i + 3);
	}
}

static bool advance(const struct wildmatch *wildmatch, const struct states *now,
	struct states *next, unsigned char byte)
{
	bool alive = false;
	for (size_t i = 0; i < wildmatch->count; i++) {
		const struct op *op = &wildmatch->ops[i];
		if (!states_have(now, i))
			continue;
		bool stays = op->type == OP_DEEP ||
			(op->type == OP_STAR && byte != '/');
		bool goes = op->type == OP_SET && has_byte(&op->set, byte);
		if (stays || goes)
			states_add(next, goes ? i + 1 : i);
		alive = alive || stays || goes;
	}
	return alive;
}

bool wildmatch_match(
	const struct wildmatch *wildmatch, const char *text, size_t len)
{
	struct states states[2];
	size_t words = wildmatch->count / 64 + 1;
	struct states *now = &states[0];
	struct states *next = &states[1];
	memset(now->words, 0, words * sizeof(now->words[0]));
	states_add(now, 0);
	close_states(wildmatch, now);
	for (size_t i = 0; i < len; i++) {
		memset(next->words, 0, words * sizeof(next->words[0]));
		if (!advance(wildmatch, now, next, (unsigned char)text[i]))
			return false;
		close_states(wildmatch, next);
		struct states *swap = now;
		now = next;
		next = swap;
	}
	return states_have(now, wildmatch->count);
}
