#include "rules/rule_patterns.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "rules/assignment.h"

void rule_patterns_clear(struct rule_patterns *patterns)
{
	pattern_free(patterns->pattern);
	for (size_t i = 0; i < patterns->except_count; i++)
		pattern_free(patterns->excepts[i]);
	free(patterns->excepts);
	for (size_t i = 0; i < patterns->with_count; i++)
		pattern_free(patterns->withs[i]);
	free(patterns->withs);
	*patterns = (struct rule_patterns){ 0 };
}

static int compile_excepts(struct rule_patterns *patterns,
	const struct rule *rule, struct err *err)
{
	size_t count = 0;
	while (rule->except_values && rule->except_values[count])
		count++;
	patterns->excepts = xcalloc(count, sizeof(*patterns->excepts));
	for (size_t i = 0; i < count; i++) {
		int rc = pattern_new(
			&patterns->excepts[i], rule->except_values[i], 0, err);
		if (rc < 0)
			return rc;
		patterns->except_count++;
	}
	return 0;
}

static int compile_withs(struct rule_patterns *patterns,
	const struct rule *rule, struct err *err)
{
	unsigned flags = rule->ignore_case ? PATTERN_IGNORE_CASE : 0;
	patterns->withs = xcalloc(rule->with_count, sizeof(*patterns->withs));
	for (size_t i = 0; i < rule->with_count; i++) {
		int rc = pattern_new(
			&patterns->withs[i], rule->with[i].pattern, flags, err);
		if (rc < 0)
			return rc;
		patterns->with_count++;
	}
	return 0;
}

static int compile_pattern(struct rule_patterns *patterns,
	const struct rule *rule, struct err *err)
{
	unsigned flags = rule->ignore_case ? PATTERN_IGNORE_CASE : 0;
	if (!rule->assigned_to)
		return pattern_new(
			&patterns->pattern, rule->pattern, flags, err);
	CLEANUP(freep)
	char *text = assignment_pattern(rule->assigned_to, rule->pattern);
	return pattern_new(&patterns->pattern, text, 0, err);
}

int rule_patterns_compile(struct rule_patterns *patterns,
	const struct rule *rule, struct err *err)
{
	if (patterns->done)
		return 0;
	int rc = 0;
	if (rule->pattern)
		rc = compile_pattern(patterns, rule, err);
	if (rc == 0)
		rc = compile_excepts(patterns, rule, err);
	if (rc == 0)
		rc = compile_withs(patterns, rule, err);
	if (rc < 0) {
		rule_patterns_clear(patterns);
		return err_prefix(err, "rule %s", rule->id);
	}
	patterns->done = true;
	return 0;
}
