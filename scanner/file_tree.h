/*
 * Files below a folder of the repository's own (refs, logs), by name. No link
 * is followed, and the depth is bounded.
 */
#ifndef SCANNER_FILE_TREE_H
#define SCANNER_FILE_TREE_H

/**
 * Pushes every entry below `root`/`folder` that is no folder, named
 * "<folder>/…", with its whole path, in no order. Names that start with a dot
 * are left out: no ref has one. A folder that cannot be opened, or lies too
 * deep, is pushed itself.
 */
void file_tree_each(const char *root, const char *folder,
	void (*sink)(const char *name, const char *path, void *ctx), void *ctx);

#endif
