/*
 * One rule as written: plain, constant data. The built-in rules are tables
 * of these, generated at build time from rules.d; rules from a file are
 * filled in by rule_file. docs/rules.md describes every key.
 *
 * All conditions that a rule states must hold (AND); within one condition any
 * of its values is enough (OR).
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How bad it is when the finding is true. */
enum severity {
	SEVERITY_INFO,
	SEVERITY_LOW,
	SEVERITY_MEDIUM,
	SEVERITY_HIGH,
	SEVERITY_CRITICAL,
};

/** How sure the rule is that the finding is true. */
enum confidence {
	CONFIDENCE_LOW,
	CONFIDENCE_MEDIUM,
	CONFIDENCE_HIGH,
	CONFIDENCE_CERTAIN, /* format decoded whole, or proved by a key */
};

/** What a rule's secret is good for when it meets that of another rule. */
enum rule_role {
	ROLE_NONE,
	ROLE_SIGNING_KEY,  /* may have signed a value */
	ROLE_SIGNED_VALUE, /* a key proves who issued it */
	ROLE_SESSION_ID,   /* its hash may name a session file */
};

/** Bytes at an offset, each within a range; `low` and `high` have `len`. */
struct rule_signature {
	size_t offset;
	const unsigned char *low;
	const unsigned char *high;
	size_t len;
};

/** Another part of the secret, which stands near it, or what must not. */
struct rule_with {
	const char *title;   /* "access key id": a noun phrase */
	const char *pattern; /* PCRE2; group 1, if any, is the part */
	size_t lines;  /* on the same line or so many away; 0: in the file */
	bool optional; /* told where it is there; others must be */
	bool absent;   /* the secret is none where it is there */
	bool same;     /* of parts, those with the bytes of the secret alone */
};

/**
 * A correction of severity and confidence by what the decoder found out.
 * Clauses are tried in the order written; the first that holds is taken.
 * A condition that is not set (NULL, -1, 0) holds always.
 */
struct rule_grade {
	const char *const *kind;  /* evidence kinds, NULL-ended, or NULL */
	const char *const *holds; /* any of these kinds of content, or NULL */
	const char *const *state; /* "live", "expired", "never", "unknown" */
	const char *const *id;    /* "clear", "keyed", "hashed", "credential" */
	const char *const *context; /* "docs", "test", …: of the path */
	int severity;               /* enum severity, or -1: unchanged */
	int confidence;             /* enum confidence, or -1: unchanged */
};

/**
 * A setting of a configuration, in all the spellings in which people write it
 * (rules/settings), and tests on its value, any of which is enough. A test that
 * is not set (NULL, -1, false) holds never.
 */
struct rule_config {
	int framework;           /* enum framework */
	const char *const *keys; /* names of known settings, NULL-ended */
	const char *const *is;   /* "true", "false", "none", whole numbers */
	const char *const *text; /* globs (* and ?), in any case */
	const char *const *not_text; /* a text that fits none of these */
	int64_t above, below;        /* seconds, or a plain number */
	bool has_above, has_below;
	int mode;         /* permissions beyond which any bit is too much */
	bool inside_tree; /* a path that leads into the repository */
	bool literal;     /* a text that is written out, no placeholder */
	bool unset;       /* no file sets it: asked by an audit alone */
};

/** How an example's secret is broken to see that the rule asks for all of it:
 * rules/rule_mutation.h. */
enum rule_mutation {
	MUTATION_PREFIX,
	MUTATION_ALPHABET,
	MUTATION_LENGTH,
	MUTATION_BOUNDARY,
	RULE_MUTATION_COUNT,
};

/** A case that the rule must match, or must not. Run by `rules check`. */
struct rule_example {
	bool match;
	const char *path;             /* NULL: any path, "example" */
	const unsigned char *content; /* NULL: no content was given */
	size_t content_len;
	const char *file;
	int line; /* where it was written */
};

/** A rule. Every list of texts ends with NULL; an absent list is NULL. */
struct rule {
	const char *id;    /* unique, [a-z0-9-]+, never reused */
	const char *pack;  /* family; the file's `pack:` */
	const char *title; /* what was found, a noun phrase */
	const char *why;   /* why it matters, one or two sentences */
	int severity;      /* enum severity */
	int confidence;    /* enum confidence */

	/* where: on every entry of every tree, and of the index */
	const char *const *paths;           /* gitignore-style globs, any of */
	const char *const *except_paths;    /* none of these */
	const char *const *except_siblings; /* names not beside it, ever */
	const char *name; /* PCRE2 pattern for the whole last component */

	/* what: on the bytes of the blob */
	const char *const *keywords;    /* literals, any of; prefilter */
	bool ignore_case;               /* of keywords and pattern */
	const char *const *assigned_to; /* names; pattern is the value alone
					   (rules/assignment.h) */
	const char *pattern; /* PCRE2; group 1, if any, is the secret */
	size_t reach;        /* greatest distance of a match's ends from
				its keyword, bytes; 0: default */
	size_t reach_before; /* that of its start; 0: as `reach` */
	const struct rule_signature *signatures; /* any of */
	size_t signature_count;
	const char *decoder; /* name of a decoder that must accept */
	const char *const *decoder_kinds; /* and say one of these; NULL: any */
	bool decode_secret; /* the decoder gets the secret, not the blob */
	double entropy; /* least Shannon entropy of the secret, bits a byte */
	const char *const *except_values; /* PCRE2, matched anywhere in the
					secret: not a secret */
	unsigned requires;    /* enum char_class: one of each in the secret */
	unsigned unlike;      /* enum lookalike: the secret is none of these */
	bool placeholders;    /* placeholders count as well */
	const char *checksum; /* name of a checksum that must hold, or NULL */
	const struct rule_with *with; /* those not optional must be there */
	size_t with_count;
	const struct rule_config *config; /* or NULL */
	bool fallback;  /* dropped where another rule flags the same path, or,
				 with a pattern, the same secret there */
	bool companion; /* what a store writes beside its sessions */
	int role;       /* enum rule_role */

	/* what follows */
	const struct rule_grade *grades;
	size_t grade_count;
	const char *store; /* "directory", "file", "none", or a component name:
				the store ends with the first such component */
	const char *gitignore; /* pattern to suggest; {store} is the store's
				path, {path} the file's, {name} its last
				component; NULL: derived */
	bool untrack;          /* take it out of the index */
	bool whole_file; /* these two also hold where other rules find secrets
			    in files whose path fits */
	const char *advice;     /* what to do beyond that; may be NULL */
	const char *recommend;  /* the value to set; may be NULL */
	const char *const *cwe; /* numbers of weaknesses: "614" */
	const char *const *references;

	const struct rule_example *examples;
	size_t example_count;
	const char
		*tolerates[RULE_MUTATION_COUNT]; /* why a match example may
			     still match after the change; NULL: it may not */
	const char *file;                        /* where it was written */
	int line;
};

/** Words for reports and rule files: "critical", "high", … */
const char *severity_name(int severity);
const char *confidence_name(int confidence);

/** "signing-key", …; NULL for ROLE_NONE and what is no role. */
const char *rule_role_name(int role);

/** "prefix", "alphabet", "length" or "boundary". */
const char *rule_mutation_name(int mutation);

/** The value behind a word, or -1. */
int severity_parse(const char *word);
int confidence_parse(const char *word);

/** True when the clause asks what a decoder found out. */
bool rule_grade_needs_evidence(const struct rule_grade *grade);

/** True when the rule says where (paths or name): it is then tried on tree
 * entries, and on the bytes of those blobs alone. */
bool rule_has_path(const struct rule *rule);

/** True when the rule says what: it needs bytes. */
bool rule_has_content(const struct rule *rule);

#endif
