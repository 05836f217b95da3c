#include "rules/gen/table_writer.h"

#include <inttypes.h>
#include <string.h>

/* Texts as literals: three octal digits take no digit that follows, and a
 * question mark is escaped so that no two make a trigraph. */
static void write_text(FILE *out, const char *text)
{
	if (!text) {
		fputs("NULL", out);
		return;
	}
	fputc('"', out);
	for (const char *at = text; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if (byte == '"' || byte == '\\' || byte == '?')
			fprintf(out, "\\%c", byte);
		else if (byte >= 0x20 && byte < 0x7f)
			fputc(byte, out);
		else
			fprintf(out, "\\%03o", byte);
	}
	fputc('"', out);
}

static void write_bytes(FILE *out, const unsigned char *bytes, size_t len)
{
	fputs("(const unsigned char[]){", out);
	for (size_t i = 0; i < len; i++)
		fprintf(out, "%s%u,", i % 16 ? " " : "\n\t", bytes[i]);
	fputs(len ? "\n}" : " 0 }", out);
}

/* A list as a compound literal: at file scope it is static and constant. */
static void write_list(FILE *out, const char *const *texts)
{
	if (!texts) {
		fputs("NULL", out);
		return;
	}
	fputs("(const char *const[]){", out);
	for (size_t i = 0; texts[i]; i++) {
		fputs("\n\t", out);
		write_text(out, texts[i]);
		fputc(',', out);
	}
	fputs("\n\tNULL }", out);
}

static void write_text_field(FILE *out, const char *name, const char *text)
{
	if (!text)
		return;
	fprintf(out, "\t.%s = ", name);
	write_text(out, text);
	fputs(",\n", out);
}

static void write_list_field(
	FILE *out, const char *name, const char *const *texts)
{
	if (!texts)
		return;
	fprintf(out, "\t.%s = ", name);
	write_list(out, texts);
	fputs(",\n", out);
}

static void write_bool_field(FILE *out, const char *name, bool value)
{
	if (value)
		fprintf(out, "\t.%s = true,\n", name);
}

static void write_signatures(FILE *out, const struct rule *rule, size_t index)
{
	if (!rule->signature_count)
		return;
	fprintf(out, "static const struct rule_signature signatures_%zu[] = {",
		index);
	for (size_t i = 0; i < rule->signature_count; i++) {
		const struct rule_signature *signature = &rule->signatures[i];
		fprintf(out, "\n\t{ .offset = %zu, .len = %zu, .low = ",
			signature->offset, signature->len);
		write_bytes(out, signature->low, signature->len);
		fputs(", .high = ", out);
		write_bytes(out, signature->high, signature->len);
		fputs(" },", out);
	}
	fputs("\n};\n", out);
}

static void write_grades(FILE *out, const struct rule *rule, size_t index)
{
	if (!rule->grade_count)
		return;
	fprintf(out, "static const struct rule_grade grades_%zu[] = {\n",
		index);
	for (size_t i = 0; i < rule->grade_count; i++) {
		const struct rule_grade *grade = &rule->grades[i];
		fputs("\t{\n", out);
		write_list_field(out, "kind", grade->kind);
		write_list_field(out, "holds", grade->holds);
		write_list_field(out, "state", grade->state);
		write_list_field(out, "id", grade->id);
		write_list_field(out, "context", grade->context);
		fprintf(out, "\t.severity = %d, .confidence = %d },\n",
			grade->severity, grade->confidence);
	}
	fputs("};\n", out);
}

static void write_config(
	FILE *out, const struct rule_config *config, size_t index)
{
	if (!config)
		return;
	fprintf(out,
		"static const struct rule_config config_%zu = {\n"
		"\t.framework = %d,\n\t.mode = %d,\n",
		index, config->framework, config->mode);
	write_list_field(out, "keys", config->keys);
	write_list_field(out, "is", config->is);
	write_list_field(out, "text", config->text);
	write_list_field(out, "not_text", config->not_text);
	write_bool_field(out, "has_above", config->has_above);
	write_bool_field(out, "has_below", config->has_below);
	write_bool_field(out, "inside_tree", config->inside_tree);
	write_bool_field(out, "literal", config->literal);
	write_bool_field(out, "unset", config->unset);
	fprintf(out, "\t.above = %" PRId64 ",\n\t.below = %" PRId64 ",\n};\n",
		config->above, config->below);
}

static void write_withs(FILE *out, const struct rule *rule, size_t index)
{
	if (!rule->with_count)
		return;
	fprintf(out, "static const struct rule_with withs_%zu[] = {\n", index);
	for (size_t i = 0; i < rule->with_count; i++) {
		fputs("\t{\n", out);
		write_text_field(out, "title", rule->with[i].title);
		write_text_field(out, "pattern", rule->with[i].pattern);
		write_bool_field(out, "optional", rule->with[i].optional);
		write_bool_field(out, "absent", rule->with[i].absent);
		write_bool_field(out, "same", rule->with[i].same);
		fprintf(out, "\t.lines = %zu },\n", rule->with[i].lines);
	}
	fputs("};\n", out);
}

static void write_examples(FILE *out, const struct rule *rule, size_t index)
{
	fprintf(out, "static const struct rule_example examples_%zu[] = {\n",
		index);
	for (size_t i = 0; i < rule->example_count; i++) {
		const struct rule_example *example = &rule->examples[i];
		fputs("\t{\n", out);
		write_bool_field(out, "match", example->match);
		write_text_field(out, "path", example->path);
		write_text_field(out, "file", example->file);
		fprintf(out, "\t.line = %d, .content_len = %zu, .content = ",
			example->line, example->content_len);
		if (example->content)
			write_bytes(
				out, example->content, example->content_len);
		else
			fputs("NULL", out);
		fputs(" },\n", out);
	}
	fputs("};\n", out);
}

static void write_head(FILE *out, const struct rule *rule)
{
	write_text_field(out, "id", rule->id);
	write_text_field(out, "pack", rule->pack);
	write_text_field(out, "title", rule->title);
	write_text_field(out, "why", rule->why);
	fprintf(out, "\t.severity = %d,\n\t.confidence = %d,\n", rule->severity,
		rule->confidence);
}

static void write_secret_tests(FILE *out, const struct rule *rule, size_t index)
{
	if (rule->requires)
		fprintf(out, "\t.requires = %u,\n", rule->requires);
	if (rule->unlike)
		fprintf(out, "\t.unlike = %u,\n", rule->unlike);
	write_bool_field(out, "placeholders", rule->placeholders);
	write_text_field(out, "checksum", rule->checksum);
	if (rule->with_count)
		fprintf(out, "\t.with = withs_%zu,\n\t.with_count = %zu,\n",
			index, rule->with_count);
}

static void write_conditions(FILE *out, const struct rule *rule, size_t index)
{
	write_list_field(out, "paths", rule->paths);
	write_list_field(out, "except_paths", rule->except_paths);
	write_list_field(out, "except_siblings", rule->except_siblings);
	write_text_field(out, "name", rule->name);
	write_list_field(out, "keywords", rule->keywords);
	write_bool_field(out, "ignore_case", rule->ignore_case);
	write_list_field(out, "assigned_to", rule->assigned_to);
	write_text_field(out, "pattern", rule->pattern);
	if (rule->reach)
		fprintf(out, "\t.reach = %zu,\n", rule->reach);
	if (rule->reach_before)
		fprintf(out, "\t.reach_before = %zu,\n", rule->reach_before);
	if (rule->signature_count)
		fprintf(out,
			"\t.signatures = signatures_%zu,\n"
			"\t.signature_count = %zu,\n",
			index, rule->signature_count);
	write_text_field(out, "decoder", rule->decoder);
	write_list_field(out, "decoder_kinds", rule->decoder_kinds);
	write_bool_field(out, "decode_secret", rule->decode_secret);
	if (rule->entropy > 0)
		fprintf(out, "\t.entropy = %.17g,\n", rule->entropy);
	write_list_field(out, "except_values", rule->except_values);
	write_secret_tests(out, rule, index);
	if (rule->config)
		fprintf(out, "\t.config = &config_%zu,\n", index);
	write_bool_field(out, "fallback", rule->fallback);
	write_bool_field(out, "companion", rule->companion);
	if (rule->role)
		fprintf(out, "\t.role = %d,\n", rule->role);
}

static void write_rest(FILE *out, const struct rule *rule, size_t index)
{
	if (rule->grade_count)
		fprintf(out, "\t.grades = grades_%zu,\n\t.grade_count = %zu,\n",
			index, rule->grade_count);
	write_text_field(out, "store", rule->store);
	write_text_field(out, "gitignore", rule->gitignore);
	write_bool_field(out, "untrack", rule->untrack);
	write_bool_field(out, "whole_file", rule->whole_file);
	write_text_field(out, "advice", rule->advice);
	write_text_field(out, "recommend", rule->recommend);
	write_list_field(out, "cwe", rule->cwe);
	write_list_field(out, "references", rule->references);
	for (int i = 0; i < RULE_MUTATION_COUNT; i++) {
		char field[sizeof("tolerates[9]")];
		snprintf(field, sizeof(field), "tolerates[%d]", i);
		write_text_field(out, field, rule->tolerates[i]);
	}
	if (rule->example_count)
		fprintf(out,
			"\t.examples = examples_%zu,\n"
			"\t.example_count = %zu,\n",
			index, rule->example_count);
	write_text_field(out, "file", rule->file);
	fprintf(out, "\t.line = %d,\n", rule->line);
}

void table_write(FILE *out, const struct rule *rules, size_t count)
{
	fputs("/* Made by rules_gen from rules.d. */\n"
	      "#include \"rules/ruleset.h\"\n\n",
		out);
	for (size_t i = 0; i < count; i++) {
		write_signatures(out, &rules[i], i);
		write_grades(out, &rules[i], i);
		write_config(out, rules[i].config, i);
		write_withs(out, &rules[i], i);
		write_examples(out, &rules[i], i);
	}
	fputs("\nconst struct rule builtin_rules[] = {\n", out);
	for (size_t i = 0; i < count; i++) {
		fputs("{\n", out);
		write_head(out, &rules[i]);
		write_conditions(out, &rules[i], i);
		write_rest(out, &rules[i], i);
		fputs("},\n", out);
	}
	fprintf(out, "};\n\nconst size_t builtin_rule_count = %zu;\n", count);
}
