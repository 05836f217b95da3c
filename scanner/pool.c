#include "scanner/pool.h"

#include "base/alloc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* Holds all threads back until it is known whether they are enough: workers
 * may wait for each other. */
struct gate {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	bool open;   /* under the lock */
	bool cancel; /* under the lock: go home */
};

struct worker {
	pthread_t thread;
	unsigned number;
	struct gate *gate;
	pool_work *work;
	void *ctx;
	int rc;         /* read after the join */
	struct err err; /* likewise */
};

static void gate_open(struct gate *gate, bool cancel)
{
	pthread_mutex_lock(&gate->lock);
	gate->open = true;
	gate->cancel = cancel;
	pthread_cond_broadcast(&gate->opened);
	pthread_mutex_unlock(&gate->lock);
}

/* True when the work may begin. */
static bool gate_pass(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	while (!gate->open)
		pthread_cond_wait(&gate->opened, &gate->lock);
	bool pass = !gate->cancel;
	pthread_mutex_unlock(&gate->lock);
	return pass;
}

static void *run_worker(void *argument)
{
	struct worker *worker = argument;
	if (gate_pass(worker->gate))
		worker->rc =
			worker->work(worker->number, worker->ctx, &worker->err);
	return NULL;
}

static int run_all(struct worker *workers, unsigned jobs, struct err *err)
{
	struct gate *gate = workers[0].gate;
	unsigned started = 1;
	while (started < jobs &&
		!pthread_create(&workers[started].thread, NULL, run_worker,
			&workers[started]))
		started++;
	gate_open(gate, started < jobs);
	run_worker(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	if (started < jobs)
		return err_set(err, ERR_LIMIT,
			"cannot start %u threads, only %u", jobs, started);
	return 0;
}

static int first_error(
	const struct worker *workers, unsigned jobs, struct err *err)
{
	for (unsigned i = 0; i < jobs; i++) {
		if (workers[i].rc < 0) {
			*err = workers[i].err;
			return workers[i].rc;
		}
	}
	return 0;
}

struct pool_task {
	pthread_t thread;
	pool_work *work;
	void *ctx;
	int rc;         /* read after the join */
	struct err err; /* likewise */
};

static void *run_task(void *argument)
{
	struct pool_task *task = argument;
	task->rc = task->work(0, task->ctx, &task->err);
	return NULL;
}

int pool_task_start(
	struct pool_task **out, pool_work *work, void *ctx, struct err *err)
{
	CLEANUP(freep) struct pool_task *task = xcalloc(1, sizeof(*task));
	task->work = work;
	task->ctx = ctx;
	if (pthread_create(&task->thread, NULL, run_task, task))
		return err_set(err, ERR_LIMIT, "cannot start a thread");
	*out = STEAL(task);
	return 0;
}

int pool_task_join(struct pool_task *task, struct err *err)
{
	pthread_join(task->thread, NULL);
	int rc = task->rc;
	if (rc < 0)
		*err = task->err;
	free(task);
	return rc;
}

int pool_run(unsigned jobs, pool_work *work, void *ctx, struct err *err)
{
	if (jobs <= 1)
		return work(0, ctx, err);
	struct gate gate = {
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.opened = PTHREAD_COND_INITIALIZER,
	};
	CLEANUP(freep)
	struct worker *workers = xcalloc(jobs, sizeof(*workers));
	for (unsigned i = 0; i < jobs; i++)
		workers[i] = (struct worker){
			.number = i,
			.gate = &gate,
			.work = work,
			.ctx = ctx,
		};
	int rc = run_all(workers, jobs, err);
	return rc < 0 ? rc : first_error(workers, jobs, err);
}

struct handoff {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned workers;  /* constant */
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
	handoff->workers = workers;
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
		handoff->waiting < handoff->workers)
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
