#include "scanner/objects/pack_each.h"

#include "base/alloc.h"
#include "scanner/pool.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

/* Depth of a stack of frames: an entry stays on it while a branch is visited
 * that has at most half of its descendants (pack_plan.h). */
#define STACK_MAX 34

/* Objects on the stack of one thread: past this the oldest are let go, to be
 * built again when their next branch is visited. */
#define OPEN_MAX ((size_t)256 << 20)

#define RUN_LENGTH 64 /* entries that a thread takes at a time */

/* An entry and those of its branches that are to be visited: children from
 * `next` up to `end`. */
struct frame {
	const struct pack_plan *plan;
	uint32_t entry;
	uint32_t next;
	uint32_t end;
	uint32_t depth;     /* deltas above it */
	int status;         /* negative: could not be built */
	struct built built; /* no body: let go of, or not built */
};

/* Shared by the threads of a run. */
struct run {
	const struct bulk *bulk;
	uint64_t *starts;     /* constant: number of the first run of a plan */
	uint64_t packed_runs; /* constant */
	uint64_t total_runs;  /* constant: with those of the single objects */
	atomic_uint_fast64_t next_run;
	atomic_bool stop; /* somebody failed */
	struct handoff *handoff;
};

/* One thread. */
struct worker {
	struct run *run;
	struct objects_reader *reader;
	void *ctx;   /* of the sink */
	size_t plan; /* the one its last run was of */
	struct frame stack[STACK_MAX];
	unsigned height;
	size_t open; /* bytes of the objects on the stack */
};

static size_t frame_bytes(const struct frame *frame)
{
	const struct body *body = frame->built.body;
	if (!body)
		return 0;
	return body->len + (body->note ? body->note->size : 0);
}

static void let_go(struct worker *worker, struct frame *frame)
{
	worker->open -= frame_bytes(frame);
	body_release(STEAL(frame->built.body));
}

static void push(struct worker *worker, const struct frame *frame)
{
	assert(worker->height < STACK_MAX);
	worker->stack[worker->height++] = *frame;
	worker->open += frame_bytes(frame);
	for (unsigned i = 0; i + 1 < worker->height && worker->open > OPEN_MAX;
		i++)
		let_go(worker, &worker->stack[i]);
}

static void pop(struct worker *worker)
{
	let_go(worker, &worker->stack[--worker->height]);
}

static void worker_clear(struct worker *worker)
{
	while (worker->height)
		pop(worker);
	objects_reader_free(worker->reader);
}

static const struct oid *entry_oid(const struct frame *frame)
{
	const struct pack *pack = frame->plan->pack;
	return pack_index_oid(
		&pack->index, pack->bases->positions[frame->entry]);
}

static uint64_t entry_offset(const struct frame *frame)
{
	return frame->plan->offsets[frame->entry];
}

/* Builds an object again, or for the first time without its parent. */
static int obtain(struct frame *frame, struct worker *worker, struct err *err)
{
	return reader_read_entry(&frame->built, worker->reader,
		frame->plan->pack, entry_offset(frame), err);
}

static int build_root(
	struct frame *frame, struct worker *worker, struct err *err)
{
	const struct pack *pack = frame->plan->pack;
	struct pack_entry head;
	int rc = pack_entry_at(&head, pack, entry_offset(frame), err);
	if (rc < 0)
		return rc;
	if (frame->plan->flags[frame->entry] & PLAN_CIRCLE)
		return pack_corrupt(pack, head.offset, "circle of deltas", err);
	if (pack_entry_is_delta(&head))
		return obtain(frame, worker, err);
	frame->built.type = (enum object_type)head.type;
	frame->built.claimed = (size_t)head.size;
	return reader_build(
		&frame->built.body, worker->reader, pack, &head, NULL, err);
}

static int build_child(struct frame *frame, struct worker *worker,
	struct frame *parent, struct err *err)
{
	const struct pack *pack = frame->plan->pack;
	struct pack_entry head;
	int rc = pack_entry_at(&head, pack, entry_offset(frame), err);
	if (rc < 0)
		return rc;
	if (frame->depth > PACK_MAX_DEPTH)
		return pack_corrupt(
			pack, head.offset, "chain of deltas is too long", err);
	if (!parent->built.body && parent->status == 0) {
		parent->status = obtain(parent, worker, err);
		worker->open += frame_bytes(parent);
	}
	if (parent->status == 0)
		rc = reader_build(&frame->built.body, worker->reader, pack,
			&head, parent->built.body, err);
	else
		rc = err_set(err, parent->status,
			"%s: offset %" PRIu64 ": base cannot be read",
			pack->path, head.offset);
	frame->built.type = parent->built.type;
	if (rc == ERR_LIMIT)
		frame->built.claimed = pack_claimed_size(pack, &head);
	return rc;
}

/* Builds an entry; where that fails a copy elsewhere may do, for the entry and
 * with it for all its descendants. True when it was made from the parent. */
static bool build(struct frame *frame, struct worker *worker,
	struct frame *parent, struct err *err)
{
	int rc = parent ? build_child(frame, worker, parent, err)
			: build_root(frame, worker, err);
	if (rc == 0 && worker->run->bulk->objects->verify) {
		rc = built_verify(&frame->built, entry_oid(frame), err);
		if (rc < 0)
			body_release(STEAL(frame->built.body));
	}
	frame->status = rc;
	if (rc == 0)
		return parent;
	struct built other;
	struct err ignored;
	if (rc == ERR_LIMIT ||
		reader_read_except(&other, worker->reader, entry_oid(frame),
			frame->plan->pack, &ignored) < 0)
		return false;
	frame->built = other;
	frame->status = 0;
	return false;
}

static void stop(struct run *run)
{
	atomic_store(&run->stop, true);
	handoff_stop(run->handoff);
}

/* Gives an object to the sink, which may have seen enough. */
static int push_object(struct worker *worker, const struct object *object,
	int status, struct err *err)
{
	int rc = worker->run->bulk->sink(object, status, worker->ctx, err);
	if (rc <= 0)
		return rc;
	stop(worker->run);
	return 0;
}

/* `base`: what the entry was made from a moment ago, or NULL. */
static int deliver(const struct frame *frame, const struct body *base,
	struct worker *worker, struct err *err)
{
	uint32_t place = frame->plan->places[frame->entry];
	if (place == PLAN_NO_PLACE)
		return 0;
	struct object object = {
		.oid = &worker->run->bulk->wanted[place],
		.place = place,
	};
	struct object_delta delta;
	struct body *body = frame->built.body;
	if (frame->status == 0) {
		object.type = frame->built.type;
		object.bytes = body->bytes;
		object.len = body->len;
		if (frame->next < frame->end && !body->note)
			object.note = &body->note;
	} else if (frame->status == ERR_LIMIT) {
		object.len = frame->built.claimed;
	}
	if (base && base->note) {
		const struct delta_copies *copies =
			reader_copies(worker->reader);
		delta.base = base->note;
		delta.copies = copies->items;
		delta.copy_count = copies->count;
		object.delta = &delta;
	}
	return push_object(worker, &object, frame->status, err);
}

/* Builds and delivers an entry, and puts it on the stack if it has children.
 * A parent that was waiting for this last child is let go of. */
static int visit(struct worker *worker, const struct pack_plan *plan,
	uint32_t entry, struct frame *parent, struct err *err)
{
	struct frame frame = {
		.plan = plan,
		.entry = entry,
		.next = plan->first_child[entry],
		.end = plan->first_child[entry + 1],
		.depth = parent ? parent->depth + 1 : 0,
	};
	CLEANUP(body_releasep) struct body *base = NULL;
	if (build(&frame, worker, parent, err))
		base = body_share(parent->built.body);
	if (parent && parent->next == parent->end)
		pop(worker);
	int rc = deliver(&frame, base, worker, err);
	if (rc < 0 || frame.next == frame.end)
		body_release(frame.built.body);
	else
		push(worker, &frame);
	return rc;
}

/* Gives the later half of what is left of the lowest entry, which holds its
 * largest branch, unless nothing would be left to do here. */
static void give_away(struct worker *worker)
{
	struct frame *low = &worker->stack[0];
	uint32_t left = low->end - low->next;
	if (worker->height == 1 && left < 2)
		return;
	struct frame *gift = xmalloc(sizeof(*gift));
	*gift = *low;
	gift->next = low->next + left / 2;
	if (gift->built.body)
		body_share(gift->built.body);
	uint32_t end = gift->next;
	if (!handoff_give(worker->run->handoff, gift)) {
		body_release(gift->built.body);
		free(gift);
		return;
	}
	low->end = end;
	if (low->next < low->end)
		return;
	let_go(worker, low);
	worker->height--;
	memmove(low, low + 1, worker->height * sizeof(*low));
}

static bool stopped(const struct run *run)
{
	return atomic_load_explicit(&run->stop, memory_order_relaxed);
}

/* Begins to load what the visit of a child will read first. */
static void load_ahead(const struct worker *worker, const struct frame *frame)
{
	if (frame->next == frame->end)
		return;
	const struct pack_plan *plan = frame->plan;
	uint32_t child = plan->children[frame->next];
	if (plan->offsets[child] < plan->pack->end)
		__builtin_prefetch(
			plan->pack->map.bytes + plan->offsets[child]);
	if (plan->places[child] != PLAN_NO_PLACE)
		__builtin_prefetch(
			&worker->run->bulk->wanted[plan->places[child]]);
}

/* Visits all that hangs below the entries on the stack. */
static int visit_branches(struct worker *worker, struct err *err)
{
	while (worker->height && !stopped(worker->run)) {
		if (handoff_wanted(worker->run->handoff))
			give_away(worker);
		struct frame *top = &worker->stack[worker->height - 1];
		uint32_t child = top->plan->children[top->next++];
		load_ahead(worker, top);
		int rc = visit(worker, top->plan, child, top, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int visit_roots(struct worker *worker, uint64_t number, struct err *err)
{
	const struct run *run = worker->run;
	/* a thread's runs only go up */
	while (worker->plan + 1 < run->bulk->plan_count &&
		number >= run->starts[worker->plan + 1])
		worker->plan++;
	const struct pack_plan *plan = run->bulk->plans[worker->plan];
	uint64_t from = (number - run->starts[worker->plan]) * RUN_LENGTH;
	for (uint64_t i = from; i < from + RUN_LENGTH && i < plan->count; i++) {
		if (!(plan->flags[i] & PLAN_ROOT))
			continue;
		int rc = visit(worker, plan, (uint32_t)i, NULL, err);
		if (rc == 0)
			rc = visit_branches(worker, err);
		if (rc < 0 || stopped(run))
			return rc;
	}
	return 0;
}

static int read_singles(struct worker *worker, uint64_t number, struct err *err)
{
	const struct bulk *bulk = worker->run->bulk;
	uint64_t from = (number - worker->run->packed_runs) * RUN_LENGTH;
	for (uint64_t i = from; i < from + RUN_LENGTH && i < bulk->single_count;
		i++) {
		struct object object;
		uint32_t place = bulk->singles[i];
		int status = objects_read(
			&object, worker->reader, &bulk->wanted[place], err);
		object.place = place;
		int rc = push_object(worker, &object, status, err);
		if (rc < 0 || stopped(worker->run))
			return rc;
	}
	return 0;
}

static int take_runs(struct worker *worker, struct err *err)
{
	struct run *run = worker->run;
	while (!stopped(run)) {
		uint64_t number = atomic_fetch_add(&run->next_run, 1);
		if (number >= run->total_runs)
			return 0;
		int rc = number < run->packed_runs
			? visit_roots(worker, number, err)
			: read_singles(worker, number, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int take_gifts(struct worker *worker, struct err *err)
{
	struct frame *gift;
	while ((gift = handoff_take(worker->run->handoff))) {
		push(worker, gift);
		free(gift);
		int rc = visit_branches(worker, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int work(unsigned number, void *ctx, struct err *err)
{
	struct run *run = ctx;
	CLEANUP(worker_clear)
	struct worker worker = {
		.run = run,
		.ctx = run->bulk->contexts[number],
	};
	int rc = objects_reader_new(&worker.reader, run->bulk->objects, err);
	if (rc == 0)
		rc = take_runs(&worker, err);
	if (rc == 0)
		rc = take_gifts(&worker, err);
	if (rc < 0)
		stop(run);
	return rc;
}

static void release_left(struct run *run)
{
	struct frame *gift;
	while ((gift = handoff_left(run->handoff))) {
		body_release(gift->built.body);
		free(gift);
	}
	handoff_free(run->handoff);
	free(run->starts);
}

static uint64_t runs_of(size_t count)
{
	return (count + RUN_LENGTH - 1) / RUN_LENGTH;
}

int bulk_run(const struct bulk *bulk, struct err *err)
{
	CLEANUP(release_left)
	struct run run = {
		.bulk = bulk,
		.starts = xcalloc(bulk->plan_count, sizeof(uint64_t)),
		.handoff = handoff_new(bulk->jobs),
	};
	for (size_t i = 0; i < bulk->plan_count; i++) {
		run.starts[i] = run.packed_runs;
		run.packed_runs += runs_of(bulk->plans[i]->count);
	}
	run.total_runs = run.packed_runs + runs_of(bulk->single_count);
	return pool_run(bulk->jobs, work, &run, err);
}
