/*
 * Checks of single texts of a rule file, each a rule_check_text.
 */
#ifndef RULES_RULE_CHECKS_H
#define RULES_RULE_CHECKS_H

#include "rules/rule_reader.h"

/** Nothing but text and line breaks: no controls, no bidirectional marks. */
rule_check_text check_prose;

/** Such text in one line. */
rule_check_text check_line;

/** An id: a-z, 0-9 and inner hyphens, at most 64 bytes. */
rule_check_text check_id;

/** A gitignore-style glob that does not start with '!'. */
rule_check_text check_glob;

/** One component of a path. */
rule_check_text check_component;

/** A pattern that PCRE2 compiles. */
rule_check_text check_regex;

/** A number in decimal digits. */
rule_check_text check_number;

/** A glob that may hold {store}, {path} and {name}. */
rule_check_text check_gitignore;

#endif
