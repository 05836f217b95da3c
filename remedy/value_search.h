/*
 * Where the values of secrets themselves are, whatever stands around them: in
 * places that no rule takes for one, and git-filter-repo does not edit, such as
 * names of authors and binary files.
 */
#ifndef REMEDY_VALUE_SEARCH_H
#define REMEDY_VALUE_SEARCH_H

#include "base/err.h"
#include "remedy/inventory.h"
#include "remedy/purge_values.h"
#include "remedy/secret_search.h"

/**
 * Searches every blob, commit and tag on `jobs` threads, and adds those that
 * hold a value to the hits, which stay sorted, without a rule. Short values
 * could be any word, and are not searched for. What cannot be read is passed
 * over: secret_search() has told of it.
 */
int value_search(struct secret_hits *hits, const struct inventory *inventory,
	const struct purge_values *values, unsigned jobs,
	struct err *err) MUST_CHECK;

#endif
