#include "rules/settings/lexer.h"

#include "base/alloc.h"
#include "base/array.h"

#include <limits.h>
#include <string.h>

#define MAX_DEPTH 256 /* of brackets that are matched */

enum byte_class {
	BYTE_OTHER,
	BYTE_LETTER,
	BYTE_DIGIT,
	BYTE_WHITE,
	/* what may end a text or matters in it */
	BYTE_QUOTE,
	BYTE_BACKSLASH,
	BYTE_NEWLINE,
};

struct lexer {
	struct token_list *list;
	unsigned char
		classes[UCHAR_MAX + 1]; /* enum byte_class, in the style */
	struct token *items;
	size_t count, capacity;
	size_t at;
	uint32_t line;
	uint32_t open[MAX_DEPTH]; /* tokens of the brackets that are open */
	size_t depth;
};

/* Bytes from 0x80 on are letters of other alphabets, or as good as those. */
static enum byte_class class_of(const struct lex_style *style, unsigned byte)
{
	unsigned lower = byte | 0x20;
	if ((lower >= 'a' && lower <= 'z') || byte == '_' || byte >= 0x80 ||
		(byte == '$' && style->dollar_names))
		return BYTE_LETTER;
	if (byte >= '0' && byte <= '9')
		return BYTE_DIGIT;
	if (byte == '"' || byte == '\'' || (byte == '`' && style->backquotes))
		return BYTE_QUOTE;
	if (byte == '\\')
		return BYTE_BACKSLASH;
	if (byte == '\n')
		return BYTE_NEWLINE;
	return byte <= ' ' || byte == 0x7f ? BYTE_WHITE : BYTE_OTHER;
}

static bool is_digit(const struct lexer *lexer, unsigned char byte)
{
	return lexer->classes[byte] == BYTE_DIGIT;
}

static bool is_letter(const struct lexer *lexer, unsigned char byte)
{
	return lexer->classes[byte] == BYTE_LETTER;
}

/* The byte `ahead` of the next, or 0 behind the end. */
static unsigned char peek(const struct lexer *lexer, size_t ahead)
{
	size_t at = lexer->at + ahead;
	return at < lexer->list->len ? lexer->list->bytes[at] : 0;
}

static bool at_end(const struct lexer *lexer)
{
	return lexer->at >= lexer->list->len;
}

static void advance(struct lexer *lexer)
{
	if (peek(lexer, 0) == '\n')
		lexer->line++;
	lexer->at++;
}

static struct token *add(
	struct lexer *lexer, enum token_kind kind, size_t start, uint32_t line)
{
	ARRAY_GROW(lexer->items, lexer->count, lexer->capacity);
	struct token *token = &lexer->items[lexer->count++];
	*token = (struct token){
		.kind = (uint8_t)kind,
		.start = (uint32_t)start,
		.end = (uint32_t)lexer->at,
		.line = line,
	};
	return token;
}

static void skip_line(struct lexer *lexer)
{
	const unsigned char *at = lexer->list->bytes + lexer->at;
	const unsigned char *end =
		memchr(at, '\n', lexer->list->len - lexer->at);
	lexer->at = end ? (size_t)(end - lexer->list->bytes) : lexer->list->len;
}

static void skip_block_comment(struct lexer *lexer)
{
	lexer->at += 2;
	while (!at_end(lexer) &&
		!(peek(lexer, 0) == '*' && peek(lexer, 1) == '/'))
		advance(lexer);
	lexer->at += 2;
}

static bool skip_comment(struct lexer *lexer)
{
	const struct lex_style *style = lexer->list->style;
	unsigned char first = peek(lexer, 0);
	unsigned char second = peek(lexer, 1);
	bool slashes = style->slash_comments && first == '/';
	if ((style->hash_comments && first == '#') ||
		(slashes && second == '/')) {
		skip_line(lexer);
		return true;
	}
	if (slashes && second == '*') {
		skip_block_comment(lexer);
		return true;
	}
	return false;
}

/* Moves behind the end of a text, or to the end of its line where it must end
 * there; stands behind the opening quotes. */
static void skip_text(
	struct lexer *lexer, unsigned char quote, bool triple, bool spans)
{
	const unsigned char *bytes = lexer->list->bytes;
	size_t len = lexer->list->len;
	size_t at = lexer->at;
	for (; at < len; at++) {
		unsigned char byte = bytes[at];
		if (lexer->classes[byte] < BYTE_QUOTE)
			continue;
		if (byte == '\n' && !spans)
			break;
		if (byte == '\\' && at + 1 < len)
			byte = bytes[++at] == '\n' ? '\n' : ' ';
		if (byte == '\n')
			lexer->line++;
		if (byte != quote)
			continue;
		bool ends = !triple ||
			(len - at >= 3 && bytes[at + 1] == quote &&
				bytes[at + 2] == quote);
		if (ends) {
			at += triple ? 3 : 1;
			break;
		}
	}
	lexer->at = at;
}

/* The text whose quote is next; its prefix began at `start`. */
static void take_text(struct lexer *lexer, size_t start)
{
	const struct lex_style *style = lexer->list->style;
	uint32_t line = lexer->line;
	unsigned char quote = peek(lexer, 0);
	bool triple = style->triple_quotes && peek(lexer, 1) == quote &&
		peek(lexer, 2) == quote;
	lexer->at += triple ? 3 : 1;
	skip_text(lexer, quote, triple,
		triple || style->text_spans || quote == '`');
	add(lexer, TOKEN_TEXT, start, line);
}

static void take_number(struct lexer *lexer)
{
	size_t start = lexer->at;
	while (!at_end(lexer)) {
		unsigned char byte = peek(lexer, 0);
		bool fraction = byte == '.' && is_digit(lexer, peek(lexer, 1));
		if (!is_digit(lexer, byte) && !is_letter(lexer, byte) &&
			!fraction)
			break;
		lexer->at++;
	}
	add(lexer, TOKEN_NUMBER, start, lexer->line);
}

/* r"…", Rb'…', f"…": of Python alone. */
static bool is_prefix(const struct lexer *lexer, size_t start)
{
	size_t len = lexer->at - start;
	if (!lexer->list->style->triple_quotes || len > 2 ||
		lexer->classes[peek(lexer, 0)] != BYTE_QUOTE)
		return false;
	for (size_t at = start; at < lexer->at; at++)
		if (!strchr("rRbBuUfF", lexer->list->bytes[at]))
			return false;
	return true;
}

static void take_name(struct lexer *lexer)
{
	const unsigned char *bytes = lexer->list->bytes;
	size_t start = lexer->at;
	size_t at = start;
	while (at < lexer->list->len &&
		(is_letter(lexer, bytes[at]) || is_digit(lexer, bytes[at])))
		at++;
	lexer->at = at;
	if (is_prefix(lexer, start)) {
		take_text(lexer, start);
		return;
	}
	/* Ruby: a method's name may end so */
	if (lexer->list->style->symbols && peek(lexer, 0) == '?')
		lexer->at++;
	add(lexer, TOKEN_NAME, start, lexer->line);
}

static uint16_t two_character_op(unsigned char first, unsigned char second)
{
	static const char ops[][3] = { "==", "!=", "<=", ">=", "=>", "->", "**",
		"//", "||", "&&", "??", "?.",
		"::", "|=", "+=", "-=", ":=", "<<", ">>", "?:", "*=", "/=" };
	if (second != '=' && (!second || !strchr(">*/|&?.:<", second)))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i][0] == (char)first && ops[i][1] == (char)second)
			return OP2(first, second);
	return 0;
}

static void open_bracket(struct lexer *lexer)
{
	if (lexer->depth < MAX_DEPTH)
		lexer->open[lexer->depth] = (uint32_t)(lexer->count - 1);
	lexer->depth++;
}

/* A closing bracket ends the innermost one of its kind: those inside that
 * were never closed are given up. */
static void close_bracket(struct lexer *lexer, unsigned char closing)
{
	unsigned char opening = closing == ')' ? '('
		: closing == ']'               ? '['
					       : '{';
	size_t depth = lexer->depth < MAX_DEPTH ? lexer->depth : MAX_DEPTH;
	while (depth && lexer->items[lexer->open[depth - 1]].op != opening)
		depth--;
	if (!depth)
		return;
	uint32_t other = lexer->open[depth - 1];
	lexer->items[other].match = (uint32_t)(lexer->count - 1);
	lexer->items[lexer->count - 1].match = other;
	lexer->depth = depth - 1;
}

static void take_op(struct lexer *lexer)
{
	size_t start = lexer->at;
	unsigned char first = peek(lexer, 0);
	uint16_t op = two_character_op(first, peek(lexer, 1));
	lexer->at += op ? 2 : 1;
	struct token *token = add(lexer, TOKEN_OP, start, lexer->line);
	token->op = op ? op : first;
	if (first == '(' || first == '[' || first == '{')
		open_bracket(lexer);
	else if (first == ')' || first == ']' || first == '}')
		close_bracket(lexer, first);
}

static void take_newline(struct lexer *lexer)
{
	uint32_t line = lexer->line;
	size_t start = lexer->at;
	advance(lexer);
	bool counts = lexer->list->style->newlines && !lexer->depth &&
		lexer->count &&
		lexer->items[lexer->count - 1].kind != TOKEN_NEWLINE;
	if (counts)
		add(lexer, TOKEN_NEWLINE, start, line);
}

/* Ruby's :name, not the second half of a ternary or of `a::b`. */
static bool at_symbol(const struct lexer *lexer)
{
	return lexer->list->style->symbols && peek(lexer, 0) == ':' &&
		is_letter(lexer, peek(lexer, 1));
}

static void take_symbol(struct lexer *lexer)
{
	size_t start = lexer->at++;
	while (!at_end(lexer) &&
		(is_letter(lexer, peek(lexer, 0)) ||
			is_digit(lexer, peek(lexer, 0))))
		lexer->at++;
	add(lexer, TOKEN_TEXT, start, lexer->line);
}

/* A backslash at the end of a line joins it with the next. */
static bool skip_join(struct lexer *lexer)
{
	size_t return_len = peek(lexer, 1) == '\r';
	if (peek(lexer, 0) != '\\' || peek(lexer, 1 + return_len) != '\n')
		return false;
	lexer->at += 1 + return_len;
	advance(lexer);
	return true;
}

static void take_other(struct lexer *lexer)
{
	if (skip_comment(lexer) || skip_join(lexer))
		return;
	if (at_symbol(lexer))
		take_symbol(lexer);
	else
		take_op(lexer);
}

static void skip_white(struct lexer *lexer)
{
	const unsigned char *bytes = lexer->list->bytes;
	size_t at = lexer->at;
	while (at < lexer->list->len && lexer->classes[bytes[at]] == BYTE_WHITE)
		at++;
	lexer->at = at;
}

static void take_token(struct lexer *lexer)
{
	switch (lexer->classes[lexer->list->bytes[lexer->at]]) {
	case BYTE_LETTER:
		take_name(lexer);
		break;
	case BYTE_DIGIT:
		take_number(lexer);
		break;
	case BYTE_WHITE:
		skip_white(lexer);
		break;
	case BYTE_QUOTE:
		take_text(lexer, lexer->at);
		break;
	case BYTE_NEWLINE:
		take_newline(lexer);
		break;
	default:
		take_other(lexer);
		break;
	}
}

void lex(struct token_list *out, const struct lex_style *style,
	const unsigned char *bytes, size_t len)
{
	*out = (struct token_list){ .style = style, .bytes = bytes };
	out->truncated = len > LEX_MAX_BYTES;
	out->len = out->truncated ? LEX_MAX_BYTES : len;
	struct lexer lexer = { .list = out, .line = 1 };
	for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
		lexer.classes[byte] = (unsigned char)class_of(style, byte);
	/* about one token for five bytes */
	lexer.capacity = out->len / 5 + 16;
	lexer.items = xreallocarray(NULL, lexer.capacity, sizeof(*lexer.items));
	while (!at_end(&lexer) && lexer.count < LEX_MAX_TOKENS)
		take_token(&lexer);
	out->truncated = out->truncated || !at_end(&lexer);
	lexer.at = out->len;
	if (style->newlines)
		add(&lexer, TOKEN_NEWLINE, out->len, lexer.line);
	add(&lexer, TOKEN_END, out->len, lexer.line);
	for (size_t i = 0; i < lexer.count; i++)
		if (lexer.items[i].end > out->len)
			lexer.items[i].end = (uint32_t)out->len;
	out->items = lexer.items;
	out->count = lexer.count;
}

void token_list_clear(struct token_list *list)
{
	free(list->items);
	*list = (struct token_list){ 0 };
}

size_t token_column(const struct token_list *list, const struct token *token)
{
	size_t column = 0;
	for (size_t at = token->start; at && list->bytes[at - 1] != '\n'; at--)
		column++;
	return column;
}

char *token_copy(struct arena *arena, const struct token_list *list,
	const struct token *token)
{
	return arena_memdupz(
		arena, list->bytes + token->start, token->end - token->start);
}

/* What stands between the quotes of a text. */
struct inside {
	const unsigned char *at, *end;
	bool raw;
	bool filled; /* has parts to be filled in */
};

static struct inside inside_of(
	const struct token_list *list, const struct token *token)
{
	struct inside in = {
		.at = list->bytes + token->start,
		.end = list->bytes + token->end,
	};
	bool format = false;
	if (in.at < in.end && *in.at == ':') { /* a symbol */
		in.at++;
		return in;
	}
	while (in.at < in.end && !strchr("\"'`", *in.at)) {
		in.raw = in.raw || *in.at == 'r' || *in.at == 'R';
		format = format || *in.at == 'f' || *in.at == 'F';
		in.at++;
	}
	if (in.at == in.end)
		return in;
	unsigned char quote = *in.at;
	size_t len = (size_t)(in.end - in.at);
	size_t marks = list->style->triple_quotes && len >= 6 &&
			in.at[1] == quote && in.at[2] == quote
		? 3
		: 1;
	in.at += marks;
	if (in.end > in.at && in.end[-1] == quote)
		in.end -= marks < (size_t)(in.end - in.at)
			? marks
			: (size_t)(in.end - in.at);
	size_t left = (size_t)(in.end - in.at);
	in.filled = (format && memchr(in.at, '{', left)) ||
		(quote == '`' && memmem(in.at, left, "${", 2)) ||
		(quote == '"' && list->style->symbols &&
			memmem(in.at, left, "#{", 2)) ||
		(quote == '"' && list->style->dollar_names &&
			list->style->dot_joins && memchr(in.at, '$', left));
	return in;
}

static int hex_digit(unsigned char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The byte of \xHH; `at` stands behind the x. */
static bool take_hex(
	unsigned char *out, const unsigned char *at, const unsigned char *end)
{
	if (end - at < 2)
		return false;
	int high = hex_digit(at[0]);
	int low = hex_digit(at[1]);
	if (high < 0 || low < 0)
		return false;
	*out = (unsigned char)(high * 16 + low);
	return true;
}

/* Writes what the escape at `at`, behind its backslash, stands for; returns
 * where the text goes on. Other escapes keep their backslash. */
static const unsigned char *take_escape(char *out, size_t *len,
	const unsigned char *at, const unsigned char *end)
{
	static const char names[] = "nrt0\\'\"`\n";
	static const char bytes[] = "\n\r\t\0\\'\"`";
	const char *found = memchr(names, *at, sizeof(names) - 1);
	unsigned char byte;
	if (found && *found == '\n')
		return at + 1;
	if (found) {
		out[(*len)++] = bytes[found - names];
		return at + 1;
	}
	if (*at == 'x' && take_hex(&byte, at + 1, end)) {
		out[(*len)++] = (char)byte;
		return at + 3;
	}
	out[(*len)++] = '\\';
	out[(*len)++] = (char)*at;
	return at + 1;
}

char *token_text(size_t *len, struct arena *arena,
	const struct token_list *list, const struct token *token)
{
	struct inside in = inside_of(list, token);
	if (in.filled)
		return NULL;
	/* an escape is never shorter than what it stands for */
	char *text = arena_alloc(arena, (size_t)(in.end - in.at) + 1);
	*len = 0;
	while (in.at < in.end) {
		if (*in.at == '\\' && !in.raw && in.at + 1 < in.end)
			in.at = take_escape(text, len, in.at + 1, in.end);
		else
			text[(*len)++] = (char)*in.at++;
	}
	return text;
}
