#include "cmd/rule_print.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "rules/char_class.h"
#include "rules/checksum.h"
#include "rules/decoder.h"
#include "rules/lookalike.h"
#include "rules/settings/known.h"
#include "rules/signature.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#define WIDTH        80
#define LABEL_WIDTH  16
#define TITLE_LEAST  20
#define SEVERITY_MAX 8 /* "critical" */

/* Length of the character at `text`, 1 for a byte that starts none; *safe
 * says whether it may go to a terminal as it is. */
static size_t next_character(const char *text, bool *safe)
{
	uint32_t code = 0;
	size_t len =
		utf8_decode(&code, (const unsigned char *)text, strlen(text));
	*safe = len && !utf8_is_unsafe(code);
	return len ? len : 1;
}

/* What print_safe() takes up, one column a character. */
static size_t columns_of(const char *text, size_t len)
{
	size_t columns = 0;
	for (size_t at = 0; at < len;) {
		bool safe = false;
		size_t step = next_character(text + at, &safe);
		columns += safe ? 1 : 4 * step;
		at += step;
	}
	return columns;
}

static void print_safe(FILE *out, const char *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		bool safe = false;
		size_t step = next_character(text + at, &safe);
		for (size_t i = at; i < at + step; i++)
			fprintf(out, safe ? "%c" : "\\x%02x",
				(unsigned char)text[i]);
		at += step;
	}
}

/* Words in lines that start at column `indent`; the first line is there. */
static void print_wrapped(FILE *out, const char *text, size_t indent)
{
	size_t column = indent;
	text += strspn(text, " \n\t");
	while (*text) {
		size_t len = strcspn(text, " \n\t");
		size_t columns = columns_of(text, len);
		if (column > indent && column + 1 + columns > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		if (column > indent) {
			fputc(' ', out);
			column++;
		}
		print_safe(out, text, len);
		column += columns;
		text += len;
		text += strspn(text, " \n\t");
	}
	fputc('\n', out);
}

static void print_label(FILE *out, const char *label)
{
	fprintf(out, "%-*s", LABEL_WIDTH, label);
}

static void print_prose(FILE *out, const char *label, const char *text)
{
	if (!text)
		return;
	print_label(out, label);
	print_wrapped(out, text, LABEL_WIDTH);
}

/* As it is, blanks included: a pattern or glob. */
static void print_exact(FILE *out, const char *label, const char *text)
{
	if (!text)
		return;
	print_label(out, label);
	print_safe(out, text, strlen(text));
	fputc('\n', out);
}

static void print_list(FILE *out, const char *label, const char *const *texts)
{
	for (size_t i = 0; texts && texts[i]; i++)
		print_exact(out, i ? "" : label, texts[i]);
}

static void print_flag(FILE *out, const char *label, bool value)
{
	if (value)
		print_exact(out, label, "true");
}

static void print_signatures(FILE *out, const struct rule *rule)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	for (size_t i = 0; i < rule->signature_count; i++)
		print_prose(out, i ? "" : "signature",
			signature_text(&arena, &rule->signatures[i]));
}

/* "kind session or counter", behind a comma when it is not the first. */
static void add_condition(struct arena *arena, char **line, const char *what,
	const char *const *words)
{
	for (size_t i = 0; words && words[i]; i++) {
		if (i)
			*line = arena_printf(
				arena, "%s or %s", *line, words[i]);
		else
			*line = arena_printf(arena, "%s%s%s %s", *line,
				**line ? ", " : "", what, words[i]);
	}
}

static void print_grades(FILE *out, const struct rule *rule)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	for (size_t i = 0; i < rule->grade_count; i++) {
		const struct rule_grade *grade = &rule->grades[i];
		char *line = arena_strdup(&arena, "");
		add_condition(&arena, &line, "kind", grade->kind);
		add_condition(&arena, &line, "state", grade->state);
		add_condition(&arena, &line, "holds", grade->holds);
		add_condition(&arena, &line, "id", grade->id);
		add_condition(&arena, &line, "context", grade->context);
		if (grade->severity >= 0)
			line = arena_printf(&arena, "%s: severity %s", line,
				severity_name(grade->severity));
		if (grade->confidence >= 0)
			line = arena_printf(&arena, "%s%s confidence %s", line,
				grade->severity >= 0 ? "," : ":",
				confidence_name(grade->confidence));
		print_prose(out, i ? "" : "grades", line);
	}
}

static void print_decoder(FILE *out, const struct rule *rule)
{
	if (!rule->decoder)
		return;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	char *line = arena_strdup(&arena, "");
	add_condition(&arena, &line, "kind", rule->decoder_kinds);
	line = arena_printf(&arena, "%s%s%s%s", rule->decoder,
		rule->decode_secret ? " of the secret" : "", *line ? ", " : "",
		line);
	print_prose(out, "decoder", line);
	const struct decoder *decoder = decoder_find(rule->decoder);
	if (decoder && decoder->summary)
		print_prose(out, "", decoder->summary);
}

static void add_phrase(struct arena *arena, char **line, const char *phrase)
{
	*line = arena_printf(
		arena, "%s%s%s", *line, **line ? ", " : "", phrase);
}

static void print_config(FILE *out, const struct rule_config *config)
{
	if (!config)
		return;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	char *line = arena_strdup(&arena, "");
	add_condition(&arena, &line, "is", config->is);
	add_condition(&arena, &line, "text", config->text);
	add_condition(&arena, &line, "not text", config->not_text);
	if (config->has_above)
		add_phrase(&arena, &line,
			arena_printf(&arena, "above %" PRId64, config->above));
	if (config->has_below)
		add_phrase(&arena, &line,
			arena_printf(&arena, "below %" PRId64, config->below));
	if (config->mode >= 0)
		add_phrase(&arena, &line,
			arena_printf(&arena, "mode beyond 0%o",
				(unsigned)config->mode));
	if (config->inside_tree)
		add_phrase(&arena, &line, "inside tree");
	if (config->literal)
		add_phrase(&arena, &line, "literal");
	if (config->unset)
		add_phrase(&arena, &line, "not set");
	print_exact(out, "config in", framework_name(config->framework));
	print_list(out, "config key", config->keys);
	print_prose(out, "config value", line);
}

static void print_bits(FILE *out, const char *label, unsigned bits,
	const char *(*name)(unsigned bit))
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	char *line = arena_strdup(&arena, "");
	for (unsigned bit = 1; bit && bit <= bits; bit <<= 1)
		if (bits & bit)
			add_phrase(&arena, &line, name(bit));
	if (*line)
		print_prose(out, label, line);
}

static void print_secret_tests(FILE *out, const struct rule *rule)
{
	const struct checksum *checksum =
		rule->checksum ? checksum_find(rule->checksum) : NULL;
	print_bits(out, "requires", rule->requires, char_class_name);
	print_bits(out, "unlike", rule->unlike, lookalike_name);
	print_flag(out, "placeholders", rule->placeholders);
	print_exact(out, "checksum", rule->checksum);
	print_prose(out, "", checksum ? checksum->summary : NULL);
	for (size_t i = 0; i < rule->with_count; i++) {
		const struct rule_with *with = &rule->with[i];
		print_exact(out, "with", with->title);
		print_exact(out, "", with->pattern);
		if (with->lines)
			fprintf(out, "%-*swithin %zu lines\n", LABEL_WIDTH, "",
				with->lines);
		else
			print_exact(out, "", "in the same file");
		if (with->optional)
			print_exact(out, "", "told where it is there");
		if (with->absent)
			print_exact(out, "", "no secret where it is there");
		if (with->same)
			print_exact(out, "", "the same as the secret");
	}
}

static void print_conditions(FILE *out, const struct rule *rule)
{
	print_list(out, "path", rule->paths);
	print_list(out, "except", rule->except_paths);
	print_list(out, "except_siblings", rule->except_siblings);
	print_exact(out, "name", rule->name);
	print_list(out, "keywords", rule->keywords);
	print_flag(out, "ignore_case", rule->ignore_case);
	print_list(out, "assigned_to", rule->assigned_to);
	print_exact(out, "pattern", rule->pattern);
	if (rule->reach)
		fprintf(out, "%-*s%zu bytes\n", LABEL_WIDTH, "reach",
			rule->reach);
	if (rule->reach_before)
		fprintf(out, "%-*s%zu bytes\n", LABEL_WIDTH, "reach before",
			rule->reach_before);
	print_signatures(out, rule);
	print_decoder(out, rule);
	print_config(out, rule->config);
	if (rule->entropy > 0)
		fprintf(out, "%-*s%g bits a byte\n", LABEL_WIDTH, "entropy",
			rule->entropy);
	print_list(out, "except_values", rule->except_values);
	print_secret_tests(out, rule);
	print_flag(out, "fallback", rule->fallback);
	print_flag(out, "companion", rule->companion);
	print_exact(out, "role", rule_role_name(rule->role));
}

static void print_examples(FILE *out, const struct rule *rule)
{
	size_t counts[2] = { 0, 0 };
	for (size_t i = 0; i < rule->example_count; i++)
		counts[rule->examples[i].match]++;
	fprintf(out, "%-*s%zu match, %zu nomatch\n", LABEL_WIDTH, "examples",
		counts[true], counts[false]);
	for (int i = 0; i < RULE_MUTATION_COUNT; i++) {
		if (!rule->tolerates[i])
			continue;
		fprintf(out, "%-*s%s: ", LABEL_WIDTH, "tolerates",
			rule_mutation_name(i));
		print_safe(out, rule->tolerates[i], strlen(rule->tolerates[i]));
		fputc('\n', out);
	}
}

void rule_print(FILE *out, const struct rule *rule)
{
	print_exact(out, "id", rule->id);
	print_exact(out, "pack", rule->pack);
	print_prose(out, "title", rule->title);
	print_prose(out, "why", rule->why);
	print_exact(out, "severity", severity_name(rule->severity));
	print_exact(out, "confidence", confidence_name(rule->confidence));
	print_conditions(out, rule);
	print_grades(out, rule);
	print_exact(out, "store", rule->store);
	print_exact(out, "gitignore", rule->gitignore);
	print_flag(out, "untrack", rule->untrack);
	print_flag(out, "whole file", rule->whole_file);
	print_prose(out, "advice", rule->advice);
	print_exact(out, "recommend", rule->recommend);
	print_list(out, "cwe", rule->cwe);
	print_list(out, "references", rule->references);
	print_examples(out, rule);
	print_label(out, "written in");
	print_safe(out, rule->file, strlen(rule->file));
	fprintf(out, ":%d\n", rule->line);
}

/* The title, cut with "..." where it is wider than `room`. */
static void print_title(FILE *out, const char *title, size_t room)
{
	size_t len = strlen(title);
	if (columns_of(title, len) <= room) {
		print_safe(out, title, len);
		return;
	}
	size_t at = 0;
	for (;;) {
		bool safe = false;
		size_t step = next_character(title + at, &safe);
		if (columns_of(title, at + step) + 3 > room)
			break;
		at += step;
	}
	print_safe(out, title, at);
	fputs("...", out);
}

void rule_print_list(FILE *out, const struct ruleset *ruleset)
{
	size_t id_width = 0;
	for (size_t i = 0; i < ruleset_count(ruleset); i++) {
		size_t len = strlen(ruleset_get(ruleset, i)->id);
		id_width = len > id_width ? len : id_width;
	}
	const size_t others = SEVERITY_MAX * 2 + 6;
	size_t room = TITLE_LEAST;
	if (id_width + others + TITLE_LEAST < WIDTH)
		room = WIDTH - id_width - others;
	for (size_t i = 0; i < ruleset_count(ruleset); i++) {
		const struct rule *rule = ruleset_get(ruleset, i);
		fprintf(out, "%-*s  %-*s  %-*s  ", (int)id_width, rule->id,
			SEVERITY_MAX, severity_name(rule->severity),
			SEVERITY_MAX, confidence_name(rule->confidence));
		print_title(out, rule->title, room);
		fputc('\n', out);
	}
}
