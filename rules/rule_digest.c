#include "rules/rule_digest.h"

#include "base/alloc.h"
#include "base/cleanup.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Changes whenever the meaning of a rule's fields does. */
#define FORMAT "git-hygiene rules 3"

/* Every item goes in with its length, so that no two rulesets run together
 * to the same bytes. */
static void add_bytes(struct sha256_ctx *sha, const void *bytes, size_t len)
{
	uint8_t prefix[8];
	for (size_t i = 0; i < sizeof(prefix); i++)
		prefix[i] = (uint8_t)((uint64_t)len >> (8 * i));
	sha256_update(sha, sizeof(prefix), prefix);
	if (len)
		sha256_update(sha, len, bytes);
}

static void add_number(struct sha256_ctx *sha, int64_t number)
{
	uint8_t bytes[8];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((uint64_t)number >> (8 * i));
	sha256_update(sha, sizeof(bytes), bytes);
}

static void add_text(struct sha256_ctx *sha, const char *text)
{
	add_number(sha, text != NULL);
	add_bytes(sha, text, text ? strlen(text) : 0);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The items of a list are alternatives: as a set they are what they are. */
static void add_set(struct sha256_ctx *sha, const char *const *texts)
{
	size_t count = 0;
	while (texts && texts[count])
		count++;
	CLEANUP(freep) const char **sorted = xcalloc(count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = texts[i];
	if (count)
		qsort(sorted, count, sizeof(*sorted), compare_texts);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(sorted[kept - 1], sorted[i]) != 0)
			sorted[kept++] = sorted[i];
	add_number(sha, (int64_t)kept);
	for (size_t i = 0; i < kept; i++)
		add_text(sha, sorted[i]);
}

static void add_signatures(struct sha256_ctx *sha, const struct rule *rule)
{
	add_number(sha, (int64_t)rule->signature_count);
	for (size_t i = 0; i < rule->signature_count; i++) {
		const struct rule_signature *signature = &rule->signatures[i];
		add_number(sha, (int64_t)signature->offset);
		add_bytes(sha, signature->low, signature->len);
		add_bytes(sha, signature->high, signature->len);
	}
}

static void add_grades(struct sha256_ctx *sha, const struct rule *rule)
{
	add_number(sha, (int64_t)rule->grade_count);
	for (size_t i = 0; i < rule->grade_count; i++) {
		const struct rule_grade *grade = &rule->grades[i];
		add_set(sha, grade->kind);
		add_set(sha, grade->holds);
		add_set(sha, grade->state);
		add_set(sha, grade->id);
		add_set(sha, grade->context);
		add_number(sha, grade->severity);
		add_number(sha, grade->confidence);
	}
}

static void add_config(struct sha256_ctx *sha, const struct rule_config *config)
{
	add_number(sha, config != NULL);
	if (!config)
		return;
	add_number(sha, config->framework);
	add_set(sha, config->keys);
	add_set(sha, config->is);
	add_set(sha, config->text);
	add_set(sha, config->not_text);
	add_number(sha, config->has_above);
	add_number(sha, config->above);
	add_number(sha, config->has_below);
	add_number(sha, config->below);
	add_number(sha, config->mode);
	add_number(sha, config->inside_tree);
	add_number(sha, config->literal);
	add_number(sha, config->unset);
}

static void add_withs(struct sha256_ctx *sha, const struct rule *rule)
{
	add_number(sha, (int64_t)rule->with_count);
	for (size_t i = 0; i < rule->with_count; i++) {
		add_text(sha, rule->with[i].title);
		add_text(sha, rule->with[i].pattern);
		add_number(sha, (int64_t)rule->with[i].lines);
	}
}

static void add_rule(struct sha256_ctx *sha, const struct rule *rule)
{
	add_text(sha, rule->id);
	add_number(sha, rule->severity);
	add_number(sha, rule->confidence);
	add_set(sha, rule->paths);
	add_set(sha, rule->except_paths);
	add_set(sha, rule->except_siblings);
	add_text(sha, rule->name);
	add_set(sha, rule->keywords);
	add_number(sha, rule->ignore_case);
	add_set(sha, rule->assigned_to);
	add_text(sha, rule->pattern);
	add_number(sha, (int64_t)rule->reach);
	add_signatures(sha, rule);
	add_text(sha, rule->decoder);
	add_set(sha, rule->decoder_kinds);
	add_number(sha, rule->decode_secret);
	/* Rule files have three decimals at most. */
	add_number(sha, (int64_t)(rule->entropy * 1000 + 0.5));
	add_set(sha, rule->except_values);
	add_number(sha, rule->requires);
	add_number(sha, rule->unlike);
	add_number(sha, rule->placeholders);
	add_text(sha, rule->checksum);
	add_withs(sha, rule);
	add_config(sha, rule->config);
	add_number(sha, rule->fallback);
	add_number(sha, rule->role);
	add_grades(sha, rule);
	add_text(sha, rule->store);
}

void rule_digest(
	char out[RULE_DIGEST_SIZE], const struct rule *rules, size_t count)
{
	struct sha256_ctx sha;
	sha256_init(&sha);
	add_text(&sha, FORMAT);
	add_number(&sha, (int64_t)count);
	for (size_t i = 0; i < count; i++)
		add_rule(&sha, &rules[i]);
	uint8_t digest[SHA256_DIGEST_SIZE];
	sha256_digest(&sha, sizeof(digest), digest);
	base16_encode_update(out, sizeof(digest), digest);
	out[RULE_DIGEST_SIZE - 1] = '\0';
}
