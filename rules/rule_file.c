#include "rules/rule_file.h"

#include "base/buf.h"
#include "base/file.h"
#include "rules/path_glob.h"
#include "rules/rule_checks.h"
#include "rules/rule_keys.h"

#include <string.h>

#define FORMAT_VERSION "1"

/* Rules of files that name no family. */
#define DEFAULT_PACK "custom"

static int check_version(
	const struct rule_reader *reader, const struct yaml_node *root)
{
	const struct yaml_node *version = yaml_get(root, "version");
	if (!version)
		return reader_fail(
			reader, root, "missing 'version: " FORMAT_VERSION "'");
	if (version->type == YAML_TEXT &&
		!strcmp(version->text, FORMAT_VERSION))
		return 0;
	return reader_fail(reader, version, "version must be " FORMAT_VERSION);
}

static int read_rule(struct rule_file *file, const struct rule_reader *reader,
	const struct yaml_node *map, const char *pack)
{
	struct rule *rule = &file->rules[file->rule_count];
	*rule = (struct rule){ .severity = -1,
		.confidence = -1,
		.pack = pack,
		.file = reader->file,
		.line = map->line };
	int rc = rule_keys_set(reader, rule, map, NULL);
	if (rc < 0)
		return rc;
	const char *wrong = rule_lint(rule);
	if (wrong)
		return reader_fail(reader, map, "%s", wrong);
	const struct yaml_node *place = yaml_get(map, "id");
	for (size_t i = 0; i < file->rule_count; i++)
		if (!strcmp(file->rules[i].id, rule->id))
			return reader_fail(reader, place,
				"id '%s' is taken in line %d", rule->id,
				file->rules[i].line);
	file->places[file->rule_count++] = place;
	return 0;
}

/* Checks what can be checked without the rule that is changed. */
static int read_change(struct rule_file *file, const struct rule_reader *reader,
	const struct yaml_node *map, const char *verb)
{
	struct rule_change *change = &file->changes[file->change_count];
	change->extend = !strcmp(verb, "extend");
	change->map = map;
	change->target = yaml_get(map, verb);
	int rc = reader_text(reader, &change->id, change->target, verb);
	if (rc == 0)
		rc = check_id(reader, change->target, change->id);
	if (rc < 0)
		return rc;
	if (yaml_get(map, "id"))
		return reader_fail(
			reader, map, "an entry has either 'id' or '%s'", verb);
	if (map->count < 2)
		return reader_fail(reader, map, "%s changes nothing", verb);
	struct rule scratch = { .id = change->id };
	rc = rule_keys_set(reader, &scratch, map, verb);
	if (rc == 0)
		file->change_count++;
	return rc;
}

static int read_entry(struct rule_file *file, const struct rule_reader *reader,
	const struct yaml_node *entry, const char *pack)
{
	int rc = reader_expect_map(reader, entry, "a rule");
	if (rc < 0)
		return rc;
	if (yaml_get(entry, "extend"))
		return read_change(file, reader, entry, "extend");
	if (yaml_get(entry, "override"))
		return read_change(file, reader, entry, "override");
	return read_rule(file, reader, entry, pack);
}

static int read_rules(struct rule_file *file, const struct rule_reader *reader,
	const struct yaml_node *list, const char *pack)
{
	int rc = reader_expect_list(reader, list, "rules");
	if (rc < 0)
		return rc;
	struct arena *arena = reader->arena;
	file->rules = arena_array(arena, list->count, sizeof(*file->rules));
	file->places = arena_array(arena, list->count, sizeof(*file->places));
	file->changes = arena_array(arena, list->count, sizeof(*file->changes));
	for (size_t i = 0; i < list->count; i++) {
		rc = read_entry(file, reader, list->items[i].value, pack);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int read_disable(struct rule_file *file,
	const struct rule_reader *reader, const struct yaml_node *node)
{
	const char *const *globs = NULL;
	int rc = reader_texts(reader, &globs, node, "disable", NULL);
	if (rc < 0)
		return rc;
	size_t count = node->type == YAML_LIST ? node->count : 1;
	file->disables =
		arena_array(reader->arena, count, sizeof(*file->disables));
	for (size_t i = 0; i < count; i++)
		file->disables[i] = (struct rule_disable){
			.glob = globs[i],
			.place = node->type == YAML_LIST ? node->items[i].value
							 : node,
		};
	file->disable_count = count;
	return 0;
}

static int check_exclude(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	CLEANUP(path_glob_freep) struct path_glob *glob = NULL;
	struct err err = { 0 };
	if (path_glob_new(&glob, text, &err) < 0)
		return reader_fail(reader, node, "%s", err.msg);
	return 0;
}

/** A repository's own file adds; it takes away paths alone. */
static int check_changes_add(
	const struct rule_file *file, const struct rule_reader *reader)
{
	static const char *const adding[] = { "extend", "path", "keywords",
		"references", "examples", NULL };
	for (size_t i = 0; i < file->change_count; i++) {
		const struct rule_change *change = &file->changes[i];
		if (!change->extend)
			return reader_fail(reader, change->target,
				"a repository's own file cannot override a "
				"rule; use --rules or hygiene.rules");
		int rc = reader_expect_keys(reader, change->map, adding);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int read_repo_root(struct rule_file *file,
	const struct rule_reader *reader, const struct yaml_node *root)
{
	static const char *const keys[] = { "version", "rules", "exclude",
		NULL };
	int rc = reader_expect_map(reader, root, "the file");
	if (rc == 0)
		rc = check_version(reader, root);
	if (rc == 0)
		rc = reader_expect_keys(reader, root, keys);
	const struct yaml_node *rules = yaml_get(root, "rules");
	const struct yaml_node *exclude = yaml_get(root, "exclude");
	if (rc == 0 && rules)
		rc = read_rules(file, reader, rules, DEFAULT_PACK);
	if (rc == 0)
		rc = check_changes_add(file, reader);
	if (rc == 0 && exclude)
		rc = reader_texts(reader, &file->exclude, exclude, "exclude",
			check_exclude);
	return rc;
}

static int read_root(struct rule_file *file, const struct rule_reader *reader,
	const struct yaml_node *root)
{
	static const char *const keys[] = { "version", "pack", "rules",
		"disable", NULL };
	int rc = reader_expect_map(reader, root, "a rule file");
	if (rc == 0)
		rc = check_version(reader, root);
	if (rc == 0)
		rc = reader_expect_keys(reader, root, keys);
	if (rc < 0)
		return rc;
	const struct yaml_node *pack = yaml_get(root, "pack");
	const struct yaml_node *rules = yaml_get(root, "rules");
	const struct yaml_node *disable = yaml_get(root, "disable");
	if (!rules && !disable)
		return reader_fail(
			reader, root, "missing 'rules' or 'disable'");
	const char *name = DEFAULT_PACK;
	if (pack)
		rc = reader_text(reader, &name, pack, "pack");
	if (rc == 0 && pack)
		rc = check_id(reader, pack, name);
	if (rc == 0 && rules)
		rc = read_rules(file, reader, rules, name);
	if (rc == 0 && disable)
		rc = read_disable(file, reader, disable);
	return rc;
}

/** Reads the top of a file. */
typedef int read_top(struct rule_file *file, const struct rule_reader *reader,
	const struct yaml_node *root);

static int parse(struct rule_file *out, struct arena *arena, const char *file,
	const char *bytes, size_t len, read_top *read, struct err *err)
{
	const struct rule_reader reader = {
		.arena = arena,
		.file = arena_strdup(arena, file),
		.err = err,
	};
	*out = (struct rule_file){ .file = reader.file };
	const struct yaml_node *root = NULL;
	int rc = yaml_parse(&root, arena, file, bytes, len, err);
	if (rc < 0)
		return rc;
	if (!root)
		return err_set(err, ERR_PARSE,
			"%s:1:1: missing 'version: " FORMAT_VERSION "'", file);
	return read(out, &reader, root);
}

int rule_file_parse(struct rule_file *out, struct arena *arena,
	const char *file, const char *bytes, size_t len, struct err *err)
{
	return parse(out, arena, file, bytes, len, read_root, err);
}

int rule_file_parse_repo(struct rule_file *out, struct arena *arena,
	const char *file, const char *bytes, size_t len, struct err *err)
{
	return parse(out, arena, file, bytes, len, read_repo_root, err);
}

int rule_file_read(struct rule_file *out, struct arena *arena, const char *path,
	struct err *err)
{
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, YAML_MAX_BYTES);
	int rc = file_read(&bytes, path, FILE_FOLLOW, err);
	if (rc == ERR_LIMIT)
		return err_set(err, ERR_PARSE, "%s:1:1: larger than %zu bytes",
			path, YAML_MAX_BYTES);
	if (rc < 0)
		return rc;
	return rule_file_parse(out, arena, path, bytes.bytes, bytes.len, err);
}

int rule_change_apply(const struct rule_change *change, struct rule *rule,
	struct arena *arena, const char *file, struct err *err)
{
	const struct rule_reader reader = {
		.arena = arena,
		.file = file,
		.err = err,
	};
	int rc = change->extend
		? rule_keys_extend(&reader, rule, change->map, "extend")
		: rule_keys_set(&reader, rule, change->map, "override");
	if (rc < 0)
		return rc;
	const char *wrong = rule_lint(rule);
	if (wrong)
		return reader_fail(
			&reader, change->map, "rule '%s': %s", rule->id, wrong);
	return 0;
}
