#include "rules/rule_mutation.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/buf.h"
#include "rules/keyword.h"

#include <ctype.h>
#include <string.h>

/* Secrets of several lengths are cut to this part of their body. */
#define STUB_SHARE 8

/* Below so many letters and digits their classes say little. */
#define TELLING 12

/* A text in which the secret was broken, and what the rule makes of it. */
struct trial {
	const struct mutation_input *input;
	struct buf *text;
	size_t start, end; /* where the secret is now */
	size_t at;         /* the byte that was changed */
	bool overlaps;     /* a match has a byte of it */
	bool holds;        /* and has the byte that was changed */
	bool covers;       /* and all of them */
	bool is_same;      /* and no other */
};

static int note_match(const struct match *match, void *ctx, struct err *err)
{
	struct trial *trial = ctx;
	(void)err;
	if (match->rule_index != trial->input->rule_index ||
		match->secret_start >= trial->end ||
		match->secret_end <= trial->start)
		return 0;
	trial->overlaps = true;
	if (match->secret_start <= trial->at && trial->at < match->secret_end)
		trial->holds = true;
	if (match->secret_start <= trial->start &&
		match->secret_end >= trial->end)
		trial->covers = true;
	if (match->secret_start == trial->start &&
		match->secret_end == trial->end)
		trial->is_same = true;
	return 0;
}

static int match_again(struct trial *trial, struct err *err)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct match_out out = { note_match, trial, &arena };
	const struct mutation_input *input = trial->input;
	trial->overlaps = trial->holds = false;
	trial->covers = trial->is_same = false;
	int rc = matcher_rule(input->matcher, input->rule_index,
		input->secret.example->path,
		(unsigned char *)trial->text->bytes, trial->text->len, &out,
		err);
	return rc < 0 ? rc : 0;
}

/* Tries the example with `len` bytes at `at` of its content, which are in or
 * beside the secret, replaced by others. */
static int try_with(struct trial *trial, size_t at, size_t len,
	const void *bytes, size_t size, struct err *err)
{
	const struct mutation_secret *secret = &trial->input->secret;
	const unsigned char *content = secret->example->content;
	trial->at = at;
	buf_reset(trial->text);
	buf_add(trial->text, content, at);
	buf_add(trial->text, bytes, size);
	buf_add(trial->text, content + at + len,
		secret->example->content_len - at - len);
	bool is_before = at + len <= secret->start;
	bool is_inside = !is_before && at < secret->end;
	trial->start = is_before ? secret->start - len + size : secret->start;
	trial->end =
		is_before || is_inside ? secret->end - len + size : secret->end;
	return match_again(trial, err);
}

static size_t keyword_at(const struct mutation_secret *secret, size_t at)
{
	const struct rule *rule = secret->rule;
	const unsigned char *bytes = secret->example->content + at;
	size_t longest = 0;
	for (size_t i = 0; rule->keywords && rule->keywords[i]; i++) {
		size_t len = strlen(rule->keywords[i]);
		if (len > longest && len <= secret->end - at &&
			keyword_find(bytes, len, rule->keywords[i], len,
				rule->ignore_case))
			longest = len;
	}
	return longest;
}

/* Where the secret goes on behind the literal that it begins with. */
static size_t body_start(const struct mutation_secret *secret)
{
	size_t body = secret->start + keyword_at(secret, secret->start);
	return body < secret->end ? body : secret->start;
}

void mutation_survey_add(
	struct mutation_survey *survey, const struct mutation_secret *secret)
{
	size_t len = secret->end - secret->start;
	survey->lengths_differ =
		survey->lengths_differ || (survey->count && len != survey->len);
	survey->len = len;
	survey->count++;
	for (size_t at = body_start(secret); at < secret->end; at++) {
		unsigned char byte = secret->example->content[at];
		survey->digits += isdigit(byte) != 0;
		survey->hex_letters += isxdigit(byte) && !isdigit(byte);
		survey->lower += islower(byte) != 0;
		survey->upper += isupper(byte) != 0;
	}
}

static bool is_word(unsigned char byte)
{
	return isalnum(byte) || byte == '_';
}

/* A byte that no literal has in this place: prefixes of one vendor differ in
 * a byte of the same class. */
static unsigned char other_byte(unsigned char byte)
{
	if (isalpha(byte))
		return '7';
	return isdigit(byte) ? 'q' : '!';
}

static int try_prefix(bool *survived, struct trial *trial, struct err *err)
{
	const struct mutation_secret *secret = &trial->input->secret;
	for (size_t at = secret->start; at < secret->end; at++) {
		size_t len = keyword_at(secret, at);
		for (size_t i = 0; i < len; i++) {
			unsigned char other =
				other_byte(secret->example->content[at + i]);
			int rc = try_with(trial, at + i, 1, &other, 1, err);
			if (rc < 0)
				return rc;
			*survived = *survived || trial->overlaps;
		}
		at += len ? len - 1 : 0;
	}
	return 0;
}

/* A byte of a class that none of the secrets has, or 0: then they have of each,
 * or are too short to tell. */
static unsigned char foreign_byte(const struct mutation_survey *survey)
{
	size_t letters = survey->lower + survey->upper;
	if (survey->digits + letters < TELLING)
		return 0;
	if (survey->hex_letters == letters && !(survey->lower && survey->upper))
		return survey->upper ? 'Q' : 'q';
	if (!survey->upper && survey->lower >= TELLING)
		return 'Q';
	return !survey->lower && survey->upper >= TELLING ? 'q' : 0;
}

/* Is a match left with a byte that tokens do not have? One that ends before it,
 * or begins behind it, is another secret if secrets can be of its length. */
static bool outlives_byte(const struct trial *trial)
{
	return trial->input->survey->lengths_differ ? trial->holds
						    : trial->overlaps;
}

/* True in *survived when each of the bytes that tokens do not have leaves a
 * match at this place. */
static int try_strange_bytes(
	bool *survived, struct trial *trial, size_t at, struct err *err)
{
	static const unsigned char strange[] = { '"', '\'', ' ', '\n', 1, '<' };
	bool broken = false;
	for (size_t i = 0; i < sizeof(strange) && !broken; i++) {
		int rc = try_with(trial, at, 1, &strange[i], 1, err);
		if (rc < 0)
			return rc;
		broken = !outlives_byte(trial);
	}
	*survived = *survived || !broken;
	return 0;
}

static int try_alphabet(bool *survived, struct trial *trial, struct err *err)
{
	const struct mutation_secret *secret = &trial->input->secret;
	size_t body = body_start(secret);
	size_t len = secret->end - body;
	unsigned char foreign = foreign_byte(trial->input->survey);
	int rc = 0;
	for (size_t i = 1; rc == 0 && i < 3; i++)
		rc = try_strange_bytes(
			survived, trial, body + i * len / 3, err);
	for (size_t i = 1; rc == 0 && foreign && i < 3; i++) {
		rc = try_with(trial, body + i * len / 3, 1, &foreign, 1, err);
		*survived = *survived || outlives_byte(trial);
	}
	return rc;
}

static int try_length(bool *survived, struct trial *trial, struct err *err)
{
	const struct mutation_secret *secret = &trial->input->secret;
	size_t body = body_start(secret);
	size_t middle = body + (secret->end - body) / 2;
	int rc = 0;
	if (!trial->input->survey->lengths_differ) {
		rc = try_with(trial, middle, 1, "", 0, err);
		*survived = *survived || trial->overlaps;
		if (rc == 0)
			rc = try_with(trial, middle, 0,
				secret->example->content + middle, 1, err);
		*survived = *survived || trial->overlaps;
	} else {
		size_t cut = body + (secret->end - body) / STUB_SHARE;
		rc = try_with(trial, cut, secret->end - cut, "", 0, err);
		*survived = *survived || trial->overlaps;
	}
	return rc;
}

/* A word byte stands at an end of the secret, and then one more: what is found
 * must not leave it out. Before an address it may: `see:https://…`. */
static int try_ends(
	bool *survived, struct trial *trial, char more, struct err *err)
{
	const struct mutation_secret *secret = &trial->input->secret;
	const unsigned char *content = secret->example->content;
	size_t len = secret->end - secret->start;
	bool is_url = memmem(content + secret->start, len, "://", 3) != NULL;
	int rc = 0;
	if (is_word(content[secret->start]) && !is_url) {
		rc = try_with(trial, secret->start, 0, &more, 1, err);
		*survived = *survived || trial->is_same;
	}
	if (rc == 0 && is_word(content[secret->end - 1])) {
		rc = try_with(trial, secret->end, 0, &more, 1, err);
		*survived = *survived || trial->is_same;
	}
	return rc;
}

static int try_boundary(bool *survived, struct trial *trial, struct err *err)
{
	static const char word[] = "qQ7_";
	const struct mutation_secret *secret = &trial->input->secret;
	size_t middle = (body_start(secret) + secret->end) / 2;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i + 1 < sizeof(word); i++) {
		rc = try_with(trial, middle, 1, &word[i], 1, err);
		*survived = *survived || (trial->overlaps && !trial->covers);
		if (rc == 0)
			rc = try_ends(survived, trial, word[i], err);
	}
	return rc;
}

typedef int mutate(bool *survived, struct trial *trial, struct err *err);

int rule_mutate(
	unsigned *survived, const struct mutation_input *input, struct err *err)
{
	static mutate *const kinds[] = { try_prefix, try_alphabet, try_length,
		try_boundary };
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	*survived = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct trial trial = { .input = input, .text = &text };
		bool one = false;
		int rc = kinds[i](&one, &trial, err);
		if (rc < 0)
			return rc;
		*survived |= (unsigned)one << i;
	}
	return 0;
}
