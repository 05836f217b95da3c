/* The keys `severity`, `confidence`, `decoder` and `grades` of a rule. */
#include "rules/rule_keys.h"

#include "rules/decoder.h"
#include "rules/evidence.h"
#include "rules/path_context.h"

#include <string.h>

static const char *const severity_words[] = { "info", "low", "medium", "high",
	"critical", NULL };
static const char *const confidence_words[] = { "low", "medium", "high",
	"certain", NULL };

int rule_read_severity(const struct rule_reader *reader, int *out,
	const struct yaml_node *node)
{
	const char *word = NULL;
	int rc = reader_text(reader, &word, node, "severity");
	if (rc < 0)
		return rc;
	*out = severity_parse(word);
	if (*out >= 0)
		return 0;
	return reader_fail_unknown(reader, node, "severity", severity_words);
}

int rule_read_confidence(const struct rule_reader *reader, int *out,
	const struct yaml_node *node)
{
	const char *word = NULL;
	int rc = reader_text(reader, &word, node, "confidence");
	if (rc < 0)
		return rc;
	*out = confidence_parse(word);
	if (*out >= 0)
		return 0;
	return reader_fail_unknown(
		reader, node, "confidence", confidence_words);
}

/* Names of all decoders, NULL-ended. */
static const char *const *decoder_names(struct arena *arena)
{
	size_t count = 0;
	while (decoders[count])
		count++;
	const char **names = arena_array(arena, count + 1, sizeof(*names));
	for (size_t i = 0; i < count; i++)
		names[i] = decoders[i]->name;
	return names;
}

static int check_word(const struct rule_reader *reader,
	const struct yaml_node *node, const char *what,
	const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (!strcmp(words[i], node->text))
			return 0;
	return reader_fail_unknown(reader, node, what, words);
}

/* Checks each text of a node that reader_texts() took. */
static int check_words(const struct rule_reader *reader,
	const struct yaml_node *node, const char *what,
	const char *const *words)
{
	if (node->type == YAML_TEXT)
		return check_word(reader, node, what, words);
	for (size_t i = 0; i < node->count; i++) {
		int rc = check_word(reader, node->items[i].value, what, words);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* What the decoder gets; `of` may be NULL. */
static int read_subject(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *of)
{
	static const char *const words[] = { "blob", "secret", NULL };
	const char *word = "blob";
	int rc = of ? reader_text(reader, &word, of, "of") : 0;
	if (rc == 0 && of)
		rc = check_word(reader, of, "subject", words);
	rule->decode_secret = !strcmp(word, "secret");
	return rc;
}

int rule_read_decoder(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	static const char *const keys[] = { "name", "kind", "of", NULL };
	const struct yaml_node *name = node;
	const struct yaml_node *kind = NULL;
	const struct yaml_node *of = NULL;
	if (node->type == YAML_MAP) {
		int rc = reader_expect_keys(reader, node, keys);
		if (rc < 0)
			return rc;
		name = yaml_get(node, "name");
		kind = yaml_get(node, "kind");
		of = yaml_get(node, "of");
		if (!name)
			return reader_fail(reader, node, "missing 'name'");
	}
	int rc = reader_text(reader, &rule->decoder, name, "decoder");
	if (rc < 0)
		return rc;
	const struct decoder *decoder = decoder_find(rule->decoder);
	if (!decoder)
		return reader_fail_unknown(
			reader, name, "decoder", decoder_names(reader->arena));
	rule->decoder_kinds = NULL;
	rc = read_subject(reader, rule, of);
	if (rc < 0 || !kind)
		return rc;
	rc = reader_texts(reader, &rule->decoder_kinds, kind, "kind", NULL);
	return rc < 0 ? rc : check_words(reader, kind, "kind", decoder->kinds);
}

static int check_holds(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	if (holds_parse(text))
		return 0;
	const char *words[16] = { NULL };
	size_t count = 0;
	for (unsigned bit = 1; bit <= HOLDS_KEY; bit <<= 1)
		words[count++] = holds_name(bit);
	return reader_fail_unknown(reader, node, "content", words);
}

static int check_state(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	static const char *const words[] = { "live", "expired", "never",
		"unknown", NULL };
	(void)text;
	return check_word(reader, node, "state", words);
}

static int check_exposure(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	static const char *const words[] = { "clear", "keyed", "hashed",
		"credential", "unknown", NULL };
	(void)text;
	return check_word(reader, node, "id exposure", words);
}

static int check_context(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	if (path_context_is_known(text))
		return 0;
	return reader_fail_unknown(
		reader, node, "context", path_context_names());
}

static int read_when(const struct rule_reader *reader, struct rule_grade *grade,
	const struct yaml_node *when)
{
	static const char *const keys[] = { "kind", "holds", "state", "id",
		"context", NULL };
	int rc = reader_expect_map(reader, when, "when");
	if (rc == 0)
		rc = reader_expect_keys(reader, when, keys);
	if (rc == 0 && !when->count)
		return reader_fail(reader, when, "when has no condition");
	const struct yaml_node *value = NULL;
	if (rc == 0 && (value = yaml_get(when, "kind")))
		rc = reader_texts(reader, &grade->kind, value, "kind", NULL);
	if (rc == 0 && (value = yaml_get(when, "holds")))
		rc = reader_texts(
			reader, &grade->holds, value, "holds", check_holds);
	if (rc == 0 && (value = yaml_get(when, "state")))
		rc = reader_texts(
			reader, &grade->state, value, "state", check_state);
	if (rc == 0 && (value = yaml_get(when, "id")))
		rc = reader_texts(
			reader, &grade->id, value, "id", check_exposure);
	if (rc == 0 && (value = yaml_get(when, "context")))
		rc = reader_texts(reader, &grade->context, value, "context",
			check_context);
	return rc;
}

static int read_grade(const struct rule_reader *reader,
	struct rule_grade *grade, const struct yaml_node *node)
{
	static const char *const keys[] = { "when", "severity", "confidence",
		NULL };
	*grade = (struct rule_grade){ .severity = -1, .confidence = -1 };
	int rc = reader_expect_map(reader, node, "a grade");
	if (rc == 0)
		rc = reader_expect_keys(reader, node, keys);
	if (rc < 0)
		return rc;
	const struct yaml_node *when = yaml_get(node, "when");
	const struct yaml_node *severity = yaml_get(node, "severity");
	const struct yaml_node *confidence = yaml_get(node, "confidence");
	if (!when)
		return reader_fail(reader, node, "missing 'when'");
	if (!severity && !confidence)
		return reader_fail(
			reader, node, "missing 'severity' or 'confidence'");
	rc = read_when(reader, grade, when);
	if (rc == 0 && severity)
		rc = rule_read_severity(reader, &grade->severity, severity);
	if (rc == 0 && confidence)
		rc = rule_read_confidence(
			reader, &grade->confidence, confidence);
	return rc;
}

int rule_read_grades(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	int rc = reader_expect_list(reader, node, "grades");
	if (rc < 0)
		return rc;
	struct rule_grade *grades =
		arena_array(reader->arena, node->count, sizeof(*grades));
	for (size_t i = 0; i < node->count; i++) {
		rc = read_grade(reader, &grades[i], node->items[i].value);
		if (rc < 0)
			return rc;
	}
	rule->grades = grades;
	rule->grade_count = node->count;
	return 0;
}

int rule_check_grade_kinds(const struct rule_reader *reader,
	const struct rule *rule, const struct yaml_node *map)
{
	const struct yaml_node *grades = yaml_get(map, "grades");
	const struct decoder *decoder =
		rule->decoder ? decoder_find(rule->decoder) : NULL;
	if (!grades || !decoder)
		return 0; /* without a decoder rule_lint() refuses them */
	for (size_t i = 0; i < grades->count; i++) {
		const struct yaml_node *when =
			yaml_get(grades->items[i].value, "when");
		const struct yaml_node *kind = yaml_get(when, "kind");
		int rc = kind
			? check_words(reader, kind, "kind", decoder->kinds)
			: 0;
		if (rc < 0)
			return rc;
	}
	return 0;
}
