/* What an audit can say beyond single settings; shared by its reports. */
#ifndef REPORT_AUDIT_ADVICE_H
#define REPORT_AUDIT_ADVICE_H

#include "scanner/audit.h"

#include <stdbool.h>
#include <stddef.h>

/** A store for production, and the lines that choose it. */
struct audit_backend {
	const char *name;         /* for machines: "redis" */
	const char *title;        /* for people, a sentence */
	const char *const *lines; /* NULL-ended */
};

extern const struct audit_backend audit_backends[];
extern const size_t audit_backend_count;

/** True when the application keeps its sessions in files, so that a store for
 * production is worth naming. */
bool audit_keeps_files(const struct audit_app *app);

/** What to know of the version of Flask-Session; the next one behind `at`,
 * which starts at 0. NULL when there are no more. */
const char *audit_version_note(const struct audit_app *app, size_t *at);

/** What follows from where a store is; NULL when it lies outside. */
const char *audit_store_advice(const struct audit_store *store);

#endif
