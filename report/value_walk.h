/*
 * A walk over a decoded tree of values, with its bounds, and the rule of what
 * of a value may be shown. Used by the printers in report_value.h.
 */
#ifndef REPORT_VALUE_WALK_H
#define REPORT_VALUE_WALK_H

#include "report/report_value.h"

/** One value where it stands in the tree. */
struct value_node {
	const struct value *value; /* never NULL */
	const struct value *key;   /* NULL in a list, and for the root */
	size_t index;              /* in its list */
	size_t depth;              /* 0: the root */
	bool is_private;           /* below a name that announces something
				      personal */
	bool inside_itself;        /* it is one of its own ancestors */
	bool open;                 /* its items follow, then leave() */
};

/** Where nodes go: enter() for each, leave() behind the items of an open one,
 * with the number of items that were left out at the bound. */
struct value_visitor {
	void (*enter)(const struct value_node *node, void *ctx);
	void (*leave)(
		const struct value_node *node, size_t left_out, void *ctx);
	void *ctx;
};

/** Visits the root and what is below it, each before its items. */
void value_walk(const struct value_visitor *visitor, const struct value *root,
	const struct value_opts *opts);

/** True when the value itself may be shown, not only its type and length. */
bool value_may_show(
	const struct value_node *node, const struct value_opts *opts);

/** How many bytes of a text are shown when it may be. */
size_t value_shown_len(
	const struct value *value, const struct value_opts *opts);

#endif
