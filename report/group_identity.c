#include "report/group_identity.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void group_fingerprint(char out[FINGERPRINT_HEX + 1], const struct group *group)
{
	const struct finding *worst = group->worst;
	if (group->kind == GROUP_STORE)
		finding_fingerprint(out, "store", group->name, "");
	else if (group->values)
		finding_fingerprint(out, worst->rule->id, group->name, "");
	else if (group->kind == GROUP_SECRET)
		finding_fingerprint(out, worst->rule->id, "", worst->secret_id);
	else
		finding_fingerprint(out,
			worst->rule->config ? worst->rule->id : "path",
			group->name, *group->name ? "" : worst->blob);
}

static int compare_identities(const void *left, const void *right)
{
	return strcmp(left, right);
}

void identities_init(
	struct identities *identities, const struct group_list *list)
{
	identities->items = xcalloc(list->count, sizeof(*identities->items));
	identities->count = list->count;
	for (size_t i = 0; i < list->count; i++)
		group_fingerprint(identities->items[i], &list->groups[i]);
	qsort(identities->items, list->count, sizeof(*identities->items),
		compare_identities);
}

void identities_clear(struct identities *identities)
{
	free(identities->items);
	*identities = (struct identities){ 0 };
}

bool identities_have(
	const struct identities *identities, const char *fingerprint)
{
	return bsearch(fingerprint, identities->items, identities->count,
		       sizeof(*identities->items), compare_identities) != NULL;
}

const struct finding *group_spot(const struct group *group)
{
	const struct finding *worst = group->worst;
	for (size_t i = 0; i < group->member_count; i++) {
		const struct finding *member = group->members[i];
		if (member->at_tip && member->severity == worst->severity &&
			!member->rule->fallback == !worst->rule->fallback)
			return member;
	}
	return worst;
}

static void add_valid(struct buf *out, const char *text)
{
	size_t left = strlen(text);
	while (left) {
		uint32_t code;
		size_t step =
			utf8_decode(&code, (const unsigned char *)text, left);
		if (step)
			buf_add(out, text, step);
		else
			buf_add_text(out, "\xEF\xBF\xBD"); /* U+FFFD */
		step = step ? step : 1;
		text += step;
		left -= step;
	}
}

void add_host_path(struct buf *out, const struct finding *finding)
{
	if (finding_object(finding) == OBJECT_IS_FILE && *finding->path)
		add_valid(out, finding->path);
	else if (*finding->blob)
		buf_printf(out, ".git/objects/%.2s/%s", finding->blob,
			finding->blob + 2);
	else
		buf_add_text(out, ".git");
}

/* RFC 3986 §2.3 and §3.3: a colon in the first segment would make a scheme of
 * what is before it, so none is left bare. */
void add_host_uri(struct buf *out, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	add_host_path(&path, finding);
	for (size_t i = 0; i < path.len; i++) {
		unsigned char byte = (unsigned char)path.bytes[i];
		if ((byte < 0x80 && isalnum(byte)) ||
			(byte && strchr("-._~/", byte)))
			buf_add_byte(out, byte);
		else
			buf_printf(out, "%%%02X", byte);
	}
}
