/*
 * Values that are given to a name: `ACME_KEY=v`, `"acmeKey": "v"`,
 * `getenv("ACME_KEY") ?? "v"`, `<add key="AcmeKey" value="v"/>` and the like.
 * Many tokens have no form of their own, only a length and an alphabet; what
 * tells them is the name, and the name is written in as many ways as there are
 * languages. They are known here, once, so that a rule gives name and value.
 *
 * A name is lower-case words with one blank between them, `acme api key`. A
 * blank fits nothing or one of `-`, `_`, `.` and a blank; the word `...` fits
 * up to ASSIGNMENT_GAP bytes, line breaks among them.
 */
#ifndef RULES_ASSIGNMENT_H
#define RULES_ASSIGNMENT_H

#include "rules/rule_reader.h"

/** What `...` spans at most. */
#define ASSIGNMENT_GAP 60

/** Fails where the text is no name. */
int assignment_check_name(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text) MUST_CHECK;

/**
 * A pattern that fits the value where it is given to one of the names, in
 * either case; the value is its group 1. Caller frees.
 */
char *assignment_pattern(const char *const *names, const char *value);

#endif
