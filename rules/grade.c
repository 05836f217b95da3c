#include "rules/grade.h"

#include "rules/path_context.h"

#include <string.h>

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (word && !strcmp(word, *words))
			return true;
	return false;
}

static bool holds_one_of(unsigned holds, const char *const *words)
{
	for (; *words; words++)
		if (holds & holds_parse(*words))
			return true;
	return false;
}

static bool is_in_context(const char *path, const char *const *contexts)
{
	for (; *contexts; contexts++)
		if (path_context_has(*contexts, path))
			return true;
	return false;
}

static bool grade_applies(const struct rule_grade *grade, const char *path,
	const struct evidence *evidence, int64_t now)
{
	if (grade->context && !is_in_context(path, grade->context))
		return false;
	if (!rule_grade_needs_evidence(grade))
		return true;
	if (!evidence)
		return false;
	if (grade->kind && !is_one_of(evidence->kind, grade->kind))
		return false;
	if (grade->holds && !holds_one_of(evidence->holds, grade->holds))
		return false;
	if (grade->state &&
		!is_one_of(evidence_state(evidence, now), grade->state))
		return false;
	return !grade->id ||
		is_one_of(id_exposure_name(evidence->id), grade->id);
}

void rule_grade(int *severity, int *confidence, const struct rule *rule,
	const char *path, const struct evidence *evidence, int64_t now)
{
	*severity = rule->severity;
	*confidence = rule->confidence;
	for (size_t i = 0; i < rule->grade_count; i++) {
		const struct rule_grade *grade = &rule->grades[i];
		if (!grade_applies(grade, path, evidence, now))
			continue;
		if (grade->severity >= 0)
			*severity = grade->severity;
		if (grade->confidence >= 0)
			*confidence = grade->confidence;
		break;
	}
	/* a setting that does not hold in production is worth knowing */
	if (rule->config &&
		((evidence && evidence->development) ||
			is_in_context(path, path_context_names())))
		*severity = SEVERITY_INFO;
}
