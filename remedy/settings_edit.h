/*
 * Edits of the bytes of one file of settings: a value in place of another, or
 * a new line behind one that shows how the file writes settings. All bytes
 * that no edit names stay as they are, line ends and encoding included.
 */
#ifndef REMEDY_SETTINGS_EDIT_H
#define REMEDY_SETTINGS_EDIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "rules/settings/setting.h"

#include <stdbool.h>
#include <stddef.h>

struct audit_row;

/** Bytes start..end become `text`. */
struct settings_edit {
	size_t start, end;
	const char *text;            /* NUL-ended, lives in the plan's arena */
	const struct audit_row *row; /* what it corrects */
};

/** Replaces the value of the setting. NULL when done, else why not. */
const char *settings_edit_value(struct settings_edit *out, struct arena *arena,
	const char *bytes, size_t len, const struct setting *setting,
	const char *recommended);

/** Adds a line for the key behind that of `like`. As above. */
const char *settings_edit_add(struct settings_edit *out, struct arena *arena,
	const char *bytes, size_t len, const struct setting *like,
	const char *key, const char *recommended);

/** Sorts the edits and appends the result. False when two of them want
 * different things of the same bytes. */
bool settings_edit_apply(struct buf *out, const char *bytes, size_t len,
	struct settings_edit *edits, size_t count);

#endif
