#include "rules/literal_set.h"

#include "base/alloc.h"
#include "rules/literal_finder.h"

#include <assert.h>
#include <hs.h>
#include <limits.h>
#include <stdint.h>

/* libhs takes lengths of 32 bits. Windows of any size do; this one leaves a
 * blob in the cache while it is searched. */
#define WINDOW ((size_t)1024 * 1024)

struct literal_set {
	char **texts;
	size_t *lens;
	unsigned *flags; /* of libhs */
	size_t count, longest;
	struct literal_finder *finder;
	hs_database_t *database; /* NULL until compiled: the finder is used */
};

struct literal_scanner {
	const struct literal_set *set;
	hs_scratch_t *scratch;
};

static void free_compile_error(hs_compile_error_t **error)
{
	hs_free_compile_error(*error);
}

int literal_set_compile(struct literal_set *set, struct err *err)
{
	size_t count = set->count;
	if (!count || set->database)
		return 0;
	CLEANUP(freep) const char **texts = xcalloc(count, sizeof(*texts));
	CLEANUP(freep) unsigned *ids = xcalloc(count, sizeof(*ids));
	for (size_t i = 0; i < count; i++) {
		texts[i] = set->texts[i];
		ids[i] = (unsigned)i;
	}
	CLEANUP(free_compile_error) hs_compile_error_t *error = NULL;
	hs_error_t rc = hs_compile_lit_multi(texts, set->flags, ids, set->lens,
		(unsigned)count, HS_MODE_BLOCK, NULL, &set->database, &error);
	if (rc == HS_SUCCESS)
		return 0;
	return err_set(err, ERR_PARSE, "cannot compile the keywords: %s",
		error ? error->message : "libhs failed");
}

int literal_set_new(struct literal_set **out, const struct literal *literals,
	size_t count, struct err *err)
{
	CLEANUP(literal_set_freep)
	struct literal_set *set = xcalloc(1, sizeof(*set));
	if (count > UINT_MAX)
		return err_set(err, ERR_LIMIT, "too many keywords");
	set->lens = xcalloc(count, sizeof(*set->lens));
	set->texts = xcalloc(count, sizeof(*set->texts));
	set->flags = xcalloc(count, sizeof(*set->flags));
	for (size_t i = 0; i < count; i++) {
		if (!literals[i].len)
			return err_set(err, ERR_PARSE, "a literal is empty");
		set->texts[i] = xmemdupz(literals[i].bytes, literals[i].len);
		set->count++;
		set->lens[i] = literals[i].len;
		set->flags[i] = literals[i].ignore_case ? HS_FLAG_CASELESS : 0;
		if (set->longest < literals[i].len)
			set->longest = literals[i].len;
	}
	set->finder = literal_finder_new(literals, count);
	*out = STEAL(set);
	return 0;
}

void literal_set_free(struct literal_set *set)
{
	if (!set)
		return;
	hs_free_database(set->database);
	literal_finder_free(set->finder);
	for (size_t i = 0; i < set->count; i++)
		free(set->texts[i]);
	free(set->texts);
	free(set->flags);
	free(set->lens);
	free(set);
}

size_t literal_set_longest(const struct literal_set *set)
{
	return set->longest;
}

int literal_scanner_new(struct literal_scanner **out,
	const struct literal_set *set, struct err *err)
{
	CLEANUP(literal_scanner_freep)
	struct literal_scanner *scanner = xcalloc(1, sizeof(*scanner));
	scanner->set = set;
	if (set->database &&
		hs_alloc_scratch(set->database, &scanner->scratch) !=
			HS_SUCCESS)
		return err_set(err, ERR_LIMIT, "no memory to search keywords");
	*out = STEAL(scanner);
	return 0;
}

void literal_scanner_free(struct literal_scanner *scanner)
{
	if (!scanner)
		return;
	hs_free_scratch(scanner->scratch);
	free(scanner);
}

/* One window being searched. */
struct window {
	const struct literal_set *set;
	size_t offset; /* of the window in the bytes */
	size_t known;  /* bytes of it that the window before had as well */
	literal_sink *sink;
	void *ctx;
	int answer;
};

static int take_hit(unsigned id, unsigned long long from, unsigned long long to,
	unsigned flags, void *ctx)
{
	(void)from; /* not tracked: a literal has one length */
	(void)flags;
	struct window *window = ctx;
	size_t end = (size_t)to;
	if (end <= window->known)
		return 0;
	end += window->offset;
	window->answer =
		window->sink(id, end - window->set->lens[id], end, window->ctx);
	return window->answer;
}

int literal_scan(struct literal_scanner *scanner, const unsigned char *bytes,
	size_t len, literal_sink *sink, void *ctx)
{
	const struct literal_set *set = scanner->set;
	if (!set->database)
		return literal_finder_scan(set->finder, bytes, len, sink, ctx);
	struct window window = { .set = set, .sink = sink, .ctx = ctx };
	size_t overlap = set->longest - 1;
	for (size_t done = 0; done < len && !window.answer;) {
		window.known = done < overlap ? done : overlap;
		window.offset = done - window.known;
		size_t step = len - done < WINDOW ? len - done : WINDOW;
		hs_error_t rc = hs_scan(set->database,
			(const char *)bytes + window.offset,
			(unsigned)(window.known + step), 0, scanner->scratch,
			take_hit, &window);
		/* anything else would mean that the call is wrong */
		assert(rc == HS_SUCCESS || rc == HS_SCAN_TERMINATED);
		(void)rc;
		done += step;
	}
	return window.answer;
}

const char *literal_set_library_version(void)
{
	return hs_version();
}
