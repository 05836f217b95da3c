/* Puts commits into the order that history.h promises. */
#ifndef SCANNER_COMMIT_ORDER_H
#define SCANNER_COMMIT_ORDER_H

struct history;

/** Renumbers commits, parents and tips of the history: parents first, then by
 * committer date, then by id. Commits on a cycle (only damage makes one) go
 * last. */
void commit_order_apply(struct history *history);

#endif
