/*
 * A bounded walk over the files below a folder on disk. No symlink is followed,
 * and nothing is opened but folders: what a name stands for is the caller's to
 * find out.
 */
#ifndef SCANNER_FOLDER_WALK_H
#define SCANNER_FOLDER_WALK_H

#include <stdbool.h>
#include <stddef.h>

/** What decides a walk, and what is told of it. Paths begin with `prefix`. */
struct folder_walk_calls {
	/** False for a folder or file that is left out, before it is opened. */
	bool (*wants)(const char *path, bool is_folder, void *ctx);
	/** False to turn back in the folder that was opened; or NULL. */
	bool (*enters)(const char *path, int folder, void *ctx);
	/** A name that is no folder; false ends the walk. */
	bool (*take)(const char *path, void *ctx);
	/** What could not be looked at: enum skip_reason. */
	void (*skip)(
		const char *path, int reason, const char *detail, void *ctx);
};

struct folder_walk_opts {
	int root;           /* descriptor, borrowed */
	const char *prefix; /* of all paths: "", or a folder with its slash */
	size_t max_depth;   /* folders open at once, a descriptor each */
	const struct folder_walk_calls *calls;
	void *ctx;
};

/** Walks, in no order. */
void folder_walk(const struct folder_walk_opts *opts);

#endif
