/* Settings as text: what a reader sees of a value, and the line to write. */
#ifndef RULES_SETTINGS_SETTING_TEXT_H
#define RULES_SETTINGS_SETTING_TEXT_H

#include "base/buf.h"
#include "rules/settings/setting.h"

/**
 * Appends the value for people: "False", "3600 (1 hour)", "0o644". A secret
 * one is withheld. Raw bytes of the file may be in it, at most SETTING_SHOWN.
 */
void setting_value_text(struct buf *out, const struct setting *setting);

#define SETTING_SHOWN 60

/**
 * Appends the line that sets the key to `recommended`, a value as the language
 * of the framework writes it, in the form in which `like` is written. `like`
 * may be of another key, and NULL: then in the framework's usual form.
 */
void setting_line(struct buf *out, int framework, const char *key,
	const char *recommended, const struct setting *like);

/** Appends `recommended` as a value in the notation of the form. */
void setting_value_in(
	struct buf *out, int framework, const char *recommended, int form);

#endif
