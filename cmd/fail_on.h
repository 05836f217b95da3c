/* --fail-on: from which severity on a command ends with 1. */
#ifndef CMD_FAIL_ON_H
#define CMD_FAIL_ON_H

#include "base/err.h"

/** Sets *out to an enum severity, or, for "never", beyond all of them; to low
 * for NULL. ERR_USAGE for another word. */
int fail_on_parse(int *out, const char *word, struct err *err) MUST_CHECK;

#endif
