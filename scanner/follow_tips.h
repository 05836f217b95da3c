/* What stands at the followed paths at the tips: for follow.c, from its lists
 * of names. */
#ifndef SCANNER_FOLLOW_TIPS_H
#define SCANNER_FOLLOW_TIPS_H

#include "base/err.h"
#include "scanner/follow.h"
#include "scanner/name_lists.h"

/**
 * Tells input->at_tip() of the trees of all tips; of a ref that names a blob
 * as the path "". A folder that several tips of one kind have is gone through
 * once. 1: some tree is no set of names, or the lists take too much memory, and
 * not all was told.
 */
int follow_tips(struct name_lists *lists, const struct follow_input *input,
	const struct changes *changes, struct err *err) MUST_CHECK;

#endif
