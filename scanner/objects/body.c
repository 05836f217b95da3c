#include "scanner/objects/body.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

struct body *body_new(size_t len, size_t room)
{
	if (len > SIZE_MAX - sizeof(struct body) - room)
		return NULL;
	struct body *body = malloc(sizeof(*body) + len + room);
	if (!body)
		return NULL;
	atomic_init(&body->owners, 1);
	body->note = NULL;
	body->len = len;
	return body;
}

struct body *body_share(struct body *body)
{
	atomic_fetch_add_explicit(&body->owners, 1, memory_order_relaxed);
	return body;
}

/* Who is the only owner needs no locked instruction: nobody else has the body,
 * so nobody can share it meanwhile. */
static bool is_last(struct body *body)
{
	return atomic_load_explicit(&body->owners, memory_order_acquire) == 1 ||
		atomic_fetch_sub_explicit(
			&body->owners, 1, memory_order_acq_rel) == 1;
}

void body_release(struct body *body)
{
	if (!body || !is_last(body))
		return;
	if (body->note)
		body->note->free(body->note);
	free(body);
}
