/*
 * Expressions of source text as trees: what can stand to the right of an
 * assignment or as an argument, in Python, JavaScript, PHP and Ruby alike.
 * Parsing is bounded in depth and number of nodes; where it cannot go on it
 * leaves an EXPR_UNKNOWN and continues behind the next comma of the bracket.
 * Chains (`a.b.c`, `1 + 1 + 1`) can be as deep as a text is long, so whoever
 * walks a tree bounds the depth.
 */
#ifndef RULES_SETTINGS_EXPR_H
#define RULES_SETTINGS_EXPR_H

#include "base/arena.h"
#include "rules/settings/lexer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum expr_kind {
	EXPR_UNKNOWN,
	EXPR_NULL,
	EXPR_BOOL, /* number is 0 or 1 */
	EXPR_INT,  /* number; `octal` where it was written so */
	EXPR_REAL, /* real */
	EXPR_TEXT,
	EXPR_NAME,   /* text: "os" */
	EXPR_MEMBER, /* left.text */
	EXPR_ITEM,   /* left[right] */
	EXPR_CALL,   /* left(items) */
	EXPR_LIST,   /* items, also of a tuple */
	EXPR_MAP,    /* items with keys */
	EXPR_UNARY,  /* op left */
	EXPR_BINARY, /* left op right */
	EXPR_CHOICE, /* condition ? left : right */
};

struct expr;

/** Of a call, list or map: an argument or entry. */
struct expr_item {
	const struct expr *key; /* of a pair, or the keyword; or NULL */
	const struct expr *value;
};

/** A node; it and all below live in the arena. */
struct expr {
	uint8_t kind; /* enum expr_kind */
	bool octal;
	uint16_t op;       /* as of a token; words are OP_NOT … */
	size_t start, end; /* half-open, bytes of the source */
	size_t line;
	const char *text;
	size_t len;
	int64_t number;
	double real;
	const struct expr *left, *right, *condition;
	const struct expr_item *items;
	size_t count;
};

/** Operators that are words, or the same in several spellings. */
#define OP_NOT  ((uint16_t)1)
#define OP_OR   ((uint16_t)2) /* or, ||, ?? */
#define OP_AND  ((uint16_t)3) /* and, && */
#define OP_IN   ((uint16_t)4)
#define OP_JOIN ((uint16_t)5) /* PHP's dot */

/** Where a parser stands. */
struct expr_parser {
	const struct token_list *tokens;
	struct arena *arena;
	size_t at;  /* next token */
	size_t end; /* it does not go on from here */
	unsigned depth;
	size_t *nodes_left; /* of the whole file; nothing is parsed at 0 */
};

#define EXPR_MAX_DEPTH 40
#define EXPR_MAX_NODES ((size_t)200000) /* of a file */

/** Parses one expression at `parser->at` and stands behind it. Never NULL. */
const struct expr *expr_parse(struct expr_parser *parser);

/** An expression that is parsed when somebody asks for it: of most that a file
 * assigns nobody does. All is borrowed. */
struct lazy_expr {
	const struct token_list *tokens;
	struct arena *arena;
	size_t *nodes_left;
	size_t at, end;          /* tokens */
	const struct expr *expr; /* NULL: not parsed yet */
};

/** Never NULL. */
const struct expr *lazy_expr_get(struct lazy_expr *lazy);

/** "a.b.c" for names and members of names, or NULL. */
const char *expr_path(struct arena *arena, const struct expr *expr);

/** The last name of a path: "timedelta" of datetime.timedelta; else "". */
const char *expr_last_name(const struct expr *expr);

/** The argument of that keyword, else the one at that place (-1: none) among
 * those without keyword; or NULL. */
const struct expr *expr_argument(
	const struct expr *call, const char *keyword, int place);

/** The same with its keyword. */
const struct expr_item *expr_argument_item(
	const struct expr *call, const char *keyword, int place);

/** The text of an item's key: a text, or a bare name; or NULL. */
const char *expr_key(const struct expr_item *item);

#endif
