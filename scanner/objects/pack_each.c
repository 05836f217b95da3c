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

/* Entries of a plan whose families are to be visited, where they are roots; or
 * of the single objects. */
struct span {
	const struct pack_plan *plan; /* NULL: of the singles */
	uint64_t next;
	uint64_t end;
};

/* What a thread gives to one that has nothing to do. */
struct gift {
	struct frame frame; /* without a plan: none */
	struct span span;
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
	void *ctx;        /* of the sink */
	size_t plan;      /* the one its last run was of */
	struct span span; /* what is left of it */
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
 * with it for all its descendants. What it was made from, or NULL. */
static const struct body *build(struct frame *frame, struct worker *worker,
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
		return parent ? parent->built.body : NULL;
	struct built other;
	struct err ignored;
	if (rc == ERR_LIMIT ||
		reader_read_except(&other, worker->reader, entry_oid(frame),
			frame->plan->pack, &ignored) < 0)
		return NULL;
	frame->built = other;
	frame->status = 0;
	return NULL;
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
	const struct body *base = build(&frame, worker, parent, err);
	int rc = deliver(&frame, base, worker, err);
	if (parent && parent->next == parent->end)
		pop(worker);
	if (rc < 0 || frame.next == frame.end)
		body_release(frame.built.body);
	else
		push(worker, &frame);
	return rc;
}

static bool give(struct worker *worker, const struct gift *given)
{
	struct gift *gift = xmalloc(sizeof(*gift));
	*gift = *given;
	if (handoff_give(worker->run->handoff, gift))
		return true;
	free(gift);
	return false;
}

/* Gives the later half of what is left of the span: large objects often stand
 * side by side in a pack. False when nothing is left. */
static bool give_span(struct worker *worker)
{
	struct span *span = &worker->span;
	if (span->next == span->end)
		return false;
	struct gift gift = { .span = *span };
	gift.span.next += (span->end - span->next) / 2;
	if (give(worker, &gift))
		span->end = gift.span.next;
	return true;
}

/* Gives the later half of what is left of the lowest entry, which holds its
 * largest branch, unless nothing would be left to do here. */
static void give_branches(struct worker *worker)
{
	struct frame *low = &worker->stack[0];
	uint32_t left = low->end - low->next;
	if (worker->height == 1 && left < 2)
		return;
	struct gift gift = { .frame = *low };
	gift.frame.next += left / 2;
	if (low->built.body)
		body_share(low->built.body);
	if (!give(worker, &gift)) {
		body_release(gift.frame.built.body);
		return;
	}
	low->end = gift.frame.next;
	if (low->next < low->end)
		return;
	let_go(worker, low);
	worker->height--;
	memmove(low, low + 1, worker->height * sizeof(*low));
}

/* Gives something to a thread that waits for it, if there is any such. */
static void share_work(struct worker *worker)
{
	if (handoff_wanted(worker->run->handoff) && !give_span(worker) &&
		worker->height)
		give_branches(worker);
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
		share_work(worker);
		struct frame *top = &worker->stack[worker->height - 1];
		uint32_t child = top->plan->children[top->next++];
		load_ahead(worker, top);
		int rc = visit(worker, top->plan, child, top, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int visit_root(struct worker *worker, uint32_t entry, struct err *err)
{
	const struct pack_plan *plan = worker->span.plan;
	if (!(plan->flags[entry] & PLAN_ROOT))
		return 0;
	int rc = visit(worker, plan, entry, NULL, err);
	return rc < 0 ? rc : visit_branches(worker, err);
}

static int read_single(struct worker *worker, uint64_t number, struct err *err)
{
	const struct bulk *bulk = worker->run->bulk;
	struct object object;
	uint32_t place = bulk->singles[number];
	int status = objects_read(
		&object, worker->reader, &bulk->wanted[place], err);
	object.place = place;
	return push_object(worker, &object, status, err);
}

static int visit_span(struct worker *worker, struct err *err)
{
	struct span *span = &worker->span;
	while (span->next < span->end && !stopped(worker->run)) {
		uint64_t number = span->next++;
		share_work(worker);
		int rc = span->plan ? visit_root(worker, (uint32_t)number, err)
				    : read_single(worker, number, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static struct span nth_span(
	uint64_t number, const struct pack_plan *plan, uint64_t count)
{
	uint64_t from = number * RUN_LENGTH;
	uint64_t left = count - from;
	return (struct span){ plan, from,
		from + (left < RUN_LENGTH ? left : RUN_LENGTH) };
}

static struct span span_of_run(struct worker *worker, uint64_t number)
{
	const struct run *run = worker->run;
	const struct bulk *bulk = run->bulk;
	if (number >= run->packed_runs)
		return nth_span(
			number - run->packed_runs, NULL, bulk->single_count);
	/* a thread's runs only go up */
	while (worker->plan + 1 < bulk->plan_count &&
		number >= run->starts[worker->plan + 1])
		worker->plan++;
	const struct pack_plan *plan = bulk->plans[worker->plan];
	return nth_span(number - run->starts[worker->plan], plan, plan->count);
}

static int take_runs(struct worker *worker, struct err *err)
{
	struct run *run = worker->run;
	while (!stopped(run)) {
		uint64_t number = atomic_fetch_add(&run->next_run, 1);
		if (number >= run->total_runs)
			return 0;
		worker->span = span_of_run(worker, number);
		int rc = visit_span(worker, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int take_gifts(struct worker *worker, struct err *err)
{
	struct gift *gift;
	while ((gift = handoff_take(worker->run->handoff))) {
		worker->span = gift->span;
		if (gift->frame.plan)
			push(worker, &gift->frame);
		free(gift);
		int rc = visit_branches(worker, err);
		if (rc == 0)
			rc = visit_span(worker, err);
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
	struct gift *gift;
	while ((gift = handoff_left(run->handoff))) {
		body_release(gift->frame.built.body);
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
