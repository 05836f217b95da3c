/* Which version of Flask-Session a project asks for. */
#ifndef SCANNER_AUDIT_VERSION_H
#define SCANNER_AUDIT_VERSION_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * True when a list of requirements (PEP 508, pyproject.toml, Pipfile, lock
 * files) names Flask-Session; *version is then what it says behind the name,
 * "0.4.0" of `Flask-Session>=0.4.0`, or NULL. The text lives in the arena.
 */
bool audit_find_version(const char **version, struct arena *arena,
	const unsigned char *bytes, size_t len);

/** True when "0.6.1" is before that major and minor number; false for NULL. */
bool audit_version_before(const char *version, unsigned major, unsigned minor);

#endif
