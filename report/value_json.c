/* The tree as JSON: docs/formats.md describes a node. */
#include "report/report_value.h"

#include "report/value_walk.h"
#include "rules/key_name.h"

struct json_tree {
	struct json_writer *json;
	const struct value_opts *opts;
};

/* A number of RFC 8259 has neither infinity nor 17 safe digits: text has. */
static void put_float(struct json_writer *json, double number)
{
	char text[32];
	snprintf(text, sizeof(text), "%.17g", number);
	json_put_text(json, text);
}

/* A value as it is; bytes as base64, and decimal text where an integer needs
 * more than 64 bits. */
static void put_plain(struct json_tree *tree, const struct value *value)
{
	struct json_writer *json = tree->json;
	size_t shown = value_shown_len(value, tree->opts);
	if (value->type == VALUE_BOOL)
		json_put_bool(json, value->number);
	else if (value->type == VALUE_FLOAT)
		put_float(json, value->real);
	else if (value->type == VALUE_BYTES)
		json_put_base64(json, value->bytes, shown);
	else if (value->type == VALUE_INT && !value->bytes)
		json_put_int(json, value->number);
	else
		json_put_bytes(json, value->bytes, shown);
}

static void put_key(struct json_tree *tree, const struct value *key)
{
	struct key_name name;
	json_key(tree->json, "key");
	if (tree->opts->show_values && value_is_bytes(key)) {
		json_put_bytes(tree->json, key->bytes,
			value_shown_len(key, tree->opts));
	} else if (tree->opts->show_values && key->type == VALUE_INT) {
		put_plain(tree, key);
	} else if (value_is_bytes(key)) {
		key_name_make(&name, key->bytes, key->len);
		json_put_text(tree->json, name.bytes);
	} else {
		json_put_null(tree->json);
	}
}

static void put_type(struct json_writer *json, const struct value *value)
{
	static const char *const names[] = {
		[VALUE_NULL] = "null",
		[VALUE_BOOL] = "bool",
		[VALUE_INT] = "int",
		[VALUE_FLOAT] = "float",
		[VALUE_TEXT] = "text",
		[VALUE_BYTES] = "bytes",
		[VALUE_LIST] = "list",
		[VALUE_MAP] = "map",
		[VALUE_OBJECT] = "object",
	};
	json_key(json, "type");
	json_put_text(json, names[value->type]);
	if (value->type == VALUE_OBJECT) {
		struct key_name name;
		key_name_of_code(&name, value->name ? value->name : "");
		json_key(json, "class");
		json_put_text(json, name.bytes);
	}
	if (value_is_bytes(value)) {
		json_key(json, "length");
		json_put_uint(json, value->len);
	}
	if (value_is_tree(value)) {
		json_key(json, "count");
		json_put_uint(json, value->count);
	}
}

static void begin_node(const struct value_node *node, void *ctx)
{
	struct json_tree *tree = ctx;
	struct json_writer *json = tree->json;
	const struct value *value = node->value;
	json_begin_object(json);
	if (node->key)
		put_key(tree, node->key);
	put_type(json, value);
	if (!value_is_tree(value) && value->type != VALUE_NULL &&
		value_may_show(node, tree->opts)) {
		json_key(json, "value");
		put_plain(tree, value);
	}
	if (node->open) {
		json_key(json, "items");
		json_begin_array(json);
	} else {
		json_end_object(json);
	}
}

static void end_node(const struct value_node *node, size_t left_out, void *ctx)
{
	struct json_tree *tree = ctx;
	(void)node;
	json_end_array(tree->json);
	if (left_out) {
		json_key(tree->json, "left_out");
		json_put_uint(tree->json, left_out);
	}
	json_end_object(tree->json);
}

void json_value(struct json_writer *json, const struct value *root,
	const struct value_opts *opts)
{
	struct json_tree tree = { json, opts };
	const struct value_visitor visitor = { begin_node, end_node, &tree };
	value_walk(&visitor, root, opts);
}
