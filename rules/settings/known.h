/*
 * The settings that are known, by framework: their names, what holds when
 * nobody sets them, and what has to be said of them in any case.
 */
#ifndef RULES_SETTINGS_KNOWN_H
#define RULES_SETTINGS_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

enum framework {
	FRAMEWORK_FLASK, /* and Flask-Session */
	FRAMEWORK_DJANGO,
	FRAMEWORK_EXPRESS, /* express-session, cookie-session */
	FRAMEWORK_LARAVEL,
	FRAMEWORK_SYMFONY,
	FRAMEWORK_PHP,
	FRAMEWORK_RAILS,
	FRAMEWORK_COUNT,
};

/** The unit of a plain number. */
enum setting_unit {
	UNIT_NONE,
	UNIT_SECONDS,
	UNIT_MINUTES,
	UNIT_MILLISECONDS,
	UNIT_PATH, /* no number: the name of a file or folder */
	UNIT_MODE, /* permissions */
};

struct known_setting {
	int framework; /* enum framework */
	const char *key;
	const char *alias;         /* another name, or NULL */
	const char *default_value; /* as people write it; NULL: nothing */
	const char *note; /* what to know of any value of it, or NULL */
	int unit;         /* enum setting_unit */
	bool secret;      /* its value is never shown */
};

/** The table, in the order in which an audit lists them. */
extern const struct known_setting known_settings[];
extern const size_t known_setting_count;

/** The setting of that exact name or alias, or NULL. */
const struct known_setting *known_setting_find(int framework, const char *name);

/** "flask", "django", … in rule files and reports; -1 for another word. */
const char *framework_name(int framework);
int framework_parse(const char *word);

/** "Flask", "Django", … for people. */
const char *framework_title(int framework);

#endif
