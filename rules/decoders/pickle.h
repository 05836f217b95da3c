/*
 * Python pickles, walked with a symbolic stack (CPython's pickletools.py says
 * what each opcode does). Nothing is imported or called: what a load would
 * call is listed by name and stands in the tree as a VALUE_OBJECT.
 */
#ifndef RULES_DECODERS_PICKLE_H
#define RULES_DECODERS_PICKLE_H

#include "base/cleanup.h"
#include "base/err.h"
#include "rules/decoders/call_list.h"
#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One pickle. Values borrow from its bytes or live in the arena. */
struct pickle {
	struct value *root; /* may hold itself: see rules/value.h */
	size_t consumed;    /* bytes up to and with the STOP opcode */
	unsigned protocol;  /* what PROTO said; 0 without one: 0 or 1 */
	struct call_list calls;
	bool truncated; /* the builder's bound was hit: values are missing */
};

/**
 * Walks the pickle at the start of the bytes. Returns 1; 0 when no whole
 * pickle is there; ERR_LIMIT when its stack or memo passes a bound. Beyond
 * the builder's bound it goes on without making values: `truncated`.
 */
int pickle_read(struct pickle *out, struct value_builder *builder,
	const unsigned char *bytes, size_t len, struct err *err) MUST_CHECK;

/**
 * The seconds since 1970 of a datetime.datetime in the tree, read as UTC (a
 * naive one is off by the writer's time zone). False for anything else.
 */
bool pickle_datetime(int64_t *seconds, const struct value *value);

#endif
