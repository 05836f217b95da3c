/* libgit2's last error, made into ours. */
#ifndef SCANNER_ERR_GIT_H
#define SCANNER_ERR_GIT_H

#include "base/err.h"

/** Sets ERR_GIT: the text, ": " and libgit2's reason. */
int err_git(struct err *err, const char *what, ...) PRINTF_LIKE(2, 3);

/** The same with another code. */
int err_git_code(struct err *err, int code, const char *what, ...)
	PRINTF_LIKE(3, 4);

#endif
