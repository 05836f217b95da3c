/*
 * Something that one thread will know later, and others ask for: now and then,
 * or by waiting for it.
 */
#ifndef SCANNER_LATER_H
#define SCANNER_LATER_H

#include <stdatomic.h>
#include <stdbool.h>

#include <pthread.h>

struct later {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool told;                    /* under the lock */
	_Atomic(const void *) answer; /* NULL: not told, or nothing */
};

void later_init(struct later *later);
void later_clear(struct later *later);

/** Tells it, for good: borrowed, or NULL for nothing. Once. */
void later_tell(struct later *later, const void *answer);

/** What was told by now, or NULL. Cheap. */
static inline const void *later_get(const struct later *later)
{
	return atomic_load_explicit(&later->answer, memory_order_acquire);
}

/** The same, once it was told. */
const void *later_wait(struct later *later);

#endif
