/* inspect: say what one file, blob or cookie holds. */
#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/look.h"
#include "cmd/when.h"
#include "report/report_inspection.h"
#include "scanner/blob_by_name.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_SIZE ((uint64_t)256 << 20)

/** The command line as typed. */
struct fields {
	const char *decoder;
	const char *path;
	const char *now;
	uint64_t max_size;
	bool show_secrets, all;
	struct look_fields look;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "decoder", FIELD(decoder), .argument = "<name>",
		.help = "ask only this decoder" },
	{ OPT_TEXT, 0, "path", FIELD(path), .argument = "<path>",
		.help = "judge as if the file had this path: some stores keep "
			"the session id in the name" },
	{ OPT_TEXT, 0, "now", FIELD(now), .argument = "<date>",
		.help = "judge expiry as of YYYY-MM-DD (UTC)" },
	{ OPT_NUMBER, 0, "max-blob-size", FIELD(max_size), .argument = "<size>",
		.help = "refuse larger files (default 256m)" },
	{ OPT_FLAG, 0, "show-secrets", FIELD(show_secrets),
		.help = "print values, not only their types and lengths" },
	{ OPT_FLAG, 0, "all", FIELD(all),
		.help = "print more than 500 values, and long ones whole" },
	LOOK_FORMAT_ROW(FIELD(look)),
	LOOK_COLOR_ROW(FIELD(look)),
	LOOK_QUIET_ROW(FIELD(look), "print what it is, and not what is inside"),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "inspect [<options>] (<file> | <rev>:<path> | <object> | -)",
	.description =
		"Says what session data a file holds: its format, when it "
		"expires, whether the session id can be read from it, what "
		"loading it would call, and the names, types and lengths of "
		"what is inside. Nothing is executed, and no value is printed "
		"without --show-secrets.\n\n"
		"<rev>:<path> is a file of a commit, as in HEAD~2:app/x; "
		":<path> is one of the index; <object> is the id of a blob, or "
		"four and more digits of its start; - is standard input, where "
		"the text of a cookie or token will do. A file of that name "
		"goes before the others.\n\n"
		"Exit code: 0 also when it is no session data, 128 cannot read "
		"it, 129 usage.",
	.opts = opts,
};

/** What the command line means. */
struct plan {
	const struct decoder *decoder; /* or NULL: all */
	bool json;
	int64_t now;
	size_t max_size;
	struct report_opts report;
	struct value_opts values;
};

static int find_decoder(
	const struct decoder **out, const char *name, struct err *err)
{
	char names[256] = "";
	size_t len = 0;
	*out = name ? decoder_find(name) : NULL;
	if (*out || !name)
		return 0;
	for (size_t i = 0; decoders[i] && len < sizeof(names); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len,
			"%s%s", i ? ", " : "", decoders[i]->name);
	return err_set(
		err, ERR_USAGE, "--decoder takes %s; not '%s'", names, name);
}

static int make_plan(struct plan *plan, const struct fields *fields,
	const struct cmd_env *env, struct err *err)
{
	int rc = look_is_json(&plan->json, &fields->look, err);
	if (rc == 0)
		rc = find_decoder(&plan->decoder, fields->decoder, err);
	if (rc == 0)
		rc = when_parse(&plan->now, fields->now, err);
	if (rc == 0)
		rc = look_make(&plan->report, &fields->look, env, err);
	plan->values.show_values = fields->show_secrets;
	plan->values.all = fields->all;
	plan->max_size = fields->max_size ? fields->max_size : DEFAULT_SIZE;
	return rc;
}

/** What is inspected. */
struct subject {
	struct buf content;
	char blob[OID_HEX_SIZE + 1]; /* "" for a file */
	const char *path;            /* or NULL; borrowed from argv */
};

static int read_blob(struct subject *subject, const char *name,
	const struct cmd_env *env, struct err *err)
{
	const struct repo_opts repo_opts = { .git_dir = env->git_dir };
	CLEANUP(repo_freep) struct repo *repo = NULL;
	struct oid oid;
	int rc = repo_open(&repo, &repo_opts, err);
	if (rc < 0)
		return err_prefix(err, "'%s': no such file", name);
	rc = blob_by_name(&subject->content, &oid, repo, name, err);
	if (rc < 0)
		return rc;
	oid_to_hex(subject->blob, &oid);
	const char *colon = strchr(name, ':');
	subject->path = colon ? colon + 1 : NULL;
	return 0;
}

static int read_subject(struct subject *subject, const char *name,
	const struct cmd_env *env, struct err *err)
{
	struct stat st;
	if (!strcmp(name, "-"))
		return file_read_fd(
			&subject->content, STDIN_FILENO, "standard input", err);
	if (stat(name, &st) < 0) {
		bool absent = errno == ENOENT || errno == ENOTDIR ||
			errno == ENAMETOOLONG;
		return absent ? read_blob(subject, name, env, err)
			      : err_errno(err, "%s", name);
	}
	if (S_ISDIR(st.st_mode))
		return err_set(err, ERR_UNSUPPORTED,
			"'%s' is a folder; name one file of it", name);
	subject->path = name;
	return file_read(&subject->content, name, FILE_FOLLOW, err);
}

static int inspect(const struct plan *plan, const struct subject *subject,
	const char *name, FILE *out, struct err *err)
{
	const struct buf *content = &subject->content;
	const char *bytes = content->bytes ? content->bytes : "";
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct identity identity;
	identify(&identity, &arena, plan->decoder, subject->path,
		(const unsigned char *)bytes, content->len);
	struct inspection inspection = {
		.name = strcmp(name, "-") != 0 ? name : "standard input",
		.len = content->len,
		.identity = &identity,
		.now = plan->now,
	};
	memcpy(inspection.blob, subject->blob, sizeof(inspection.blob));
	if (identity.decoder)
		inspection.evidence = evidence_make(
			&arena, identity.decoder, &identity.decoded);
	return plan->json ? json_inspection(out, &inspection, &plan->report,
				    &plan->values, err)
			  : report_inspection(out, &inspection, &plan->report,
				    &plan->values, err);
}

static void subject_clear(struct subject *subject)
{
	buf_clear(&subject->content);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	struct fields fields = { 0 };
	struct plan plan = { 0 };
	CLEANUP(subject_clear) struct subject subject = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (words != 1)
		return err_set(err, ERR_USAGE, "inspect takes one file, not %d",
			words);
	int rc = make_plan(&plan, &fields, env, err);
	if (rc < 0)
		return rc;
	buf_init(&subject.content, plan.max_size);
	rc = read_subject(&subject, argv[0], env, err);
	if (rc < 0)
		return rc;
	if (fields.path)
		subject.path = fields.path;
	rc = inspect(&plan, &subject, argv[0], env->out, err);
	return rc < 0 ? rc : EXIT_CLEAN;
}

static const struct cmd_example examples[] = {
	{ "inspect HEAD~3:flask_session/2f0a", "one file of a commit" },
	{ "inspect - <cookie.txt", "the text of a cookie" },
	{ 0 },
};

const struct cmd cmd_inspect = {
	.name = "inspect",
	.summary = "decode one session file, cookie or blob",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
