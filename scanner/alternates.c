#include "scanner/alternates.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 5 /* as git: object-file.c link_alt_odb_entries() */
#define MAX_DIRS  1000

/** Adds the folder; false when it is known already or does not exist. */
static bool add_dir(struct object_dirs *dirs, const char *path)
{
	char *real = realpath(path, NULL);
	if (!real)
		return false;
	for (size_t i = 0; i < dirs->count; i++)
		if (!strcmp(dirs->items[i], real)) {
			free(real);
			return false;
		}
	if (dirs->count + 1 >= dirs->capacity) {
		dirs->capacity = dirs->capacity ? dirs->capacity * 2 : 8;
		dirs->items = xreallocarray(
			dirs->items, dirs->capacity, sizeof(*dirs->items));
	}
	dirs->items[dirs->count++] = real;
	dirs->items[dirs->count] = NULL;
	return true;
}

/** One line of info/alternates: a path, relative to the folder it is in. */
static void add_line(struct object_dirs *dirs, const char *base,
	const char *line, size_t len)
{
	if (!len || line[0] == '#' || dirs->count >= MAX_DIRS)
		return;
	struct buf path;
	buf_init(&path, 0);
	if (line[0] != '/')
		buf_printf(&path, "%s/", base);
	buf_add(&path, line, len);
	add_dir(dirs, path.bytes);
	buf_clear(&path);
}

static int add_alternates_of(
	struct object_dirs *dirs, const char *base, struct err *err)
{
	struct buf path;
	struct buf text;
	buf_init(&path, 0);
	buf_init(&text, (size_t)1 << 20);
	buf_printf(&path, "%s/info/alternates", base);
	int rc = file_read(&text, path.bytes, 0, err);
	const char *at = text.bytes;
	while (rc == 0 && at && *at) {
		size_t len = strcspn(at, "\n");
		add_line(dirs, base, at, len);
		at += len + (at[len] == '\n');
	}
	buf_clear(&path);
	buf_clear(&text);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

/** The byte that an escape stands for; *at moves behind it. -1: none. */
static int take_escape(const char **at)
{
	static const char letters[] = "abtnvfr"; /* from 7 on, as in ASCII */
	char first = *(*at)++;
	if (first == '"' || first == '\\')
		return first;
	const char *letter = first ? strchr(letters, first) : NULL;
	if (letter)
		return 7 + (int)(letter - letters);
	int byte = 0;
	--*at;
	for (int i = 0; i < 3; i++, ++*at) {
		if (**at < '0' || **at > '7')
			return -1;
		byte = byte * 8 + (**at - '0');
	}
	return byte & 0xff;
}

/** Takes a path in quotes off, as git's quote.c, unquote_c_style(), reads it;
 * false when it is none. */
static bool take_quoted(struct buf *out, const char **at)
{
	const char *next = *at;
	if (*next++ != '"')
		return false;
	while (*next && *next != '"') {
		int byte = (unsigned char)*next++;
		if (byte == '\\')
			byte = take_escape(&next);
		if (byte <= 0)
			return false;
		buf_add_byte(out, (unsigned char)byte);
	}
	if (!*next)
		return false;
	*at = next + 1;
	return true;
}

/** Paths with colons between them; one that has a colon stands in quotes,
 * git(1) "GIT_ALTERNATE_OBJECT_DIRECTORIES". */
static void add_from_environment(struct object_dirs *dirs)
{
	const char *at = getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	while (at && *at) {
		buf_reset(&path);
		if (!take_quoted(&path, &at)) {
			buf_reset(&path);
			buf_add(&path, at, strcspn(at, ":"));
			at += path.len;
		}
		add_line(dirs, ".", path.bytes, path.len);
		at += *at == ':';
	}
}

int object_dirs_find(
	struct object_dirs *out, const char *common_dir, struct err *err)
{
	*out = (struct object_dirs){ 0 };
	struct buf own;
	buf_init(&own, 0);
	const char *given = getenv("GIT_OBJECT_DIRECTORY");
	if (given)
		buf_add_text(&own, given);
	else
		buf_printf(&own, "%s/objects", common_dir);
	bool found = add_dir(out, own.bytes);
	buf_clear(&own);
	if (!found)
		return err_set(err, ERR_NOT_FOUND,
			"%s: no folder 'objects' in it", common_dir);
	add_from_environment(out);
	size_t from = 0;
	for (int depth = 0; depth < MAX_DEPTH && from < out->count; depth++) {
		size_t until = out->count;
		for (; from < until; from++) {
			int rc = add_alternates_of(out, out->items[from], err);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

void object_dirs_clear(struct object_dirs *dirs)
{
	for (size_t i = 0; i < dirs->count; i++)
		free(dirs->items[i]);
	free(dirs->items);
	*dirs = (struct object_dirs){ 0 };
}
