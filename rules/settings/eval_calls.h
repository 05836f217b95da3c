/* Evaluation of calls and members, by the names of the functions that settings
 * are made with. Included by eval.c alone. */
#ifndef RULES_SETTINGS_EVAL_CALLS_H
#define RULES_SETTINGS_EVAL_CALLS_H

#include "rules/settings/eval.h"

#define EVAL_MAX_DEPTH 32
#define EVAL_MAX_STEPS 256
#define EVAL_MAX_TEXT  4096 /* bytes of a text that is put together */
#define EVAL_SHOWN     40   /* of a name in a reason */

/** One evaluation. */
struct eval {
	struct eval_file *file;
	unsigned depth;
	unsigned steps_left;
};

struct setting_value eval_expr(struct eval *eval, const struct expr *expr);
struct setting_value eval_call(struct eval *eval, const struct expr *call);
struct setting_value eval_member(struct eval *eval, const struct expr *expr);
struct setting_value eval_item(struct eval *eval, const struct expr *expr);

#endif
