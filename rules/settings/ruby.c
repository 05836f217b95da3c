/* Ruby: config.session_store :cookie_store, key: '_app', secure: true */
#include "rules/settings/script.h"

#include "base/cleanup.h"

#include <string.h>

static const struct lex_style style = {
	.hash_comments = true,
	.text_spans = true,
	.newlines = true,
	.symbols = true,
};

#define MAX_ARGUMENTS 32

/* Where the arguments of a call end that has no parentheses: at the end of a
 * line whose last token is no comma. */
static size_t arguments_end(const struct script *script, size_t at)
{
	const struct token *tokens = script->tokens.items;
	size_t last = script->tokens.count - 1;
	while (at < last &&
		!(tokens[at].kind == TOKEN_NEWLINE &&
			!token_is_op(&tokens[at - 1], ',')))
		at++;
	return at;
}

static void take_store(struct script *script, const struct expr *store)
{
	script->recorder->out->uses |= MAKES_APP;
	record(script->recorder, FRAMEWORK_RAILS,
		&(struct found_setting){
			.name = "session_store",
			.value = eval(&script->recorder->file, store),
			.start = store->start,
			.end = store->end,
			.line = store->line,
			.form = FORM_CALL,
		});
}

static void take_arguments(struct script *script, size_t at)
{
	const struct token *tokens = script->tokens.items;
	bool brackets = token_is_op(&tokens[at], '(') && tokens[at].match;
	struct expr_parser parser = {
		.tokens = &script->tokens,
		.arena = &script->recorder->out->arena,
		.at = brackets ? at + 1 : at,
		.nodes_left = &script->recorder->nodes_left,
	};
	parser.end = brackets ? tokens[at].match : arguments_end(script, at);
	for (int i = 0; i < MAX_ARGUMENTS && parser.at < parser.end; i++) {
		while (parser.at < parser.end &&
			(tokens[parser.at].kind == TOKEN_NEWLINE ||
				token_is_op(&tokens[parser.at], ',')))
			parser.at++;
		size_t before = parser.at;
		struct expr_item item = { .value = expr_parse(&parser) };
		if (token_is_op(&tokens[parser.at], ':') ||
			token_is_op(&tokens[parser.at], OP2('=', '>'))) {
			parser.at++;
			item.key = item.value;
			item.value = expr_parse(&parser);
			script_record(script, FRAMEWORK_RAILS, NULL, &item,
				FORM_KEYWORD);
		} else if (i == 0 && item.value->kind == EXPR_TEXT) {
			take_store(script, item.value);
		}
		parser.at += parser.at == before;
	}
}

void ruby_read(struct recorder *recorder)
{
	CLEANUP(script_clear) struct script script;
	script_init(&script, recorder, &style);
	for (size_t at = 1; at + 2 < script.tokens.count; at++)
		if (token_is_name(&script.tokens, &script.tokens.items[at],
			    "session_store") &&
			token_is_op(&script.tokens.items[at - 1], '.'))
			take_arguments(&script, at + 1);
}
