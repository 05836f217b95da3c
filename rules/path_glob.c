#include "rules/path_glob.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/glob_set.h"

#include <stdint.h>
#include <string.h>

enum op_type {
	OP_BYTE,
	OP_ANY,  /* `?` */
	OP_STAR, /* `*` */
	OP_SET,  /* brackets */
};

/* What one place of a component takes. */
struct op {
	enum op_type type;
	unsigned char byte; /* OP_BYTE */
	size_t set;         /* OP_SET: index in glob.sets */
};

/* One component of the pattern. */
struct part {
	bool any_depth; /* `**`: any number of components; the rest is unset */
	bool literal;   /* all ops are OP_BYTE: compare with glob.text */
	size_t first_op, op_count;
};

/*
 * Every form of pattern becomes a list of parts that is matched against all
 * components of the path. The last part is never any_depth, and no two parts
 * in a row are.
 */
struct path_glob {
	struct part *parts;
	size_t part_count, part_capacity;
	struct op *ops;
	size_t op_count, op_capacity;
	struct glob_set *sets;
	size_t set_count, set_capacity;
	char *text; /* one byte an op: OP_BYTE's byte, else 0 */
	char *pattern;
};

void path_glob_free(struct path_glob *glob)
{
	if (!glob)
		return;
	free(glob->parts);
	free(glob->ops);
	free(glob->sets);
	free(glob->text);
	free(glob->pattern);
	free(glob);
}

const char *path_glob_pattern(const struct path_glob *glob)
{
	return glob->pattern;
}

static int fail(struct err *err, const char *pattern, const char *what)
{
	return err_set(err, ERR_PARSE, "glob '%s': %s", pattern, what);
}

/* A component being read: `at` moves from its first byte to `end`. */
struct reader {
	const char *pattern; /* whole, for messages */
	const char *at, *end;
};

static struct op *add_op(struct path_glob *glob, enum op_type type)
{
	ARRAY_GROW(glob->ops, glob->op_count, glob->op_capacity);
	struct op *op = &glob->ops[glob->op_count++];
	*op = (struct op){ .type = type };
	return op;
}

static struct part *add_part(struct path_glob *glob)
{
	ARRAY_GROW(glob->parts, glob->part_count, glob->part_capacity);
	struct part *part = &glob->parts[glob->part_count++];
	*part = (struct part){ .first_op = glob->op_count };
	return part;
}

static void add_any_depth(struct path_glob *glob)
{
	if (glob->part_count && glob->parts[glob->part_count - 1].any_depth)
		return;
	add_part(glob)->any_depth = true;
}

/* One component or more, of any name. */
static void add_any_below(struct path_glob *glob)
{
	add_any_depth(glob);
	add_part(glob)->op_count = 1;
	add_op(glob, OP_STAR);
}

/* In the part that is being read. */
static bool ends_with_star(const struct path_glob *glob)
{
	const struct part *part = &glob->parts[glob->part_count - 1];
	return glob->op_count > part->first_op &&
		glob->ops[glob->op_count - 1].type == OP_STAR;
}

static int read_bracket(
	struct path_glob *glob, struct reader *reader, struct err *err)
{
	ARRAY_GROW(glob->sets, glob->set_count, glob->set_capacity);
	const char *fault = glob_set_read(
		&glob->sets[glob->set_count], &reader->at, reader->end);
	if (fault)
		return fail(err, reader->pattern, fault);
	add_op(glob, OP_SET)->set = glob->set_count++;
	return 0;
}

static int read_op(
	struct path_glob *glob, struct reader *reader, struct err *err)
{
	char byte = *reader->at++;
	if (byte == '[')
		return read_bracket(glob, reader, err);
	if (byte == '?') {
		add_op(glob, OP_ANY);
		return 0;
	}
	if (byte == '*') {
		if (!ends_with_star(glob))
			add_op(glob, OP_STAR);
		return 0;
	}
	if (byte == '\\') {
		if (reader->at == reader->end)
			return fail(err, reader->pattern,
				"a backslash ends a component");
		byte = *reader->at++;
	}
	add_op(glob, OP_BYTE)->byte = (unsigned char)byte;
	return 0;
}

static int add_component(struct path_glob *glob, const char *pattern,
	const char *at, const char *end, struct err *err)
{
	if (at == end)
		return fail(err, pattern, "a component is empty");
	struct reader reader = { pattern, at, end };
	size_t index = glob->part_count;
	add_part(glob)->literal = true;
	while (reader.at < reader.end) {
		int rc = read_op(glob, &reader, err);
		if (rc < 0)
			return rc;
	}
	struct part *part = &glob->parts[index];
	part->op_count = glob->op_count - part->first_op;
	for (size_t i = 0; i < part->op_count; i++)
		if (glob->ops[part->first_op + i].type != OP_BYTE)
			part->literal = false;
	return 0;
}

/* Reads what stands between the optional leading and trailing slash. */
static int read_components(struct path_glob *glob, const char *pattern,
	const char *at, const char *end, struct err *err)
{
	for (;;) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		const char *stop = slash ? slash : end;
		bool stars = stop - at == 2 && at[0] == '*' && at[1] == '*';
		int rc = 0;
		if (stars && slash)
			add_any_depth(glob);
		else if (stars)
			add_any_below(glob);
		else
			rc = add_component(glob, pattern, at, stop, err);
		if (rc < 0 || !slash)
			return rc;
		at = slash + 1;
	}
}

static void make_text(struct path_glob *glob)
{
	glob->text = xcalloc(glob->op_count + 1, 1);
	for (size_t i = 0; i < glob->op_count; i++)
		if (glob->ops[i].type == OP_BYTE)
			glob->text[i] = (char)glob->ops[i].byte;
}

int path_glob_new(struct path_glob **out, const char *pattern, struct err *err)
{
	size_t len = strlen(pattern);
	if (len > PATH_GLOB_MAX)
		return err_set(err, ERR_PARSE, "a glob is longer than %d bytes",
			PATH_GLOB_MAX);
	if (pattern[0] == '!')
		return fail(err, pattern, "a glob cannot be negated");
	const char *at = pattern + (pattern[0] == '/');
	const char *end = pattern + len;
	bool below = end > at && end[-1] == '/';
	end -= below;
	if (at == end)
		return fail(err, pattern, "it is empty");

	CLEANUP(path_glob_freep)
	struct path_glob *glob = xcalloc(1, sizeof(*glob));
	glob->pattern = xstrdup(pattern);
	if (at == pattern && !memchr(at, '/', (size_t)(end - at)))
		add_any_depth(glob);
	int rc = read_components(glob, pattern, at, end, err);
	if (rc < 0)
		return rc;
	if (below)
		add_any_below(glob);
	make_text(glob);
	*out = STEAL(glob);
	return 0;
}

static bool op_takes(
	const struct path_glob *glob, const struct op *op, unsigned char byte)
{
	switch (op->type) {
	case OP_BYTE:
		return op->byte == byte;
	case OP_ANY:
		return true;
	case OP_SET:
		return glob_set_has(&glob->sets[op->set], byte);
	case OP_STAR:
		break;
	}
	return false;
}

/*
 * After a mismatch only the newest star is tried with one byte more: what an
 * older star took less, the newer one can take instead. So there are at most
 * len steps for each op.
 */
static bool match_ops(const struct path_glob *glob, const struct part *part,
	const char *name, size_t len)
{
	const struct op *ops = glob->ops + part->first_op;
	size_t op = 0, at = 0;
	size_t star = SIZE_MAX, star_at = 0;
	while (at < len) {
		if (op < part->op_count && ops[op].type == OP_STAR) {
			star = op++;
			star_at = at;
		} else if (op < part->op_count &&
			op_takes(glob, &ops[op], (unsigned char)name[at])) {
			op++;
			at++;
		} else if (star != SIZE_MAX) {
			op = star + 1;
			at = ++star_at;
		} else {
			return false;
		}
	}
	while (op < part->op_count && ops[op].type == OP_STAR)
		op++;
	return op == part->op_count;
}

static bool match_part(const struct path_glob *glob, const struct part *part,
	const char *name, size_t len)
{
	if (!part->literal)
		return match_ops(glob, part, name, len);
	return len == part->op_count &&
		!memcmp(glob->text + part->first_op, name, len);
}

/* As match_ops(), with components for bytes and `**` for the star. */
bool path_glob_match(const struct path_glob *glob, const char *path, size_t len)
{
	const char *end = path + len;
	if (!len || end[-1] == '/')
		return false;
	const char *at = path; /* start of a component; NULL: none is left */
	const char *again = NULL;
	size_t part = 0, again_part = SIZE_MAX;
	while (at) {
		if (part < glob->part_count && glob->parts[part].any_depth) {
			again_part = ++part;
			again = at;
			continue;
		}
		const char *slash = memchr(at, '/', (size_t)(end - at));
		size_t name_len = (size_t)((slash ? slash : end) - at);
		if (part < glob->part_count &&
			match_part(glob, &glob->parts[part], at, name_len)) {
			part++;
			at = slash ? slash + 1 : NULL;
		} else if (again_part != SIZE_MAX) {
			slash = memchr(again, '/', (size_t)(end - again));
			again = at = slash ? slash + 1 : NULL;
			part = again_part;
		} else {
			return false;
		}
	}
	return part == glob->part_count;
}

static struct glob_key key_of(const struct path_glob *glob,
	enum glob_key_kind kind, size_t first, size_t len)
{
	return (struct glob_key){ kind, glob->text + first, len };
}

/* Bytes without a wildcard at the end of the part; and at its start. */
static size_t literal_tail(
	const struct path_glob *glob, const struct part *part)
{
	const struct op *end = glob->ops + part->first_op + part->op_count;
	size_t len = 0;
	while (len < part->op_count && (end - len - 1)->type == OP_BYTE)
		len++;
	return len;
}

static size_t literal_head(
	const struct path_glob *glob, const struct part *part)
{
	const struct op *ops = glob->ops + part->first_op;
	size_t len = 0;
	while (len < part->op_count && ops[len].type == OP_BYTE)
		len++;
	return len;
}

/* The longest run without a wildcard, in any component. */
static struct glob_key longest_piece(const struct path_glob *glob)
{
	struct glob_key piece = key_of(glob, GLOB_KEY_NONE, 0, 0);
	for (size_t i = 0; i < glob->part_count; i++) {
		const struct part *part = &glob->parts[i];
		size_t end = part->first_op + part->op_count;
		size_t first = part->first_op;
		for (size_t op = first; op < end; op++) {
			if (glob->ops[op].type != OP_BYTE)
				first = op + 1;
			else if (op + 1 - first > piece.len)
				piece = key_of(glob, GLOB_KEY_PIECE, first,
					op + 1 - first);
		}
	}
	return piece;
}

struct glob_key path_glob_key(const struct path_glob *glob)
{
	const struct part *last = &glob->parts[glob->part_count - 1];
	if (last->literal)
		return key_of(
			glob, GLOB_KEY_NAME, last->first_op, last->op_count);

	const struct part *directory = NULL;
	for (const struct part *part = glob->parts; part < last; part++)
		if (part->literal &&
			(!directory || part->op_count > directory->op_count))
			directory = part;
	if (directory)
		return key_of(glob, GLOB_KEY_DIRECTORY, directory->first_op,
			directory->op_count);

	size_t end = last->first_op + last->op_count;
	size_t tail = literal_tail(glob, last);
	const char *dot = memrchr(glob->text + end - tail, '.', tail);
	if (dot) {
		size_t first = (size_t)(dot - glob->text) + 1;
		return key_of(glob, GLOB_KEY_EXTENSION, first, end - first);
	}
	size_t head = literal_head(glob, last);
	if (head)
		return key_of(glob, GLOB_KEY_PREFIX, last->first_op, head);
	return longest_piece(glob);
}
