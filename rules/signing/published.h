/* Keys that anybody knows: those that documentation and tutorials print. */
#ifndef RULES_SIGNING_PUBLISHED_H
#define RULES_SIGNING_PUBLISHED_H

#include "rules/signing/key_forms.h"

extern const struct key_form published_keys[];
extern const size_t published_key_count;

#endif
