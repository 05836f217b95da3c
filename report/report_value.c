/* The tree as lines for people. */
#include "report/report_value.h"

#include "report/text_escape.h"
#include "report/value_walk.h"
#include "rules/key_name.h"

#include <inttypes.h>

#define INDENT 2 /* columns of one level */

struct lines {
	const struct page *page;
	const struct value_opts *opts;
};

/* Text or bytes as they are, to a bound. */
static void add_bytes(
	struct buf *out, const struct value *value, const struct lines *lines)
{
	size_t shown = value_shown_len(value, lines->opts);
	text_add_quoted(out, value->bytes, shown, lines->page->opts->utf8);
	if (shown == value->len)
		return;
	buf_add_text(out, " and ");
	add_counted(out, value->len - shown, "more byte");
}

/* Text, bytes or a number, as they are. */
static void add_plain(
	struct buf *out, const struct value *value, const struct lines *lines)
{
	if (value->type == VALUE_FLOAT)
		buf_printf(out, "%.17g", value->real);
	else if (value->type == VALUE_INT && !value->bytes)
		buf_printf(out, "%" PRId64, value->number);
	else
		add_bytes(out, value, lines);
}

static const char *type_word(const struct value *value)
{
	static const char *const words[] = {
		[VALUE_NULL] = "null",
		[VALUE_BOOL] = "true or false",
		[VALUE_INT] = "number",
		[VALUE_FLOAT] = "number",
		[VALUE_TEXT] = "text",
		[VALUE_BYTES] = "bytes",
		[VALUE_LIST] = "list",
		[VALUE_MAP] = "map",
		[VALUE_OBJECT] = "object",
	};
	return words[value->type];
}

static void add_key(
	struct buf *out, const struct value *key, const struct lines *lines)
{
	struct key_name name;
	if (lines->opts->show_values && !value_is_tree(key)) {
		add_plain(out, key, lines);
	} else if (!value_is_bytes(key)) {
		buf_printf(out, "(%s)", type_word(key));
	} else {
		key_name_make(&name, key->bytes, key->len);
		text_add(out, name.len ? name.bytes : "\"\"",
			lines->page->opts->utf8);
	}
	buf_add_text(out, ": ");
}

static void add_tree(struct buf *out, const struct value_node *node,
	const struct lines *lines)
{
	const struct value *value = node->value;
	if (value->type == VALUE_OBJECT && value->name) {
		struct key_name name;
		key_name_of_code(&name, value->name);
		text_add(out, name.bytes, lines->page->opts->utf8);
	} else {
		buf_add_text(out, type_word(value));
	}
	buf_add_text(out, ", ");
	add_counted(out, value->count, "item");
	if (node->inside_itself)
		buf_add_text(out, ", the one that this stands in");
	else if (!node->open && value->count)
		buf_add_text(out, ", too deep to show");
}

static void add_scalar(struct buf *out, const struct value_node *node,
	const struct lines *lines)
{
	const struct value *value = node->value;
	bool shown = value_may_show(node, lines->opts);
	if (value->type == VALUE_BOOL && shown) {
		buf_add_text(out, value->number ? "true" : "false");
		return;
	}
	buf_add_text(out, type_word(value));
	if (value_is_bytes(value)) {
		buf_add_text(out, ", ");
		add_counted(out, value->len, "byte");
	}
	if (shown && value->type != VALUE_NULL) {
		buf_add_text(out, ": ");
		add_plain(out, value, lines);
	}
}

static void put_line(const struct value_node *node, void *ctx)
{
	const struct lines *lines = ctx;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (node->key)
		add_key(&text, node->key, lines);
	else if (node->depth)
		buf_printf(&text, "[%zu] ", node->index);
	if (value_is_tree(node->value))
		add_tree(&text, node, lines);
	else
		add_scalar(&text, node, lines);
	size_t indent = node->depth * INDENT;
	/* what was asked for is shown whole, to copy it */
	if (!lines->opts->show_values)
		text_shorten(&text, lines->page->width - indent,
			lines->page->opts->utf8);
	page_line(lines->page, indent, text.bytes);
}

static void put_left_out(
	const struct value_node *node, size_t left_out, void *ctx)
{
	const struct lines *lines = ctx;
	if (!left_out)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "... and ");
	add_counted(&text, left_out, "more item");
	page_line(lines->page, (node->depth + 1) * INDENT, text.bytes);
}

void report_value(const struct page *page, const struct value *root,
	const struct value_opts *opts)
{
	struct lines lines = { page, opts };
	const struct value_visitor visitor = { put_line, put_left_out, &lines };
	value_walk(&visitor, root, opts);
}
