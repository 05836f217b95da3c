#include "report/value_walk.h"

#include "rules/holds.h"

struct walk {
	const struct value_visitor *visitor;
	size_t nodes_left;
	const struct value *path[VALUE_SHOWN_DEPTH + 1];
};

static bool is_on_path(
	const struct walk *walk, const struct value *value, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		if (walk->path[i] == value)
			return true;
	return false;
}

static void visit(struct walk *walk, const struct value_node *found);

static void visit_item(
	struct walk *walk, const struct value_node *parent, size_t index)
{
	static const struct value missing = { .type = VALUE_NULL };
	const struct value_item *item = &parent->value->items[index];
	struct value_node child = {
		.value = item->value ? item->value : &missing,
		.key = item->key,
		.index = index,
		.depth = parent->depth + 1,
		.is_private = parent->is_private,
	};
	if (item->key && value_is_bytes(item->key) &&
		holds_under(item->key->bytes, item->key->len))
		child.is_private = true;
	visit(walk, &child);
}

/* Goes VALUE_SHOWN_DEPTH levels deep at most. */
static void visit(struct walk *walk, const struct value_node *found)
{
	struct value_node node = *found;
	const struct value *value = node.value;
	size_t shown = 0;
	walk->nodes_left--;
	node.inside_itself =
		value_is_tree(value) && is_on_path(walk, value, node.depth);
	node.open = value_is_tree(value) && !node.inside_itself &&
		node.depth < VALUE_SHOWN_DEPTH;
	walk->visitor->enter(&node, walk->visitor->ctx);
	if (!node.open)
		return;
	walk->path[node.depth] = value;
	for (; shown < value->count && walk->nodes_left; shown++)
		visit_item(walk, &node, shown);
	walk->visitor->leave(&node, value->count - shown, walk->visitor->ctx);
}

void value_walk(const struct value_visitor *visitor, const struct value *root,
	const struct value_opts *opts)
{
	struct walk walk = {
		.visitor = visitor,
		.nodes_left = opts->all ? VALUE_MAX_COUNT : VALUE_SHOWN_NODES,
	};
	const struct value_node node = { .value = root };
	visit(&walk, &node);
}

bool value_may_show(
	const struct value_node *node, const struct value_opts *opts)
{
	return opts->show_values ||
		(node->value->type == VALUE_BOOL && !node->is_private);
}

size_t value_shown_len(const struct value *value, const struct value_opts *opts)
{
	return opts->all || value->len < VALUE_SHOWN_BYTES ? value->len
							   : VALUE_SHOWN_BYTES;
}
