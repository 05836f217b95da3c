/*
 * The bytes of one object with a count of owners, because deltas share them:
 * an open frame, the cache, another thread that took over some children.
 */
#ifndef SCANNER_OBJECTS_BODY_H
#define SCANNER_OBJECTS_BODY_H

#include "base/cleanup.h"
#include "scanner/objects/objects.h"

#include <stdatomic.h>
#include <stddef.h>

struct body {
	atomic_uint owners;
	struct object_note *note; /* goes with the body; or NULL */
	size_t len;
	unsigned char bytes[]; /* written before it is shared, then constant */
};

/** `len` unset bytes, behind which `room` more may be written, which do not
 * count; one owner. NULL when there is no memory for them. */
struct body *body_new(size_t len, size_t room) MUST_CHECK;

/** One more owner; returns the body. Any thread. */
struct body *body_share(struct body *body);

/** One owner less; the last one frees. NULL is allowed. Any thread. */
void body_release(struct body *body);
DEFINE_CLEANUP(body_releasep, struct body, body_release)

#endif
