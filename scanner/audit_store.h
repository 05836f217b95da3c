/* Where an application keeps its sessions, held against the repository. */
#ifndef SCANNER_AUDIT_STORE_H
#define SCANNER_AUDIT_STORE_H

#include "scanner/audit.h"
#include "scanner/audit_files.h"

/** Adds the stores that the application's rows name, and the one that
 * Flask-Session takes when nobody names any. */
void audit_add_stores(struct audit *audit, struct audit_app *app,
	struct repo *repo, const struct audit_paths *tracked);

#endif
