/* What the readers of JavaScript, PHP and Ruby share: tokens, and the call or
 * literal that starts at one of them. */
#ifndef RULES_SETTINGS_SCRIPT_H
#define RULES_SETTINGS_SCRIPT_H

#include "rules/settings/recorder.h"

struct script {
	struct recorder *recorder;
	struct token_list tokens;
	unsigned block; /* number of the present call */
};

/** Caller clears. */
void script_init(struct script *script, struct recorder *recorder,
	const struct lex_style *style);
void script_clear(struct script *script);

/** True for a token of that name with an opening parenthesis behind it. */
bool script_calls(const struct script *script, size_t at, const char *name);

const struct expr *script_expr(struct script *script, size_t at);

/** Remembers `name = value`, where it stands at `at`. */
void script_assignment(struct script *script, size_t at);

/** The map that an argument is or names, or NULL. */
const struct expr *script_map(
	struct script *script, const struct expr *argument);

/** Records an entry of a map as the setting `name`, NULL: the entry's key. */
bool script_record(struct script *script, int framework, const char *name,
	const struct expr_item *item, int form);

#endif
