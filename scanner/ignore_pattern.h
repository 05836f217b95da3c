/*
 * Patterns for .gitignore, gitignore(5), that match exactly one path.
 *
 * What is special in a pattern is escaped; a byte that cannot stand in a line
 * of text (a control byte, a part of invalid or unsafe UTF-8) becomes `?`,
 * which git matches against any one byte. So a pattern is always one line of
 * safe UTF-8, whatever the path.
 */
#ifndef SCANNER_IGNORE_PATTERN_H
#define SCANNER_IGNORE_PATTERN_H

#include "base/buf.h"
#include "scanner/finding.h"

/** Appends a path, escaped to stand behind a slash in a pattern. */
int ignore_pattern_add_path(
	struct buf *out, const char *path, size_t len) MUST_CHECK;

/**
 * Appends the pattern to suggest for a finding: that of finding_remedy(), with
 * {store}, {path} and {name} (of the file) filled in, else `/store/` when its
 * store is a folder, else `/path`. Appends nothing for a finding without a path
 * in a tree, nothing where that holds a secret, and nothing for a rule that
 * neither has a pattern nor untracks: its files belong where they are.
 */
int ignore_pattern_of(
	struct buf *out, const struct finding *finding) MUST_CHECK;

#endif
