#include "remedy/ignore_index.h"

#include "base/array.h"
#include "rules/wildmatch.h"

#include <stdlib.h>
#include <string.h>

/* The last lines of one literal text, as numbers + 1; 0 is none. */
struct literal_lines {
	uint32_t any; /* that fits files, too */
	uint32_t folder;
};

/* A line that is no literal. */
struct wild_line {
	struct ignore_needs needs;
	uint32_t number; /* in the lines, + 1 */
};

/* What is asked about: a name or a path. */
struct question {
	const char *path;
	size_t len;
	bool is_dir;
	uint64_t bytes; /* of the part that the lines look at */
	size_t bytes_len;
};

void ignore_index_clear(struct ignore_index *index)
{
	path_table_clear(&index->literals);
	path_table_clear(&index->asked);
	free(index->literal_lines);
	free(index->names);
	free(index->paths);
	free(index->answers);
	buf_clear(&index->key);
	*index = (struct ignore_index){ 0 };
}

static void fold(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] - 'A' + 'a');
}

/* Makes the key of a path: it, or its last component, is looked up. */
static void set_key(struct ignore_index *index, const char *path, size_t len,
	bool ignore_case)
{
	buf_reset(&index->key);
	buf_add_byte(&index->key, '/');
	buf_add(&index->key, path, len);
	if (ignore_case)
		fold(index->key.bytes, index->key.len);
}

static void add_literal(
	struct ignore_index *index, const struct ignore_line *line, uint32_t at)
{
	set_key(index, line->pattern, line->len, line->ignore_case);
	uint32_t known = index->literals.count;
	uint32_t number = path_table_add(&index->literals,
		index->key.bytes + line->name_only,
		index->key.len - line->name_only);
	if (number == known) {
		ARRAY_GROW(
			index->literal_lines, number, index->literal_capacity);
		index->literal_lines[number] = (struct literal_lines){ 0 };
	}
	struct literal_lines *lines = &index->literal_lines[number];
	lines->folder = at + 1;
	if (!line->directory_only)
		lines->any = at + 1;
}

static void add_wild(
	struct ignore_index *index, const struct ignore_line *line, uint32_t at)
{
	struct wild_line wild = { .number = at + 1 };
	if (!ignore_line_needs(&wild.needs, line))
		return;
	if (line->name_only) {
		ARRAY_GROW(
			index->names, index->name_count, index->name_capacity);
		index->names[index->name_count++] = wild;
	} else {
		ARRAY_GROW(
			index->paths, index->path_count, index->path_capacity);
		index->paths[index->path_count++] = wild;
	}
}

void ignore_index_init(
	struct ignore_index *index, const struct ignore_lines *lines)
{
	*index = (struct ignore_index){ .lines = lines };
	buf_init(&index->key, 0);
	for (uint32_t i = 0; i < lines->count; i++) {
		const struct ignore_line *line = &lines->items[i];
		if (line->literal_len == line->len)
			add_literal(index, line, i);
		else
			add_wild(index, line, i);
	}
}

static bool spend(struct ignore_budget *budget, uint64_t steps)
{
	bool enough = steps <= budget->steps;
	budget->steps -= enough ? steps : budget->steps;
	return enough;
}

static uint64_t wildmatch_steps(
	const struct ignore_line *line, const struct question *question)
{
	return 3 * (line->len + 1) * question->bytes_len;
}

/* The last of the lines that fits, where it comes after *last: that becomes
 * its number. */
static int find_wild(uint32_t *last, const struct ignore_index *index,
	const struct wild_line *wild, size_t count,
	const struct question *question, struct ignore_budget *budget)
{
	size_t i = count;
	for (; i > 0 && wild[i - 1].number > *last; i--) {
		const struct ignore_needs *needs = &wild[i - 1].needs;
		if (needs->bytes & ~question->bytes ||
			needs->least > question->bytes_len)
			continue;
		const struct ignore_line *line =
			&index->lines->items[wild[i - 1].number - 1];
		if (!spend(budget, wildmatch_steps(line, question)))
			return ERR_LIMIT;
		if (!ignore_line_fits(line, question->path, question->len,
			    question->is_dir))
			continue;
		*last = wild[i - 1].number;
		break;
	}
	return spend(budget, count - i) ? 0 : ERR_LIMIT;
}

static uint32_t find_literal(const struct ignore_index *index, const char *key,
	size_t len, bool is_dir)
{
	uint32_t number = path_table_find(&index->literals, key, len);
	if (number == PATH_NONE)
		return 0;
	const struct literal_lines *lines = &index->literal_lines[number];
	return is_dir ? lines->folder : lines->any;
}

/* Of the lines that look at names; `key` is the name as literals have it. */
static int find_name(uint32_t *last, struct ignore_index *index,
	const char *key, const struct question *path,
	struct ignore_budget *budget)
{
	const char *slash = memrchr(path->path, '/', path->len);
	const char *name = slash ? slash + 1 : path->path;
	size_t len = (size_t)(path->path + path->len - name);
	*last = find_literal(index, key, len, path->is_dir);
	if (!index->name_count ||
		index->names[index->name_count - 1].number < *last)
		return 0;
	struct question question = *path;
	question.bytes = wildmatch_bytes(name, len);
	question.bytes_len = len;
	return find_wild(last, index, index->names, index->name_count,
		&question, budget);
}

/* As find_name(), but asks once about a name. The key is at the end of
 * index->key. */
static int find_asked(uint32_t *last, struct ignore_index *index,
	const struct question *path, struct ignore_budget *budget)
{
	const char *slash =
		memrchr(index->key.bytes, '/', index->key.len); /* the first
								 at least */
	size_t start = (size_t)(slash + 1 - index->key.bytes);
	size_t len = index->key.len - start;
	if (path->is_dir)
		buf_add_byte(&index->key, '/');
	const char *key = index->key.bytes + start;
	uint32_t number =
		path_table_find(&index->asked, key, index->key.len - start);
	if (number != PATH_NONE) {
		*last = index->answers[number];
		return 0;
	}
	int rc = find_name(last, index, key, path, budget);
	if (rc < 0 || !budget->answers)
		return rc;
	budget->answers--;
	ARRAY_GROW(index->answers, index->asked.count, index->answer_capacity);
	number = path_table_add(&index->asked, key, len + path->is_dir);
	index->answers[number] = *last;
	return 0;
}

int ignore_index_last(const struct ignore_line **out,
	struct ignore_index *index, const char *path, size_t len, bool is_dir,
	struct ignore_budget *budget)
{
	*out = NULL;
	if (!index->lines || !index->lines->count)
		return 0;
	set_key(index, path, len, index->lines->items[0].ignore_case);
	struct question question = {
		.path = path,
		.len = len,
		.is_dir = is_dir,
		.bytes_len = len,
	};
	uint32_t last =
		find_literal(index, index->key.bytes, index->key.len, is_dir);
	uint32_t of_name;
	int rc = find_asked(&of_name, index, &question, budget);
	last = of_name > last ? of_name : last;
	if (rc == 0 && index->path_count) {
		question.bytes = wildmatch_bytes(path, len);
		rc = find_wild(&last, index, index->paths, index->path_count,
			&question, budget);
	}
	if (rc == 0 && last)
		*out = &index->lines->items[last - 1];
	return rc;
}
