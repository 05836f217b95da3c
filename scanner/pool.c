#include "scanner/pool.h"

#include "base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

struct worker {
	pthread_t thread;
	bool started;
	unsigned number;
	pool_work *work;
	void *ctx;
	int rc;         /* read after the join */
	struct err err; /* likewise */
};

static void *run_worker(void *argument)
{
	struct worker *worker = argument;
	worker->rc = worker->work(worker->number, worker->ctx, &worker->err);
	return NULL;
}

/* A thread that cannot be had is no failure: its share runs here, after what
 * the caller's thread does anyway. */
static void run_all(struct worker *workers, unsigned jobs)
{
	for (unsigned i = 1; i < jobs; i++)
		workers[i].started = !pthread_create(
			&workers[i].thread, NULL, run_worker, &workers[i]);
	run_worker(&workers[0]);
	for (unsigned i = 1; i < jobs; i++) {
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
		else
			run_worker(&workers[i]);
	}
}

int pool_run(unsigned jobs, pool_work *work, void *ctx, struct err *err)
{
	if (jobs <= 1)
		return work(0, ctx, err);
	CLEANUP(freep)
	struct worker *workers = xcalloc(jobs, sizeof(*workers));
	for (unsigned i = 0; i < jobs; i++)
		workers[i] = (struct worker){
			.number = i,
			.work = work,
			.ctx = ctx,
		};
	run_all(workers, jobs);
	for (unsigned i = 0; i < jobs; i++) {
		if (workers[i].rc < 0) {
			*err = workers[i].err;
			return workers[i].rc;
		}
	}
	return 0;
}

struct handoff {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned entered;  /* under the lock */
	unsigned waiting;  /* under the lock */
	unsigned count;    /* under the lock: items that lie there */
	bool over;         /* under the lock */
	atomic_int wanted; /* waiting - count; written under the lock */
	void *items[];     /* under the lock: one a worker at most */
};

struct handoff *handoff_new(unsigned workers)
{
	struct handoff *handoff = xcalloc(
		1, sizeof(*handoff) + workers * sizeof(handoff->items[0]));
	pthread_mutex_init(&handoff->lock, NULL);
	pthread_cond_init(&handoff->changed, NULL);
	return handoff;
}

void handoff_free(struct handoff *handoff)
{
	if (!handoff)
		return;
	pthread_cond_destroy(&handoff->changed);
	pthread_mutex_destroy(&handoff->lock);
	free(handoff);
}

void handoff_enter(struct handoff *handoff)
{
	pthread_mutex_lock(&handoff->lock);
	handoff->entered++;
	pthread_mutex_unlock(&handoff->lock);
}

bool handoff_wanted(const struct handoff *handoff)
{
	return atomic_load_explicit(&handoff->wanted, memory_order_relaxed) > 0;
}

static void note_wanted(struct handoff *handoff)
{
	atomic_store_explicit(&handoff->wanted,
		(int)handoff->waiting - (int)handoff->count,
		memory_order_relaxed);
}

bool handoff_give(struct handoff *handoff, void *item)
{
	pthread_mutex_lock(&handoff->lock);
	bool given = !handoff->over && handoff->waiting > handoff->count;
	if (given) {
		handoff->items[handoff->count++] = item;
		note_wanted(handoff);
		pthread_cond_signal(&handoff->changed);
	}
	pthread_mutex_unlock(&handoff->lock);
	return given;
}

void *handoff_take(struct handoff *handoff)
{
	void *item = NULL;
	pthread_mutex_lock(&handoff->lock);
	handoff->waiting++;
	note_wanted(handoff);
	while (!handoff->over && handoff->count == 0 &&
		handoff->waiting < handoff->entered)
		pthread_cond_wait(&handoff->changed, &handoff->lock);
	if (!handoff->over && handoff->count > 0) {
		item = handoff->items[--handoff->count];
		handoff->waiting--;
		note_wanted(handoff);
	} else {
		handoff->over = true;
		pthread_cond_broadcast(&handoff->changed);
	}
	pthread_mutex_unlock(&handoff->lock);
	return item;
}

void handoff_stop(struct handoff *handoff)
{
	pthread_mutex_lock(&handoff->lock);
	handoff->over = true;
	pthread_cond_broadcast(&handoff->changed);
	pthread_mutex_unlock(&handoff->lock);
}

void *handoff_left(struct handoff *handoff)
{
	return handoff->count ? handoff->items[--handoff->count] : NULL;
}
