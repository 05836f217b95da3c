#include "remedy/purge_files.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/file_replace.h"
#include "rules/placeholder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines. */

static bool is_plain(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
		(byte >= 'A' && byte <= 'Z') || byte == '/' || byte == '_';
}

/** Bytes as a pattern of Python's re that matches them alone. */
static void add_pattern(struct buf *out, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < len; i++) {
		if (is_plain(at[i]))
			buf_add_byte(out, at[i]);
		else
			buf_printf(out, "\\x%02x", at[i]);
	}
}

/** Bytes as a replacement of Python's re.sub: three octal digits are a byte. */
static void add_template(struct buf *out, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < len; i++) {
		if (at[i] == '\\')
			buf_add_text(out, "\\\\");
		else if (!is_plain(at[i]) && at[i] < 0100)
			/* \0NN: \1NN could be a group */
			buf_printf(out, "\\0%02o", at[i]);
		else
			buf_add_byte(out, at[i]);
	}
}

/** True when bytes can stand in a line as they are. */
static bool fits_line(const void *bytes, size_t len)
{
	return !memchr(bytes, '\n', len) && !memchr(bytes, '\r', len) &&
		!memmem(bytes, len, "==>", 3);
}

void purge_add_path_line(struct buf *out, const char *path, bool exact)
{
	size_t len = strlen(path);
	if (!exact && fits_line(path, len)) {
		buf_printf(out, "literal:%s\n", path);
		return;
	}
	buf_add_text(out, "regex:^");
	add_pattern(out, path, len);
	/* \Z, as $ would also match before a newline at the end */
	buf_add_text(out,
		path[len - 1] == '/' ? ""
			: exact      ? "\\Z"
				     : "(/|\\Z)");
	buf_add_byte(out, '\n');
}

void purge_add_value_line(struct buf *out, const struct purge_value *value)
{
	const unsigned char *after = value->bytes + value->secret_end;
	size_t after_len = value->len - value->secret_end;
	bool literal = fits_line(value->bytes, value->len);
	buf_add_text(out, literal ? "literal:" : "regex:");
	if (literal)
		buf_add(out, value->bytes, value->len);
	else
		add_pattern(out, value->bytes, value->len);
	buf_add_text(out, "==>");
	if (literal)
		buf_add(out, value->bytes, value->secret_start);
	else
		add_template(out, value->bytes, value->secret_start);
	buf_add_text(out, PLACEHOLDER_REPLACEMENT);
	if (literal)
		buf_add(out, after, after_len);
	else
		add_template(out, after, after_len);
	buf_add_byte(out, '\n');
}

/* Paths. */

/** A path of the repository; `others` counts those before it in the order
 * that are no targets. */
struct known_path {
	const char *text;
	bool is_target;
	size_t others;
};

struct known_paths {
	struct known_path *items;
	size_t count;
};

static int compare_known(const void *a, const void *b)
{
	const struct known_path *left = a;
	const struct known_path *right = b;
	return strcmp(left->text, right->text);
}

/** All paths of the table and of the target, sorted, none twice. */
static void know_paths(struct known_paths *out,
	const struct purge_target *target, const struct path_table *paths)
{
	size_t room = paths->count + purge_target_count_paths(target) + 1;
	out->items = xcalloc(room, sizeof(*out->items));
	out->count = 0;
	for (uint32_t i = 0; i < paths->count; i++)
		if (!purge_target_has_path(target, paths->entries[i].text))
			out->items[out->count++].text = paths->entries[i].text;
	for (size_t i = 0; i < target->path_count; i++)
		out->items[out->count++] = (struct known_path){
			.text = target->paths[i],
			.is_target = true,
		};
	for (size_t i = 0; i < target->hidden_count; i++)
		if (target->hidden[i].path)
			out->items[out->count++] = (struct known_path){
				.text = target->hidden[i].path,
				.is_target = true,
			};
	qsort(out->items, out->count, sizeof(*out->items), compare_known);
	size_t others = 0;
	for (size_t i = 0; i < out->count; i++) {
		out->items[i].others = others;
		others += !out->items[i].is_target;
	}
	out->items[out->count].others = others;
}

/** The first path from `from` on that does not start with the prefix; paths
 * that do are neighbours. */
static size_t end_of_prefix(const struct known_paths *known, size_t from,
	const char *prefix, size_t len)
{
	size_t low = from;
	size_t high = known->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strncmp(known->items[middle].text, prefix, len) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/** The first path that is not below the prefix in the order. */
static size_t start_of_prefix(
	const struct known_paths *known, const char *prefix, size_t len)
{
	size_t low = 0;
	size_t high = known->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strncmp(known->items[middle].text, prefix, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t others_in(const struct known_paths *known, const char *prefix,
	size_t len, size_t *end)
{
	size_t start = start_of_prefix(known, prefix, len);
	*end = end_of_prefix(known, start, prefix, len);
	return known->items[*end].others - known->items[start].others;
}

/** Writes the line for the target at `number`; returns the next to look at. */
static size_t add_path(
	struct buf *out, const struct known_paths *known, size_t number)
{
	const char *path = known->items[number].text;
	for (const char *slash = strchr(path, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		size_t len = (size_t)(slash + 1 - path);
		size_t end;
		if (others_in(known, path, len, &end) || end - number < 2)
			continue;
		CLEANUP(freep) char *folder = xmemdupz(path, len);
		purge_add_path_line(out, folder, false);
		return end;
	}
	CLEANUP(buf_clear) struct buf below;
	buf_init(&below, 0);
	buf_printf(&below, "%s/", path);
	size_t end;
	bool exact = others_in(known, below.bytes, below.len, &end) != 0;
	purge_add_path_line(out, path, exact);
	return number + 1;
}

void purge_add_path_lines(struct buf *out, const struct purge_target *target,
	const struct path_table *paths)
{
	struct known_paths known;
	know_paths(&known, target, paths);
	for (size_t i = 0; i < known.count;)
		i = known.items[i].is_target ? add_path(out, &known, i) : i + 1;
	free(known.items);
}

/* Blobs. */

static void add_blob_line(struct buf *out, const struct oid *oid)
{
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	buf_printf(out, "%s\n", hex);
}

/* Appends the ids of blobs that must go by id: target blobs that stand at
 * other paths too, and binaries with a secret inside. */
static void purge_add_blob_lines(struct buf *out,
	const struct purge_target *target, const struct changes *changes,
	const struct purge_values *values)
{
	struct oid_map told = { 0 };
	CLEANUP(freep)
	bool *stays = xcalloc(changes->paths.count, sizeof(*stays));
	for (uint32_t p = 0; p < changes->paths.count; p++)
		stays[p] = !purge_target_has_path(
			target, changes->paths.entries[p].text);
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];
		if (change->blob == BLOB_NONE || !stays[change->path])
			continue;
		const struct oid *oid = &changes->blobs.oids[change->blob];
		bool is_new = false;
		if (purge_target_has_blob(target, oid))
			oid_map_add(&told, oid, &is_new);
		if (is_new)
			add_blob_line(out, oid);
	}
	for (size_t i = 0; i < values->binary_count; i++) {
		bool is_new;
		oid_map_add(&told, &values->binaries[i], &is_new);
		if (is_new)
			add_blob_line(out, &values->binaries[i]);
	}
	oid_map_clear(&told);
}

/* Files. */

void purge_files_clear(struct purge_files *files)
{
	free(files->folder);
	free(files->paths);
	free(files->blobs);
	free(files->replacements);
	*files = (struct purge_files){ 0 };
}

static void remove_file(const char *path)
{
	if (path)
		unlink(path);
}

void purge_files_remove(struct purge_files *files)
{
	remove_file(files->paths);
	remove_file(files->blobs);
	remove_file(files->replacements);
	if (files->folder && files->is_temporary)
		rmdir(files->folder);
	purge_files_clear(files);
}

static int make_folder(
	struct purge_files *files, const char *folder, struct err *err)
{
	if (folder) {
		if (mkdir(folder, 0700) < 0 && errno != EEXIST)
			return err_errno(err, "%s", folder);
		files->folder = realpath(folder, NULL);
		return files->folder ? 0 : err_errno(err, "%s", folder);
	}
	const char *parent = getenv("TMPDIR");
	struct buf name;
	buf_init(&name, 0);
	buf_printf(&name, "%s/git-hygiene-purge.XXXXXX",
		parent && *parent == '/' ? parent : "/tmp");
	files->folder = buf_steal(&name);
	if (!mkdtemp(files->folder)) /* mode 0700 */
		return err_errno(err, "%s", files->folder);
	files->is_temporary = true;
	return 0;
}

/** Writes one file, if there is anything to write, and keeps its path. */
static int write_file(char **path, const char *folder, const char *name,
	const struct buf *text, struct err *err)
{
	if (!text->len)
		return 0;
	struct buf whole;
	buf_init(&whole, 0);
	buf_printf(&whole, "%s/%s", folder, name);
	CLEANUP(freep) char *file = buf_steal(&whole);
	int fd = open(file,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "%s", file);
	*path = STEAL(file);
	bool failed = write_fully(fd, text->bytes, text->len) < 0;
	failed = close(fd) < 0 || failed;
	return failed ? err_errno(err, "%s", *path) : 0;
}

static int write_secrets(struct purge_files *files,
	const struct purge_values *values, struct err *err)
{
	struct buf text;
	buf_init(&text, 0);
	size_t room = 0;
	for (size_t i = 0; i < values->count; i++)
		room += 9 * values->items[i].len + 64;
	/* all at once: growing would leave copies of the secrets behind */
	int rc = buf_reserve(&text, room + 1);
	for (size_t i = 0; rc == 0 && i < values->count; i++)
		purge_add_value_line(&text, &values->items[i]);
	if (rc == 0)
		rc = write_file(&files->replacements, files->folder,
			"replacements.txt", &text, err);
	if (text.bytes)
		explicit_bzero(text.bytes, text.len);
	buf_clear(&text);
	return rc;
}

int purge_files_write(struct purge_files *out, const char *folder,
	const struct purge_target *target, const struct changes *changes,
	const struct purge_values *values, struct err *err)
{
	*out = (struct purge_files){ 0 };
	CLEANUP(buf_clear) struct buf paths;
	CLEANUP(buf_clear) struct buf blobs;
	buf_init(&paths, 0);
	buf_init(&blobs, 0);
	purge_add_path_lines(&paths, target, &changes->paths);
	purge_add_blob_lines(&blobs, target, changes, values);
	int rc = make_folder(out, folder, err);
	if (rc == 0)
		rc = write_file(
			&out->paths, out->folder, "paths.txt", &paths, err);
	if (rc == 0)
		rc = write_file(
			&out->blobs, out->folder, "blobs.txt", &blobs, err);
	if (rc == 0)
		rc = write_secrets(out, values, err);
	if (rc < 0)
		purge_files_remove(out);
	return rc;
}

void purge_files_command(
	const char *words[PURGE_MAX_WORDS], const struct purge_files *files)
{
	size_t count = 0;
	words[count++] = "--force"; /* also where a stash exists */
	words[count++] = "--replace-refs";
	words[count++] = "delete-no-add";
	if (files->paths) {
		words[count++] = "--invert-paths";
		words[count++] = "--paths-from-file";
		words[count++] = files->paths;
	}
	if (files->blobs) {
		words[count++] = "--strip-blobs-with-ids";
		words[count++] = files->blobs;
	}
	if (files->replacements) {
		words[count++] = "--replace-text";
		words[count++] = files->replacements;
		words[count++] = "--replace-message";
		words[count++] = files->replacements;
	}
	words[count] = NULL;
}
