/* The keys of a rule that say more of its secret: `requires`, `unlike`,
 * `checksum` and `with`. */
#include "rules/rule_keys.h"

#include "rules/char_class.h"
#include "rules/checksum.h"
#include "rules/lookalike.h"
#include "rules/rule_checks.h"

#include <string.h>

#define WITH_MAX  4
#define LINES_MAX ((size_t)100)

/* Words that are bits of a set. */
struct word_set {
	const char *key;
	size_t count;
	const char *(*name)(unsigned bit);
	unsigned (*parse)(const char *word);
};

static const struct word_set class_words = { "requires", CLASS_COUNT,
	char_class_name, char_class_parse };
static const struct word_set lookalike_words = { "unlike", LOOKALIKE_COUNT,
	lookalike_name, lookalike_parse };

static int read_bits(const struct rule_reader *reader, unsigned *out,
	const struct yaml_node *node, const struct word_set *set)
{
	const char *const *texts = NULL;
	int rc = reader_texts(reader, &texts, node, set->key, NULL);
	*out = 0;
	for (size_t i = 0; rc == 0 && texts[i]; i++) {
		unsigned bit = set->parse(texts[i]);
		const struct yaml_node *place =
			node->type == YAML_LIST ? node->items[i].value : node;
		const char *names[16] = { NULL };
		for (size_t n = 0; n < set->count; n++)
			names[n] = set->name(1U << n);
		if (!bit)
			rc = reader_fail_unknown(reader, place, "class", names);
		*out |= bit;
	}
	return rc;
}

int rule_read_requires(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return read_bits(reader, &rule->requires, node, &class_words);
}

int rule_read_unlike(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return read_bits(reader, &rule->unlike, node, &lookalike_words);
}

int rule_read_checksum(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	int rc = reader_text(reader, &rule->checksum, node, "checksum");
	if (rc < 0 || checksum_find(rule->checksum))
		return rc;
	const char *names[32] = { NULL };
	for (size_t i = 0; checksums[i]; i++)
		names[i] = checksums[i]->name;
	return reader_fail_unknown(reader, node, "checksum", names);
}

/* "file", or a number of lines. */
static int read_within(const struct rule_reader *reader, size_t *out,
	const struct yaml_node *node)
{
	*out = 0;
	if (node->type == YAML_TEXT && !strcmp(node->text, "file"))
		return 0;
	return reader_size(reader, out, node, "within", LINES_MAX);
}

static int read_flag(const struct rule_reader *reader, bool *out,
	const struct yaml_node *node, const char *key)
{
	const struct yaml_node *value = yaml_get(node, key);
	return value ? reader_bool(reader, out, value, key) : 0;
}

static int read_part(const struct rule_reader *reader, struct rule_with *out,
	const struct yaml_node *node)
{
	static const char *const keys[] = { "title", "pattern", "within",
		"optional", "absent", "same", NULL };
	int rc = reader_expect_map(reader, node, "with");
	if (rc == 0)
		rc = reader_expect_keys(reader, node, keys);
	if (rc < 0)
		return rc;
	const struct yaml_node *title = yaml_get(node, "title");
	const struct yaml_node *pattern = yaml_get(node, "pattern");
	const struct yaml_node *within = yaml_get(node, "within");
	if (!title || !pattern || !within)
		return reader_fail(reader, node,
			"with needs 'title', 'pattern' and 'within'");
	rc = reader_text(reader, &out->title, title, "title");
	if (rc == 0)
		rc = check_line(reader, title, out->title);
	if (rc == 0)
		rc = reader_text(reader, &out->pattern, pattern, "pattern");
	if (rc == 0)
		rc = check_regex(reader, pattern, out->pattern);
	if (rc == 0)
		rc = read_within(reader, &out->lines, within);
	if (rc == 0)
		rc = read_flag(reader, &out->optional, node, "optional");
	if (rc == 0)
		rc = read_flag(reader, &out->absent, node, "absent");
	if (rc == 0)
		rc = read_flag(reader, &out->same, node, "same");
	if (rc == 0 && out->optional && out->absent)
		return reader_fail(
			reader, node, "what is 'absent' cannot be 'optional'");
	return rc;
}

int rule_read_with(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	bool is_list = node->type == YAML_LIST;
	size_t count = is_list ? node->count : 1;
	if (!count || count > WITH_MAX)
		return reader_fail(
			reader, node, "with takes 1 to %d parts", WITH_MAX);
	struct rule_with *with =
		arena_array(reader->arena, count, sizeof(*with));
	for (size_t i = 0; i < count; i++) {
		int rc = read_part(reader, &with[i],
			is_list ? node->items[i].value : node);
		if (rc < 0)
			return rc;
	}
	rule->with = with;
	rule->with_count = count;
	return 0;
}
