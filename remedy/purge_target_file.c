/*
 * Reads the target out of a plan. The file is the user's, yet it may have come
 * with a repository: it is bounded, and every value is checked.
 */
#include "base/file.h"
#include "remedy/purge_target.h"
#include "rules/decoders/encoding.h"

#include <jansson.h>

#include <string.h>

#define MAX_PLAN_SIZE ((size_t)256 << 20)

struct reading {
	struct purge_target *target;
	const char *file;
	struct err *err;
};

static int refuse(const struct reading *reading, const char *what)
{
	return err_set(reading->err, ERR_PARSE, "%s: %s", reading->file, what);
}

static bool is_hex(const char *text, size_t len)
{
	return text && strlen(text) == len &&
		strspn(text, "0123456789abcdef") == len;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/** A path as bytes: path_base64 where it is not UTF-8. One with a secret in it
 * has a path_id. */
static int take_path(struct reading *reading, const json_t *value)
{
	const char *path = text_of(value, "path");
	const char *coded = text_of(value, "path_base64");
	const char *id = text_of(value, "path_id");
	struct encoding_span bytes;
	if (coded) {
		if (!encoding_base64(&bytes, &reading->target->arena,
			    (const unsigned char *)coded, strlen(coded),
			    BASE64_STANDARD) ||
			memchr(bytes.bytes, '\0', bytes.len))
			return refuse(reading, "a path_base64 is no path");
		path = arena_memdupz(
			&reading->target->arena, bytes.bytes, bytes.len);
	}
	if (!path || !*path)
		return refuse(reading, "an element of 'paths' has no path");
	if (!id)
		purge_target_add_path(reading->target, path);
	else if (is_hex(id, FINGERPRINT_HEX))
		purge_target_add_hidden(reading->target, id, path, NULL);
	else
		return refuse(reading, "a path_id is no keyed hash");
	return 0;
}

static int take_blob(struct reading *reading, const json_t *value)
{
	const char *hex = json_string_value(value);
	struct oid oid;
	if (!is_hex(hex, OID_HEX_SIZE) || !oid_from_hex(&oid, hex))
		return refuse(reading, "an element of 'blobs' is no object id");
	purge_target_add_blob(reading->target, &oid);
	return 0;
}

static int take_secret(struct reading *reading, const json_t *value)
{
	const char *id = text_of(value, "secret_id");
	const char *rule = text_of(value, "rule");
	if (!is_hex(id, FINGERPRINT_HEX) || !rule)
		return refuse(reading,
			"an element of 'secrets' lacks secret_id or rule");
	purge_target_add_secret(reading->target, id, rule);
	return 0;
}

static int take_lfs(struct reading *reading, const json_t *value)
{
	const char *id = json_string_value(value);
	if (!is_hex(id, LFS_ID_HEX))
		return refuse(reading, "an element of 'lfs' is no SHA-256");
	purge_target_add_lfs(reading->target, id);
	return 0;
}

static int take_list(struct reading *reading, const json_t *plan,
	const char *key,
	int (*take)(struct reading *reading, const json_t *value))
{
	const json_t *list = json_object_get(plan, key);
	if (!json_is_array(list))
		return err_set(reading->err, ERR_PARSE, "%s: no list '%s'",
			reading->file, key);
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < json_array_size(list); i++)
		rc = take(reading, json_array_get(list, i));
	return rc;
}

/** A number that older plans do not have. */
static int take_count(const struct reading *reading, const json_t *plan,
	size_t *out, const char *key)
{
	const json_t *value = json_object_get(plan, key);
	if (!value)
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return err_set(reading->err, ERR_PARSE, "%s: '%s' is no count",
			reading->file, key);
	*out = (size_t)json_integer_value(value);
	return 0;
}

static int reason_of(const char *name)
{
	for (int reason = 0; name && reason < SKIP_REASON_COUNT; reason++)
		if (!strcmp(name, skip_reason_name(reason)))
			return reason;
	return SKIP_UNSUPPORTED;
}

/** What the plan says that it did not look at. */
static void take_skips(struct reading *reading, const json_t *plan)
{
	struct scan_result *skips = &reading->target->skips;
	const json_t *list = json_object_get(plan, "skipped");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		int reason = reason_of(text_of(row, "reason"));
		const char *object = text_of(row, "object");
		if (!skip_is_incomplete(reason))
			continue;
		struct skipped *skipped =
			scan_result_add_skipped(skips, reason);
		if (is_hex(object, OID_HEX_SIZE))
			memcpy(skipped->object, object, OID_HEX_SIZE + 1);
	}
	if (!skips->skipped_count &&
		json_is_false(json_object_get(plan, "complete")))
		scan_result_add_skipped(skips, SKIP_UNSUPPORTED)->detail =
			"its plan does not say what";
	scan_result_sort(skips);
}

static int take_digest(const struct reading *reading, const json_t *plan,
	char *out, const char *key, size_t len)
{
	const char *text = text_of(plan, key);
	if (!is_hex(text, len))
		return err_set(reading->err, ERR_PARSE, "%s: no digest '%s'",
			reading->file, key);
	memcpy(out, text, len + 1);
	return 0;
}

/** Whether it is a plan at all, and one that was not changed by hand into
 * something that finds less. */
static int check_digest(const struct reading *reading, const json_t *plan)
{
	char said[65];
	char is[65];
	int rc = take_digest(reading, plan, said, "target_digest", 64);
	if (rc < 0)
		return rc;
	purge_target_digest(is, reading->target);
	return strcmp(said, is) != 0
		? refuse(reading, "its lists do not fit its target_digest")
		: 0;
}

static int take_plan(struct reading *reading, const json_t *plan)
{
	const char *type = text_of(plan, "type");
	if (!type || strcmp(type, "purge-plan") != 0)
		return refuse(reading,
			"is no plan of git hygiene purge --plan -o <file>");
	if (json_integer_value(json_object_get(plan, "format")) != 1)
		return refuse(reading, "a plan of another format than 1");
	int rc = take_digest(reading, plan, reading->target->rules_digest,
		"rules_digest", 64);
	if (rc == 0)
		rc = take_digest(reading, plan, reading->target->key_check,
			"key_check", FINGERPRINT_HEX);
	if (rc == 0)
		rc = take_list(reading, plan, "paths", take_path);
	if (rc == 0)
		rc = take_list(reading, plan, "blobs", take_blob);
	if (rc == 0)
		rc = take_list(reading, plan, "secrets", take_secret);
	if (rc == 0)
		rc = take_list(reading, plan, "lfs", take_lfs);
	if (rc == 0)
		rc = take_count(reading, plan, &reading->target->accepted,
			"accepted_findings");
	if (rc == 0)
		rc = take_count(reading, plan, &reading->target->excluded,
			"excluded_paths");
	if (rc < 0)
		return rc;
	take_skips(reading, plan);
	purge_target_sort(reading->target);
	return check_digest(reading, plan);
}

int purge_target_load(
	struct purge_target *out, const char *path, struct err *err)
{
	*out = (struct purge_target){ 0 };
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, MAX_PLAN_SIZE);
	int rc = file_read(&text, path, FILE_FOLLOW, err);
	if (rc < 0)
		return rc;
	json_error_t why;
	CLEANUP(json_decrefp)
	json_t *plan = json_loadb(text.bytes ? text.bytes : "", text.len,
		JSON_REJECT_DUPLICATES, &why);
	if (!plan)
		return err_set(err, ERR_PARSE, "%s:%d:%d: %s", path, why.line,
			why.column, why.text);
	struct reading reading = { out, path, err };
	rc = take_plan(&reading, plan);
	if (rc < 0)
		purge_target_clear(out);
	return rc;
}
