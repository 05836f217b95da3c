/* The parts of the Python reader: statements (python.c) and the calls that set
 * something (python_calls.c). */
#ifndef RULES_SETTINGS_PYTHON_H
#define RULES_SETTINGS_PYTHON_H

#include "rules/settings/recorder.h"

#define PYTHON_MAX_BLOCKS 32

enum python_block_kind {
	BLOCK_CLASS,
	BLOCK_FUNCTION,
	BLOCK_BRANCH, /* if, for, try, with, … */
};

struct python_block {
	enum python_block_kind kind;
	size_t indent;          /* of its first line */
	const char *name;       /* of a class or function */
	unsigned number;        /* of a class or function, from 1 */
	bool has_settings_base; /* a class that pydantic fills in */
	size_t from, end;       /* tokens of a branch's condition */
};

struct python {
	struct recorder *recorder;
	struct token_list tokens;
	struct python_block blocks[PYTHON_MAX_BLOCKS];
	size_t depth;
	unsigned number; /* of the last class or function */
	size_t indent;   /* of the present line */
};

/** The expression that starts at a token; it ends before `end`. */
struct lazy_expr python_expr(struct python *python, size_t at, size_t end);

/** Adds a setting of Flask or Django, whichever knows the name; which of the
 * two it is, is decided when the whole file has been read. */
void python_record(struct python *python, struct found_setting *found,
	struct lazy_expr *lazy);

/** Gives the settings to Flask or to Django, by all that the file says, drops
 * those that the one does not know, and marks those that say little. */
void python_settle_framework(struct recorder *recorder);

/** Looks for calls that set something among the tokens from..end. */
void python_calls(struct python *python, size_t from, size_t end);

#endif
