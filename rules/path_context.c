#include "rules/path_context.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

/* Folders at any depth, and fnmatch(3) patterns of the last component. */
struct context {
	const char *const *folders;
	const char *const *names;
};

static const char *const words[] = { "docs", "test", "template", "vendor",
	"lock", "minified", NULL };

static const struct context contexts[] = {
	{
		.folders = (const char *const[]){ "doc", "docs",
			"documentation", "example", "examples", "tutorial",
			"tutorials", "demo", "demos", "samples", "*-docs",
			"_build", "_sources", NULL },
		.names = (const char *const[]){ "*.md", "*.rst", "*.adoc",
			"*.mdx", "*.rst.txt", "*.doctree", "README*",
			"CHANGELOG*", "CHANGES*", NULL },
	},
	{
		.folders = (const char *const[]){ "test", "tests", "testing",
			"testsuite", "__tests__", "t", "spec", "specs", "e2e",
			"fixtures", "testdata", NULL },
		.names = (const char *const[]){ "test_*", "*_test.*",
			"*_tests.*", "*.test.*", "*.spec.*", "*_spec.rb",
			"tests.py", "conftest.py", "*.env.test", ".env.test*",
			"tox.ini", NULL },
	},
	{
		.folders = (const char *const[]){ "cookiecutter*", NULL },
		.names = (const char *const[]){ "*.example", "*.sample",
			"*.dist", "*.template", "*.tmpl", "*.tpl", "*.default",
			"*.j2", "*.erb", "*example.*", "*-sample.*", NULL },
	},
	{
		.folders = (const char *const[]){ "site-packages",
			"dist-packages", "node_modules", "vendor",
			"third_party", "bower_components", ".yarn", NULL },
		.names = (const char *const[]){ "*.pyc", NULL },
	},
	{
		.folders = (const char *const[]){ NULL },
		.names = (const char *const[]){ "*.lock", "*-lock.json",
			"*-lock.yaml", "*-lock.yml", "*.lockfile", "*.lock.hcl",
			"npm-shrinkwrap.json", "go.sum", "*.resolved", NULL },
	},
	{
		.folders = (const char *const[]){ NULL },
		.names = (const char *const[]){ "*.min.*", "*-min.js",
			"*-min.css", "*.bundle.js", "*.chunk.js", "*.map",
			NULL },
	},
};

const char *const *path_context_names(void)
{
	return words;
}

static const struct context *find_context(const char *word)
{
	for (size_t i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return &contexts[i];
	return NULL;
}

bool path_context_is_known(const char *context)
{
	return find_context(context) != NULL;
}

/* True when the component start..end is one of the folders. */
static bool is_folder(
	const char *const *folders, const char *start, const char *end)
{
	char name[64];
	size_t len = (size_t)(end - start);
	if (len >= sizeof(name))
		return false;
	memcpy(name, start, len);
	name[len] = '\0';
	for (; *folders; folders++)
		if (!fnmatch(*folders, name, 0))
			return true;
	return false;
}

bool path_context_has(const char *context, const char *path)
{
	const struct context *wanted = find_context(context);
	if (!wanted)
		return false;
	const char *start = path;
	const char *slash;
	for (; (slash = strchr(start, '/')) != NULL; start = slash + 1)
		if (is_folder(wanted->folders, start, slash))
			return true;
	for (size_t i = 0; wanted->names[i]; i++)
		if (!fnmatch(wanted->names[i], start, 0))
			return true;
	return false;
}
