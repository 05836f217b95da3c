/* What a rule must say as a whole, after each of its keys was checked. */
#include "rules/rule_keys.h"

#include <string.h>

static bool is_valid_text(const char *text)
{
	return text && *text;
}

static const char *lint_presence(const struct rule *rule)
{
	if (!is_valid_text(rule->id))
		return "missing 'id'";
	if (!is_valid_text(rule->title))
		return "missing 'title'";
	if (rule->severity < 0)
		return "missing 'severity'";
	if (rule->confidence < 0)
		return "missing 'confidence'";
	return is_valid_text(rule->why) ? NULL : "missing 'why'";
}

static const char *lint_conditions(const struct rule *rule)
{
	bool has_path = rule_has_path(rule);
	if (!has_path && !rule_has_content(rule))
		return "no condition: give 'path', 'name', 'keywords' or "
		       "'signature'";
	if (!has_path && !rule->keywords && !rule->signature_count)
		return "a rule without 'path' or 'name' needs 'keywords' or "
		       "'signature', or it would read every byte";
	if (!has_path && rule->except_paths)
		return "'except' needs 'path' or 'name'";
	if (!has_path && rule->whole_file)
		return "'whole_file' needs 'path' or 'name'";
	if (!has_path && rule->except_siblings)
		return "'except_siblings' needs 'path' or 'name'";
	return NULL;
}

static const char *lint_dependent_keys(const struct rule *rule)
{
	if (rule->ignore_case && !rule->keywords && !rule->pattern)
		return "'ignore_case' needs 'keywords' or 'pattern'";
	if (rule->assigned_to && !(rule->keywords && rule->pattern))
		return "'assigned_to' needs 'keywords' and 'pattern'";
	if (rule->reach && !(rule->keywords && rule->pattern))
		return "'reach' needs 'keywords' and 'pattern'";
	if (rule->reach_before && !rule->reach)
		return "'reach_before' needs 'reach'";
	if (rule->reach_before > rule->reach)
		return "'reach_before' is more than 'reach'";
	if (rule->entropy > 0 && !rule->pattern)
		return "'entropy' needs 'pattern'";
	if (rule->except_values && !rule->pattern)
		return "'except_values' needs 'pattern'";
	if ((rule->requires || rule->unlike || rule->placeholders ||
		    rule->checksum || rule->with_count) &&
		!rule->pattern)
		return "'requires', 'unlike', 'placeholders', 'checksum' and "
		       "'with' need 'pattern'";
	if (rule->decode_secret && !rule->pattern)
		return "a decoder of the secret needs 'pattern'";
	if (rule->role && rule->role != ROLE_SIGNED_VALUE && !rule->pattern)
		return "this 'role' needs 'pattern'";
	if (rule->companion && (!rule->store || !strcmp(rule->store, "none")))
		return "'companion' needs 'store'";
	return NULL;
}

static const char *lint_config(const struct rule *rule)
{
	if (rule->recommend && !rule->config)
		return "'recommend' needs 'config'";
	if (!rule->config)
		return NULL;
	if (!rule->keywords)
		return "'config' needs 'keywords'";
	if (rule->pattern || rule->decoder || rule->signature_count)
		return "'config' stands without 'pattern', 'decoder' and "
		       "'signature'";
	return NULL;
}

static const char *lint_grades(const struct rule *rule)
{
	for (size_t i = 0; !rule->decoder && i < rule->grade_count; i++)
		if (rule_grade_needs_evidence(&rule->grades[i]))
			return "'grades' needs 'decoder'";
	return NULL;
}

static const char *lint_examples(const struct rule *rule)
{
	bool seen[2] = { false, false };
	for (size_t i = 0; i < rule->example_count; i++)
		seen[rule->examples[i].match] = true;
	if (!seen[true])
		return "needs an example under 'match'";
	return seen[false] ? NULL : "needs an example under 'nomatch'";
}

const char *rule_lint(const struct rule *rule)
{
	const char *wrong = lint_presence(rule);
	if (!wrong)
		wrong = lint_conditions(rule);
	if (!wrong)
		wrong = lint_dependent_keys(rule);
	if (!wrong)
		wrong = lint_config(rule);
	if (!wrong)
		wrong = lint_grades(rule);
	return wrong ? wrong : lint_examples(rule);
}
