/*
 * Prints an index: an entry a record, "<mode> <id> <stage> <flag>\t<path>" and
 * a NUL, where the flag is N for an intent to add. --libgit2 reads it through
 * libgit2; --cache-tree prints "<id> <entries>\t<path>" of each valid folder.
 */
#include "base/alloc.h"
#include "base/buf.h"
#include "scanner/index_file.h"

#include <git2.h>

#include <stdio.h>
#include <string.h>

static void print(const struct repo_index_entry *entry)
{
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, &entry->oid);
	printf("%06o %s %d %c\t%s%c", entry->mode, hex, entry->stage,
		entry->intent_to_add ? 'N' : '-', entry->path, '\0');
}

static int take(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)ctx;
	(void)err;
	print(entry);
	return 0;
}

static int dump_by_libgit2(const char *path)
{
	git_libgit2_init();
	git_index *index;
	if (git_index_open(&index, path) < 0) {
		fprintf(stderr, "%s\n", git_error_last()->message);
		return 1;
	}
	for (size_t i = 0; i < git_index_entrycount(index); i++) {
		const git_index_entry *entry = git_index_get_byindex(index, i);
		struct repo_index_entry item = {
			.path = entry->path,
			.mode = entry->mode,
			.stage = git_index_entry_stage(entry),
			.intent_to_add = entry->flags_extended &
				GIT_INDEX_ENTRY_INTENT_TO_ADD,
		};
		memcpy(item.oid.bytes, entry->id.id, OID_SIZE);
		print(&item);
	}
	git_index_free(index);
	git_libgit2_shutdown();
	return 0;
}

/** Prints the folder and, by way of a list, those below it. */
static void dump_cache_tree(const struct cache_tree *tree)
{
	char **paths = xcalloc(tree->count, sizeof(*paths));
	for (size_t i = 0; i < tree->count; i++) {
		const struct cache_tree_node *node = &tree->nodes[i];
		for (uint32_t c = 0; c < node->child_count; c++) {
			const struct cache_tree_node *child =
				&tree->nodes[node->first_child + c];
			struct buf path;
			buf_init(&path, 0);
			buf_printf(&path, "%s%.*s/", i ? paths[i] : "",
				(int)child->name_len, child->name);
			paths[node->first_child + c] = buf_steal(&path);
		}
		char hex[OID_HEX_SIZE + 1];
		if (node->oid) {
			oid_to_hex(hex, (const struct oid *)node->oid);
			printf("%s %u\t%s%c", hex, node->entry_count,
				i ? paths[i] : "", '\0');
		}
	}
	for (size_t i = 0; i < tree->count; i++)
		free(paths[i]);
	free(paths);
}

int main(int argc, char **argv)
{
	struct err err = { 0 };
	CLEANUP(index_file_clear) struct index_file index = { 0 };
	if (argc == 3 && !strcmp(argv[1], "--libgit2"))
		return dump_by_libgit2(argv[2]);
	int rc = index_file_open(&index, argv[argc - 1], &err);
	if (rc == 0 && argc == 3)
		dump_cache_tree(&index.cache_tree);
	else if (rc == 0)
		rc = index_file_each(&index, take, NULL, &err);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.msg);
	return rc < 0;
}
