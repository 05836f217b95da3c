/* Paths as values: joined and cut as text, nothing is looked up on disk. */
#ifndef RULES_SETTINGS_EVAL_PATH_H
#define RULES_SETTINGS_EVAL_PATH_H

#include "base/arena.h"
#include "rules/settings/setting.h"

/** A path of that base; `text` is borrowed. */
struct setting_value path_at(int base, const char *text);

/** The path of the file itself, `path` being where it lies. */
struct setting_value path_of_file(const char *path);

/** The folder above; that of "" is "..". */
struct setting_value path_up(
	struct arena *arena, const struct setting_value *path);

/** `a/b`; an absolute `b` is what comes out, as with os.path.join(). What is
 * no text or path gives an unresolved value. */
struct setting_value path_join(struct arena *arena,
	const struct setting_value *a, const struct setting_value *b);

#endif
