#include "rules/secret_test.h"

#include "rules/char_class.h"
#include "rules/checksum.h"
#include "rules/entropy.h"
#include "rules/lookalike.h"
#include "rules/placeholder.h"
#include "rules/published.h"

/* True when the rule drops placeholders: see rules/placeholder.h. */
static bool rule_drops_placeholders(const struct rule *rule)
{
	const struct checksum *checksum =
		rule->checksum ? checksum_find(rule->checksum) : NULL;
	return rule->pattern && !rule->placeholders && !rule->role &&
		!(checksum && checksum->proves);
}

static bool checksum_fits(
	const struct rule *rule, const unsigned char *secret, size_t len)
{
	struct checksum_detail detail;
	const struct checksum *checksum =
		rule->checksum ? checksum_find(rule->checksum) : NULL;
	return !checksum || checksum_holds(checksum, &detail, secret, len);
}

enum secret_doubt secret_test(
	const struct rule *rule, const unsigned char *secret, size_t len)
{
	if (!len || placeholder_is_replacement(secret, len))
		return SECRET_PLACEHOLDER;
	if (rule->entropy > 0 && entropy_bits(secret, len) < rule->entropy)
		return SECRET_TOO_EVEN;
	if (rule->requires & ~char_classes_in(secret, len))
		return SECRET_LACKS_CLASS;
	if (lookalike_of(secret, len, rule->unlike))
		return SECRET_LOOKS_LIKE;
	if (rule->fallback && !rule->role && is_published(secret, len))
		return SECRET_IS_PUBLISHED;
	if (!checksum_fits(rule, secret, len))
		return SECRET_NOT_PROVED;
	if (rule_drops_placeholders(rule) && placeholder_kind(secret, len))
		return SECRET_PLACEHOLDER;
	return SECRET_PASSES;
}
