/*
 * What an expression is worth, as far as that can be told without running
 * anything: literals, arithmetic, names that the file assigns, and the few
 * calls that settings are made with (timedelta(…), os.path.join(…),
 * os.environ.get(…, default)). Bounded in depth and steps.
 */
#ifndef RULES_SETTINGS_EVAL_H
#define RULES_SETTINGS_EVAL_H

#include "rules/settings/expr.h"
#include "rules/settings/setting.h"

#define EVAL_MAX_NAMES 256

/** A name that the file has assigned so far. */
struct eval_name {
	const char *name; /* borrowed from the file's bytes */
	size_t len;
	struct lazy_expr *value;
};

/** The file in which an expression stands. */
struct eval_file {
	struct arena *arena;
	const char *path; /* of the file, in the repository */
	struct eval_name names[EVAL_MAX_NAMES];
	size_t name_count;
};

/** Remembers an assignment to the name of `len` borrowed bytes, and a copy of
 * `value`; the last of a name counts. Names beyond the bound are unknown. */
void eval_assign(struct eval_file *file, const void *name, size_t len,
	const struct lazy_expr *value);

/** The expression that was assigned to a name, or NULL. */
const struct expr *eval_name(struct eval_file *file, const char *name);

/** Evaluates. Texts live in the arena or are static. */
struct setting_value eval(struct eval_file *file, const struct expr *expr);

/** True, false, or -1 where that is not known. */
int value_truth(const struct setting_value *value);

/** Makes a path of a text: "~/x" lies at home, "/x" is absolute, all else is
 * relative to the working directory. Leaves other values alone. */
void value_make_path(struct setting_value *value);

/** An unresolved value; `why` is borrowed. */
struct setting_value value_unresolved(const char *why);

struct setting_value value_text_of(const char *text);
struct setting_value value_int_of(int64_t number);

#endif
