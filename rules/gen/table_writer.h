/*
 * Writes rules as C: const tables that say the same as the rule files. The
 * output depends on the rules alone.
 */
#ifndef RULES_GEN_TABLE_WRITER_H
#define RULES_GEN_TABLE_WRITER_H

#include "rules/rule.h"

#include <stddef.h>
#include <stdio.h>

/** Defines builtin_rules and builtin_rule_count; errors stay in ferror(). */
void table_write(FILE *out, const struct rule *rules, size_t count);

#endif
