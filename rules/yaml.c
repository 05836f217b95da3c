#include "rules/yaml.h"

#include "base/utf8.h"

#include <libfyaml.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define PRINTABLE_MAX 60

/* One parse. open[] are the lists and maps around the next node, outermost
 * first; key[] the key that waits for its value in the map of that depth. */
struct builder {
	struct arena *arena;
	const char *file;
	struct err *err;
	struct fy_parser *parser;
	struct fy_diag *diag;
	struct yaml_node *root;
	struct yaml_node *open[YAML_MAX_DEPTH];
	struct yaml_node *key[YAML_MAX_DEPTH];
	size_t depth;
	bool ended; /* the document, not the stream */
};

PRINTF_LIKE(4, 5)
static int fail(const struct builder *builder, int line, int column,
	const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(builder->err, ERR_PARSE, "%s:%d:%d: %s", builder->file,
		line, column, text);
}

const char *yaml_printable(struct arena *arena, const char *text, size_t len)
{
	const unsigned char *in = (const unsigned char *)text;
	char *out = arena_alloc(arena, PRINTABLE_MAX + sizeof("..."));
	size_t used = 0;
	size_t at = 0;
	while (at < len) {
		uint32_t code = 0;
		size_t step = utf8_decode(&code, in + at, len - at);
		bool safe = step && !utf8_is_unsafe(code);
		size_t wanted = safe ? step : 1;
		if (used + wanted > PRINTABLE_MAX) {
			memcpy(out + used, "...", sizeof("..."));
			return out;
		}
		memcpy(out + used, safe ? text + at : "?", wanted);
		used += wanted;
		at += step ? step : 1;
	}
	return out;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++)
		if (!strcmp(map->items[i].key->text, key))
			return map->items[i].value;
	return NULL;
}

static bool is_allowed(uint32_t code)
{
	if (code == '\t' || code == '\n' || code == '\r' || code == 0x85)
		return true;
	return code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0);
}

/* libfyaml takes a NUL or a broken character for the end of the input
 * (0.7.12), so what YAML 1.2.2 §5.1 forbids is looked for here. */
static int check_characters(
	const struct builder *builder, const char *bytes, size_t len)
{
	const unsigned char *in = (const unsigned char *)bytes;
	int line = 1;
	int column = 1;
	size_t at = 0;
	while (at < len) {
		uint32_t code = 0;
		size_t step = utf8_decode(&code, in + at, len - at);
		if (!step)
			return fail(builder, line, column, "not valid UTF-8");
		if (!is_allowed(code))
			return fail(builder, line, column,
				"control character U+%04X", (unsigned)code);
		if (code == '\n') {
			line++;
			column = 0;
		}
		column++;
		at += step;
	}
	return 0;
}

/* Where an event stands. Events of empty values have no mark: those stand
 * where their key or list does. */
static void set_place(struct yaml_node *node, const struct builder *builder,
	struct fy_event *event)
{
	const struct fy_mark *mark = fy_event_start_mark(event);
	if (mark) {
		node->line = mark->line + 1;
		node->column = mark->column + 1;
		return;
	}
	const struct yaml_node *near = NULL;
	if (builder->depth)
		near = builder->key[builder->depth - 1]
			? builder->key[builder->depth - 1]
			: builder->open[builder->depth - 1];
	node->line = near ? near->line : 1;
	node->column = near ? near->column : 1;
}

static void add_item(struct builder *builder, struct yaml_node *parent,
	const struct yaml_node *key, const struct yaml_node *value)
{
	if (parent->count == parent->capacity) {
		size_t capacity = parent->capacity ? parent->capacity * 2 : 8;
		struct yaml_item *items =
			arena_array(builder->arena, capacity, sizeof(*items));
		if (parent->count)
			memcpy(items, parent->items,
				parent->count * sizeof(*items));
		parent->items = items;
		parent->capacity = capacity;
	}
	parent->items[parent->count++] =
		(struct yaml_item){ .key = key, .value = value };
}

static int check_key(struct builder *builder, const struct yaml_node *map,
	const struct yaml_node *key)
{
	if (key->type != YAML_TEXT)
		return fail(
			builder, key->line, key->column, "a key must be text");
	const char *shown = yaml_printable(builder->arena, key->text, key->len);
	if (strlen(key->text) != key->len)
		return fail(builder, key->line, key->column,
			"key '%s' holds a NUL", shown);
	if (yaml_get(map, key->text))
		return fail(builder, key->line, key->column,
			"key '%s' stands twice", shown);
	if (map->count >= YAML_MAX_KEYS)
		return fail(builder, key->line, key->column,
			"more than %d keys", YAML_MAX_KEYS);
	return 0;
}

/* Puts the node where it belongs: root, item of a list, key or value. */
static int attach(struct builder *builder, struct yaml_node *node)
{
	if (!builder->depth) {
		builder->root = node;
		return 0;
	}
	struct yaml_node *parent = builder->open[builder->depth - 1];
	struct yaml_node **key = &builder->key[builder->depth - 1];
	if (parent->type == YAML_LIST) {
		add_item(builder, parent, NULL, node);
		return 0;
	}
	if (*key) {
		add_item(builder, parent, *key, node);
		*key = NULL;
		return 0;
	}
	*key = node;
	return check_key(builder, parent, node);
}

static int open_node(struct builder *builder, struct yaml_node *node)
{
	int rc = attach(builder, node);
	if (rc < 0)
		return rc;
	if (builder->depth == YAML_MAX_DEPTH)
		return fail(builder, node->line, node->column,
			"more than %d levels deep", YAML_MAX_DEPTH);
	builder->open[builder->depth] = node;
	builder->key[builder->depth] = NULL;
	builder->depth++;
	return 0;
}

/* The text's first column where each character of it is one of the file: on
 * one line, and without the '' that stands for a quote. */
static int find_text_column(
	const struct yaml_node *node, struct fy_token *token)
{
	const struct fy_mark *start = fy_token_start_mark(token);
	const struct fy_mark *end = fy_token_end_mark(token);
	if (!start || !end || start->line != end->line ||
		memchr(node->text, '\'', node->len))
		return 0;
	enum fy_scalar_style style = fy_token_scalar_style(token);
	if (style == FYSS_PLAIN)
		return node->column;
	return style == FYSS_SINGLE_QUOTED ? node->column + 1 : 0;
}

static void set_text(
	struct yaml_node *node, struct builder *builder, struct fy_token *token)
{
	size_t len = 0;
	const char *text = token ? fy_token_get_text(token, &len) : NULL;
	node->text = arena_memdupz(builder->arena, text, text ? len : 0);
	node->len = text ? len : 0;
	if (!token)
		return;
	enum fy_scalar_style style = fy_token_scalar_style(token);
	node->block = style == FYSS_LITERAL || style == FYSS_FOLDED;
	/* libfyaml's mark of a quoted scalar is behind the quote. */
	if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
		node->column--;
	node->text_column = find_text_column(node, token);
}

static int refuse_properties(const struct builder *builder,
	const struct yaml_node *node, const struct fy_token *anchor,
	const struct fy_token *tag)
{
	if (anchor)
		return fail(builder, node->line, node->column,
			"anchors are not allowed");
	if (tag)
		return fail(builder, node->line, node->column,
			"tags are not allowed");
	return 0;
}

static int take_node(struct builder *builder, struct fy_event *event)
{
	struct yaml_node *node = arena_alloc(builder->arena, sizeof(*node));
	set_place(node, builder, event);
	struct fy_token *anchor = event->scalar.anchor;
	struct fy_token *tag = event->scalar.tag;
	if (event->type == FYET_SEQUENCE_START) {
		node->type = YAML_LIST;
		anchor = event->sequence_start.anchor;
		tag = event->sequence_start.tag;
	} else if (event->type == FYET_MAPPING_START) {
		node->type = YAML_MAP;
		anchor = event->mapping_start.anchor;
		tag = event->mapping_start.tag;
	}
	int rc = refuse_properties(builder, node, anchor, tag);
	if (rc < 0)
		return rc;
	if (event->type != FYET_SCALAR)
		return open_node(builder, node);
	set_text(node, builder, event->scalar.value);
	return attach(builder, node);
}

static int take_document_start(struct builder *builder, struct fy_event *event)
{
	if (!builder->ended)
		return 0;
	const struct fy_mark *mark = fy_event_start_mark(event);
	return fail(builder, mark ? mark->line + 1 : 1,
		mark ? mark->column + 1 : 1, "a second document");
}

static int take_event(struct builder *builder, struct fy_event *event)
{
	struct yaml_node place = { 0 };
	switch (event->type) {
	case FYET_DOCUMENT_START:
		return take_document_start(builder, event);
	case FYET_DOCUMENT_END:
		builder->ended = true;
		return 0;
	case FYET_SCALAR:
	case FYET_SEQUENCE_START:
	case FYET_MAPPING_START:
		return take_node(builder, event);
	case FYET_SEQUENCE_END:
	case FYET_MAPPING_END:
		builder->depth--;
		return 0;
	case FYET_ALIAS:
		set_place(&place, builder, event);
		return fail(builder, place.line, place.column,
			"aliases are not allowed");
	case FYET_NONE:
	case FYET_STREAM_START:
	case FYET_STREAM_END:
		return 0;
	}
	return 0;
}

static int fail_as_libfyaml_says(const struct builder *builder)
{
	void *position = NULL;
	const struct fy_diag_error *error =
		fy_diag_errors_iterate(builder->diag, &position);
	if (!error)
		return fail(builder, 1, 1, "not valid YAML");
	return fail(builder, error->line > 0 ? error->line : 1,
		error->column > 0 ? error->column : 1, "%s",
		yaml_printable(builder->arena, error->msg, strlen(error->msg)));
}

static int take_all(struct builder *builder)
{
	struct fy_event *event;
	while ((event = fy_parser_parse(builder->parser))) {
		int rc = take_event(builder, event);
		fy_parser_event_free(builder->parser, event);
		if (rc < 0)
			return rc;
	}
	if (fy_parser_get_stream_error(builder->parser))
		return fail_as_libfyaml_says(builder);
	return 0;
}

DEFINE_CLEANUP(diag_freep, struct fy_diag, fy_diag_destroy)
DEFINE_CLEANUP(parser_freep, struct fy_parser, fy_parser_destroy)

int yaml_parse(const struct yaml_node **out, struct arena *arena,
	const char *file, const char *bytes, size_t len, struct err *err)
{
	struct builder builder = { .arena = arena, .file = file, .err = err };
	*out = NULL;
	if (len > YAML_MAX_BYTES)
		return fail(&builder, 1, 1, "larger than %zu bytes",
			YAML_MAX_BYTES);
	int rc = check_characters(&builder, bytes, len);
	if (rc < 0 || !len)
		return rc;
	struct fy_diag_cfg diag_cfg;
	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL; /* nothing of libfyaml's own reaches stderr */
	CLEANUP(diag_freep) struct fy_diag *diag = fy_diag_create(&diag_cfg);
	if (!diag)
		return err_set(err, ERR_IO, "%s: libfyaml cannot start", file);
	fy_diag_set_collect_errors(diag, true);
	/* A list may close in the column of its key, as in other readers. */
	const struct fy_parse_cfg cfg = { .diag = diag,
		.flags = FYPCF_QUIET | FYPCF_JSON_NONE |
			FYPCF_SLOPPY_FLOW_INDENTATION };
	CLEANUP(parser_freep) struct fy_parser *parser = fy_parser_create(&cfg);
	if (!parser || fy_parser_set_string(parser, bytes, len) < 0)
		return err_set(err, ERR_IO, "%s: libfyaml cannot start", file);
	builder.diag = diag;
	builder.parser = parser;
	rc = take_all(&builder);
	if (rc == 0)
		*out = builder.root;
	return rc;
}
