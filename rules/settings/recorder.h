/*
 * What the readers of the several formats have in common: they find a name and
 * a value, and the recorder makes a setting of the two, if the name is known.
 */
#ifndef RULES_SETTINGS_RECORDER_H
#define RULES_SETTINGS_RECORDER_H

#include "rules/settings/eval.h"
#include "rules/settings/setting.h"

#define SETTINGS_MAX 1000 /* of a file */

/** A name and its value as a reader found them; copied. */
struct found_setting {
	const char *name;    /* as it is known */
	const char *spelled; /* as it is written; NULL: name */
	const char *target;
	struct setting_value value;
	size_t start, end;
	size_t value_start, value_end; /* 0 where no one place holds it */
	size_t line;
	int form;
	const char *scope;
	bool is_default;
	bool development;
	unsigned block;
	size_t indent;
};

/** One file being read. */
struct recorder {
	struct settings *out;
	const char *path;
	const unsigned char *bytes;
	size_t len;
	bool development; /* by its name */
	struct eval_file file;
	size_t nodes_left;
};

/** Adds a setting of that framework; false when the name is not known. */
bool record(struct recorder *recorder, int framework,
	const struct found_setting *found);

/** A variable of the environment: FLASK_<KEY>, a Laravel name, or the bare name
 * of a Flask setting. The value is the text that it is set to. */
bool record_variable(struct recorder *recorder, struct found_setting *found);

void record_source(struct recorder *recorder, const char *name, bool is_file);
void record_class(
	struct recorder *recorder, const char *name, const char *const *bases);

/** Marks the settings that another one of the file replaces for certain. */
void record_end(struct recorder *recorder);

/** A text as JSON (RFC 8259) or, with `loose`, as people write booleans. */
struct setting_value value_of_word(const char *text, bool loose);

/* The readers. */
void python_read(struct recorder *recorder);
void javascript_read(struct recorder *recorder);
void json_read(struct recorder *recorder);
void php_read(struct recorder *recorder);
void ruby_read(struct recorder *recorder);
void env_read(struct recorder *recorder);
void yaml_read(struct recorder *recorder);
void toml_read(struct recorder *recorder);
void ini_read(struct recorder *recorder);

#endif
