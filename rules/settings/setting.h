/*
 * Settings of sessions, as a file states them: read from its bytes without
 * running anything. A setting has a key of a known framework, a value (or the
 * reason why it cannot be told), and the place where it stands.
 */
#ifndef RULES_SETTINGS_SETTING_H
#define RULES_SETTINGS_SETTING_H

#include "base/arena.h"
#include "rules/settings/known.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum setting_type {
	SETTING_UNRESOLVED, /* `text` says why, for people */
	SETTING_NONE,
	SETTING_BOOL,     /* number is 0 or 1 */
	SETTING_INT,      /* number; `octal` where it was written so */
	SETTING_DURATION, /* number: seconds */
	SETTING_TEXT,     /* text */
	SETTING_PATH,     /* text, relative to `base` */
	SETTING_LIST,     /* number of items; they are not kept */
};

/** What the text of a SETTING_PATH is relative to. */
enum path_base {
	PATH_ABSOLUTE,  /* nothing: "/var/lib/sessions" */
	PATH_FILE,      /* the folder of the file that says so */
	PATH_WORKING,   /* the folder that the program is started in */
	PATH_INSTANCE,  /* Flask's instance folder */
	PATH_TEMPORARY, /* the system's folder for temporary files */
	PATH_HOME,
};

struct setting_value {
	int type; /* enum setting_type */
	int base; /* enum path_base */
	bool octal;
	int64_t number;
	const char *text; /* NUL-ended; never NULL for a type that has one */
	const char *variable; /* environment variable whose default this is, or
				 that decides it; or NULL */
};

/** How a setting is written; decides what a line that corrects it looks like.
 */
enum setting_form {
	FORM_ITEM,      /* app.config['KEY'] = v */
	FORM_KEYWORD,   /* KEY=v, in a call */
	FORM_PAIR,      /* 'KEY': v, of a dict, an object or an array */
	FORM_NAME,      /* KEY = v, of a module or class */
	FORM_ATTRIBUTE, /* app.key = v */
	FORM_ENV,       /* KEY=v, a variable of the environment */
	FORM_YAML,      /* KEY: v */
	FORM_TOML,      /* KEY = v */
	FORM_JSON,      /* "KEY": v */
	FORM_INI,       /* KEY = v, without quotes */
	FORM_CALL,      /* ini_set('KEY', v) */
};

struct setting {
	int framework;       /* enum framework */
	const char *key;     /* static, of the table of known settings */
	const char *spelled; /* the name in the file */
	const char *target;  /* what stands before it: "app.config", or NULL */
	struct setting_value value;
	size_t start, end;             /* of name and value, half-open bytes */
	size_t value_start, value_end; /* of the value as written, quotes
					 included; both 0: not known */
	size_t line;                   /* of its start */
	int form;                      /* enum setting_form */
	const char *scope; /* the class that it belongs to, or NULL */
	bool is_default;   /* by setdefault(): anything else wins */
	bool development;  /* of a class or file for development or tests */
	bool overridden;   /* another one of this file wins for certain */
	bool weak; /* a name that everybody uses, in a file that says nothing
		      of sessions: it counts as part of an application alone */

	/* where it was assigned, to tell which one wins */
	unsigned block; /* number of the function or class; 0: the module */
	size_t indent;  /* columns */
};

/** A class and what it inherits from, as written. */
struct setting_class {
	const char *name;
	const char *const *bases; /* NULL-ended, last names alone */
};

/** What a file says beside its settings; bits. */
enum settings_use {
	USES_FLASK = 1 << 0,
	USES_FLASK_SESSION = 1 << 1,
	USES_DJANGO = 1 << 2,
	USES_EXPRESS_SESSION = 1 << 3,
	MAKES_APP = 1 << 4, /* calls Flask(…), session({…}), … */
};

/** A file or class that an application loads its settings from. */
struct setting_source {
	const char *name; /* "config.ProductionConfig", "settings.cfg" */
	bool is_file;
};

/** All that one file says. Texts live in the arena. */
struct settings {
	struct arena arena;
	struct setting *items; /* in the order of the file */
	size_t count, capacity;
	struct setting_class *classes;
	size_t class_count, class_capacity;
	struct setting_source *sources;
	size_t source_count, source_capacity;
	unsigned uses;   /* enum settings_use */
	const char *app; /* the application object's name: "app", or NULL */
	bool truncated;  /* a bound was hit */
};

/** How a file is read, by its name. */
enum settings_format {
	SETTINGS_NONE, /* it is not one that settings stand in */
	SETTINGS_PYTHON,
	SETTINGS_JAVASCRIPT,
	SETTINGS_PHP,
	SETTINGS_RUBY,
	SETTINGS_JSON,
	SETTINGS_ENV,  /* .env, Procfile, systemd units, Dockerfile */
	SETTINGS_YAML, /* compose files, Kubernetes, workflows, Symfony */
	SETTINGS_TOML,
	SETTINGS_INI, /* php.ini, .user.ini, .htaccess */
};

/** The format of a path (no leading slash), by its last component. */
int settings_format(const char *path);

/** True when settings of that framework stand in files of that format. */
bool settings_format_has(int format, int framework);

/** True when by its name a file is for development, tests, or an example. */
bool settings_path_is_development(const char *path);

/** The same by the name of a class: DevConfig, TestingConfig. */
bool settings_class_is_development(const char *name);

/**
 * Reads a file. Never fails: what it does not understand it passes over. A
 * pure function of path and bytes. Caller clears.
 */
void settings_read(struct settings *out, const char *path,
	const unsigned char *bytes, size_t len);
void settings_clear(struct settings *settings);

#endif
