/*
 * Links between findings, collected in any order and then given to the
 * findings: sorted, none twice, at most LINKS_PER_FINDING for one.
 */
#ifndef SCANNER_LINKS_H
#define SCANNER_LINKS_H

#include "scanner/finding.h"

#include <stddef.h>

#define LINKS_PER_FINDING 100
#define LINKS_MAX         100000 /* that are collected */

/** Says of one finding what ties it to another; both by their number. */
struct collected_link {
	size_t from;
	struct finding_link link;
};

/** All zero is empty. */
struct links {
	struct collected_link *items;
	size_t count, capacity;
};

void links_clear(struct links *links);

/** Links two findings of the result, each to the other. False at LINKS_MAX. */
bool links_add(struct links *links, const struct scan_result *result,
	const char *scheme, size_t from, const char *relation, size_t to,
	const char *relation_back) MUST_CHECK;

/** Links a finding to a published key. False at LINKS_MAX. */
bool links_add_published(struct links *links, const struct scan_result *result,
	const char *scheme, size_t from) MUST_CHECK;

/** Gives the findings their links, which live in the result's arena. */
void links_attach(struct links *links, struct scan_result *result);

#endif
