/* What the rules say of an application's settings, and of those it lacks. */
#ifndef SCANNER_AUDIT_ROWS_H
#define SCANNER_AUDIT_ROWS_H

#include "scanner/audit.h"

/** Adds the file's settings of the application's framework as rows. */
void audit_add_rows(struct audit_app *app, const struct audit_file *file,
	const struct ruleset *rules);

/** Adds what the rules miss, puts the rows into their order, and works out
 * what to write instead of each. */
void audit_finish_rows(struct audit *audit, struct audit_app *app,
	const struct ruleset *rules);

#endif
