/* "Did you mean …?": the known word that is closest to a mistyped one. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

/**
 * The candidate (`candidates` ends with NULL) that the fewest edits turn
 * `word` into: a letter changed, added, left out, or two neighbours swapped.
 * NULL when none is close: more than one edit for each three letters, and for
 * words over 64 bytes. The first of equals.
 */
const char *suggest(const char *word, const char *const *candidates);

#endif
