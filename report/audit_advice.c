#include "report/audit_advice.h"

#include "base/cleanup.h"
#include "scanner/audit_version.h"

#include <string.h>

/* flask-session 0.8.0, docs/config.rst */
static const char redis_client[] = "app.config['SESSION_REDIS'] = "
				   "redis.from_url(os.environ['REDIS_URL'])";
static const char database_uri[] = "app.config['SQLALCHEMY_DATABASE_URI'] = "
				   "os.environ['DATABASE_URL']";
static const char redis_title[] =
	"Redis, where a session ends by itself after "
	"PERMANENT_SESSION_LIFETIME (pip install redis):";
static const char database_title[] =
	"or a database, where expired rows stay until `flask session_cleanup` "
	"is run (pip install flask-sqlalchemy):";

static const char *const redis_lines[] = {
	"import os",
	"import redis",
	"app.config['SESSION_TYPE'] = 'redis'",
	redis_client,
	NULL,
};
static const char *const database_lines[] = {
	"import os",
	"from flask_sqlalchemy import SQLAlchemy",
	database_uri,
	"app.config['SESSION_TYPE'] = 'sqlalchemy'",
	"app.config['SESSION_SQLALCHEMY'] = SQLAlchemy(app)",
	NULL,
};

const struct audit_backend audit_backends[] = {
	{ "redis", redis_title, redis_lines },
	{ "sqlalchemy", database_title, database_lines },
};
const size_t audit_backend_count = ARRAY_SIZE(audit_backends);

static bool is_file_type(const struct audit_row *row)
{
	return row->setting && !row->setting->development &&
		!strcmp(row->known->key, "SESSION_TYPE") &&
		row->setting->value.type == SETTING_TEXT &&
		(!strcmp(row->setting->value.text, "filesystem") ||
			!strcmp(row->setting->value.text, "cachelib"));
}

bool audit_keeps_files(const struct audit_app *app)
{
	if (app->framework != FRAMEWORK_FLASK)
		return false;
	for (size_t i = 0; i < app->row_count; i++)
		if (is_file_type(&app->rows[i]))
			return true;
	return false;
}

const char *audit_version_note(const struct audit_app *app, size_t *at)
{
	static const struct {
		unsigned major, minor;
		bool before; /* else from this version on */
		const char *text;
	} notes[] = {
		{ 0, 4, true,
			"Flask-Session before 0.4.0 does not send SameSite, "
			"whatever is set" },
		{ 0, 6, true,
			"Flask-Session before 0.6.0 makes session ids of 122 "
			"random bits; later ones have 256" },
		{ 0, 7, false,
			"Flask-Session deprecated SESSION_TYPE 'filesystem' "
			"and SESSION_FILE_* in 0.7.0: SESSION_TYPE 'cachelib' "
			"with SESSION_CACHELIB = FileSystemCache(...) replaces "
			"them" },
	};
	while (app->version && *at < ARRAY_SIZE(notes)) {
		size_t i = (*at)++;
		bool before = audit_version_before(
			app->version, notes[i].major, notes[i].minor);
		if (before == notes[i].before &&
			(before || audit_keeps_files(app)))
			return notes[i].text;
	}
	return NULL;
}

const char *audit_store_advice(const struct audit_store *store)
{
	if (store->inside != YES)
		return NULL;
	if (store->tracked)
		return "Whoever has the repository has these sessions. Untrack "
		       "the files (git hygiene untrack), end the sessions, and "
		       "take them out of history (git hygiene purge).";
	if (store->ignored == YES)
		return "That keeps new files out of `git add .`, not out of "
		       "`git add -f`, of clones with other rules, or of a web "
		       "server that serves the folder. Keep the store outside "
		       "of the work tree.";
	return "The next `git add .` commits live sessions. Ignore the folder "
	       "(git hygiene ignore), and better keep the store outside of the "
	       "work tree.";
}
