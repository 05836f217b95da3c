/*
 * Source text as tokens, for the few things that settings need of a language:
 * names, numbers, texts, operators, brackets that belong together, and where a
 * logical line ends. One lexer for Python, JavaScript, PHP and Ruby; a style
 * says how they differ. What it does not understand (a regex, a heredoc) costs
 * at most the rest of the line: it never fails and never reads past the end.
 */
#ifndef RULES_SETTINGS_LEXER_H
#define RULES_SETTINGS_LEXER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum token_kind {
	TOKEN_END,     /* the last token, behind all others */
	TOKEN_NEWLINE, /* of a logical line; only where the style asks for it */
	TOKEN_NAME,    /* dollar signs included where names have them */
	TOKEN_NUMBER,
	TOKEN_TEXT, /* a quoted text, prefix and quotes included */
	TOKEN_OP,   /* `op`; a bracket has `match` */
};

/** Operators are their characters: '+', or OP2('=', '=') for `==`. */
#define OP2(first, second) ((uint16_t)((first) << 8 | (second)))

struct token {
	uint8_t kind; /* enum token_kind */
	uint16_t op;
	uint32_t start, end; /* half-open, bytes */
	uint32_t line;       /* from 1 */
	uint32_t match;      /* of a bracket: the other one's number, or 0 */
};

struct lex_style {
	bool hash_comments;  /* # to the end of the line */
	bool slash_comments; /* // and slash-star */
	bool triple_quotes;
	bool backquotes;   /* `…` is a text */
	bool text_spans;   /* '…' and "…" may go over lines */
	bool newlines;     /* outside of brackets a newline ends a line */
	bool dollar_names; /* $ is a letter */
	bool dot_joins;    /* `.` joins texts and is no member access */
	bool symbols;      /* :name is a text (Ruby) */
};

#define LEX_MAX_TOKENS ((size_t)100000)
#define LEX_MAX_BYTES  ((size_t)1024 * 1024)

/** Borrows style and bytes. */
struct token_list {
	const struct lex_style *style;
	const unsigned char *bytes;
	size_t len;
	struct token *items; /* owned; the last is a TOKEN_END */
	size_t count;
	bool truncated; /* a bound was hit: the rest of the text is missing */
};

/** Caller clears. */
void lex(struct token_list *out, const struct lex_style *style,
	const unsigned char *bytes, size_t len);
void token_list_clear(struct token_list *list);

/** The column, from 0, of a token: how far its line is indented before it. */
size_t token_column(const struct token_list *list, const struct token *token);

static inline bool token_is_op(const struct token *token, uint16_t op)
{
	return token->kind == TOKEN_OP && token->op == op;
}

/** The name is not empty. */
static inline bool token_is_name(const struct token_list *list,
	const struct token *token, const char *name)
{
	const unsigned char *at = list->bytes + token->start;
	if (token->kind != TOKEN_NAME || *at != (unsigned char)*name)
		return false;
	size_t len = strlen(name);
	return token->end - token->start == len && !memcmp(at, name, len);
}

/** A copy of the token's bytes. */
char *token_copy(struct arena *arena, const struct token_list *list,
	const struct token *token);

/**
 * What a TOKEN_TEXT stands for: escapes replaced, NUL-ended, *len bytes. NULL
 * for a text with parts to be filled in (an f-string, a template).
 */
char *token_text(size_t *len, struct arena *arena,
	const struct token_list *list, const struct token *token);

#endif
