/* The `config` part of a rule against the settings of a file. */
#ifndef RULES_CONFIG_TEST_H
#define RULES_CONFIG_TEST_H

#include "rules/evidence.h"
#include "rules/rule.h"
#include "rules/settings/setting.h"

#include <stdbool.h>

/** True when the setting has one of the rule's keys. */
bool config_is_about(
	const struct rule_config *config, const struct setting *setting);

/** True when a test of the rule holds for the value; `path` is that of the
 * file. What is not resolved is never held against anybody. */
bool config_holds(const struct rule_config *config,
	const struct setting *setting, const char *path);

/** The setting as evidence: name and value, never a secret. Lives in the
 * arena. */
const struct evidence *config_evidence(
	struct arena *arena, const struct setting *setting);

#endif
