#include "scanner/proof.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/signing/key_forms.h"
#include "rules/signing/published.h"
#include "rules/signing/signed_value.h"
#include "scanner/links.h"
#include "scanner/session_match.h"

#include <stdlib.h>
#include <string.h>

#define TRIAL_BYTES 512 /* of a message, for each of which a trial counts */

/** A key, value or session id at one place. */
struct item {
	const struct hit *hit;
	size_t finding; /* number in the result */
};

/** One secret and all its places: items[first..end]. */
struct secret {
	const struct hit *hit;
	size_t first, end;
	struct signed_value value; /* of a ROLE_SIGNED_VALUE */
	bool is_proved;            /* a key of the repository signed it */
	const char *published;     /* scheme under which a published key did,
				      or NULL; static */
};

/** All secrets of one role, each once. */
struct secrets {
	struct item *items;
	size_t item_count, item_capacity;
	struct secret *secrets;
	size_t count;
};

struct proof {
	const struct joined *joined;
	struct scan_result *result;
	struct secrets keys, values, ids;
	struct session_files files;
	struct links links;
	struct arena arena; /* parts of values: wiped */
	size_t trials_left;
	bool is_cut;
	bool has_long_key; /* a list of which not all keys were tried */
};

static void add_item(
	struct secrets *secrets, const struct hit *hit, size_t finding)
{
	ARRAY_GROW(secrets->items, secrets->item_count, secrets->item_capacity);
	secrets->items[secrets->item_count++] = (struct item){ hit, finding };
}

static int compare_bytes(const struct hit *a, const struct hit *b)
{
	size_t len =
		a->secret_len < b->secret_len ? a->secret_len : b->secret_len;
	int order = memcmp(a->secret, b->secret, len);
	if (order)
		return order;
	return (a->secret_len > b->secret_len) -
		(a->secret_len < b->secret_len);
}

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left;
	const struct item *b = right;
	int order = compare_bytes(a->hit, b->hit);
	return order ? order
		     : (a->finding > b->finding) - (a->finding < b->finding);
}

static void group_items(struct secrets *secrets)
{
	if (!secrets->item_count)
		return;
	qsort(secrets->items, secrets->item_count, sizeof(*secrets->items),
		compare_items);
	secrets->secrets =
		xcalloc(secrets->item_count, sizeof(*secrets->secrets));
	for (size_t i = 0; i < secrets->item_count; i++) {
		const struct hit *hit = secrets->items[i].hit;
		struct secret *last = secrets->count
			? &secrets->secrets[secrets->count - 1]
			: NULL;
		if (!last || compare_bytes(last->hit, hit) != 0) {
			last = &secrets->secrets[secrets->count++];
			*last = (struct secret){ .hit = hit, .first = i };
		}
		last->end = i + 1;
	}
}

static void secrets_clear(struct secrets *secrets)
{
	free(secrets->items);
	free(secrets->secrets);
	*secrets = (struct secrets){ 0 };
}

static struct secrets *secrets_of(struct proof *proof, int role)
{
	if (role == ROLE_SIGNING_KEY)
		return &proof->keys;
	return role == ROLE_SIGNED_VALUE ? &proof->values : &proof->ids;
}

/** Takes the secrets of a finding; the rows of one that has a pattern hold
 * the same, those of another each have a content of their own. */
static void collect_finding(struct proof *proof, size_t number)
{
	const struct joined *joined = proof->joined;
	const struct rule *rule = proof->result->findings[number].rule;
	if (!rule->role)
		return;
	struct secrets *secrets = secrets_of(proof, rule->role);
	for (size_t i = joined->first_row[number];
		i < joined->first_row[number + 1]; i++) {
		const struct hit *hit = joined->rows[i].hit;
		if (!hit || !hit->secret)
			continue;
		add_item(secrets, hit, number);
		if (rule->pattern)
			return;
	}
}

static void collect(struct proof *proof)
{
	for (size_t i = 0; i < proof->joined->count; i++)
		collect_finding(proof, i);
	group_items(&proof->keys);
	group_items(&proof->values);
	group_items(&proof->ids);
	for (size_t i = 0; i < proof->values.count; i++) {
		struct secret *value = &proof->values.secrets[i];
		/* where it has no shape of ours there is no scheme to try */
		if (!signed_value_read(&value->value, &proof->arena,
			    value->hit->secret, value->hit->secret_len))
			value->value.schemes = 0;
	}
}

/** Marks a finding as proved; its severity is at least `severity`. */
static void raise(struct finding *finding, int severity)
{
	finding->confidence = CONFIDENCE_CERTAIN;
	if (finding->severity < severity)
		finding->severity = severity;
}

/** One trial; false when it fails or no more are left. */
static bool try_key(struct proof *proof, int *scheme,
	const struct signed_value *value, const struct key_form *key)
{
	size_t cost = 1 + value->message_len / TRIAL_BYTES;
	if (!value->schemes)
		return false;
	if (cost > proof->trials_left) {
		proof->is_cut = true;
		return false;
	}
	proof->trials_left -= cost;
	return signed_value_verify(scheme, value, key->bytes, key->len);
}

static void link_all(struct proof *proof, const char *scheme,
	const struct secret *key, const struct secret *value)
{
	struct finding *findings = proof->result->findings;
	for (size_t k = key->first; k < key->end; k++) {
		size_t key_finding = proof->keys.items[k].finding;
		for (size_t v = value->first; v < value->end; v++) {
			size_t finding = proof->values.items[v].finding;
			if (!links_add(&proof->links, proof->result, scheme,
				    key_finding, "signs", finding, "signed-by"))
				proof->is_cut = true;
			raise(&findings[finding], SEVERITY_INFO);
		}
		/* in documentation or not: it is in use */
		raise(&findings[key_finding],
			findings[key_finding].rule->severity);
	}
}

static void try_forms(struct proof *proof, const struct key_forms *forms,
	const struct secret *key)
{
	for (size_t v = 0; v < proof->values.count; v++) {
		struct secret *value = &proof->values.secrets[v];
		int scheme = 0;
		for (size_t f = 0; f < forms->count; f++) {
			if (!try_key(proof, &scheme, &value->value,
				    &forms->items[f]))
				continue;
			value->is_proved = true;
			link_all(
				proof, signing_scheme_name(scheme), key, value);
			break;
		}
	}
}

static void try_keys(struct proof *proof)
{
	for (size_t k = 0; k < proof->keys.count; k++) {
		const struct secret *key = &proof->keys.secrets[k];
		struct key_forms forms;
		key_forms_make(&forms, key->hit->secret, key->hit->secret_len);
		try_forms(proof, &forms, key);
		if (forms.is_cut && proof->values.count)
			proof->has_long_key = true;
		key_forms_clear(&forms);
	}
}

/** These come first, so that no number of other keys keeps them out. */
static void try_published(struct proof *proof)
{
	for (size_t v = 0; v < proof->values.count; v++) {
		struct secret *value = &proof->values.secrets[v];
		int scheme = 0;
		for (size_t k = 0; !value->published && k < published_key_count;
			k++)
			if (try_key(proof, &scheme, &value->value,
				    &published_keys[k]))
				value->published = signing_scheme_name(scheme);
	}
}

/** A cookie that a published key signed can be forged by anybody. Where the
 * repository has the key, too, that is told instead. */
static void link_published(struct proof *proof)
{
	for (size_t v = 0; v < proof->values.count; v++) {
		const struct secret *value = &proof->values.secrets[v];
		for (size_t i = value->first;
			value->published && i < value->end; i++) {
			size_t finding = proof->values.items[i].finding;
			if (!value->is_proved &&
				!links_add_published(&proof->links,
					proof->result, value->published,
					finding))
				proof->is_cut = true;
			raise(&proof->result->findings[finding], SEVERITY_HIGH);
		}
	}
}

/** What session_files_find() needs to say who asked. */
struct sought {
	struct proof *proof;
	size_t cookie; /* number of its finding */
};

static void take_file(size_t file, void *ctx)
{
	struct sought *sought = ctx;
	struct proof *proof = sought->proof;
	struct finding *findings = proof->result->findings;
	if (!links_add(&proof->links, proof->result, "flask-session",
		    sought->cookie, "session-of", file, "session-of"))
		proof->is_cut = true;
	raise(&findings[sought->cookie], findings[file].severity);
	raise(&findings[file], SEVERITY_INFO);
}

static void match_id(struct proof *proof, const struct secrets *secrets,
	const struct secret *secret, const unsigned char *id, size_t len)
{
	for (size_t i = secret->first; i < secret->end; i++) {
		struct sought sought = { proof, secrets->items[i].finding };
		session_files_find(&proof->files, proof->result, id, len,
			take_file, &sought);
	}
}

static void match_files(struct proof *proof)
{
	for (size_t i = 0; i < proof->values.count; i++) {
		const struct secret *secret = &proof->values.secrets[i];
		if (secret->value.session_id)
			match_id(proof, &proof->values, secret,
				secret->value.session_id,
				secret->value.session_id_len);
	}
	for (size_t i = 0; i < proof->ids.count; i++) {
		const struct secret *secret = &proof->ids.secrets[i];
		match_id(proof, &proof->ids, secret, secret->hit->secret,
			secret->hit->secret_len);
	}
}

void proof_run(const struct joined *joined, struct scan_result *result)
{
	struct proof proof = {
		.joined = joined,
		.result = result,
		.trials_left = PROOF_MAX_TRIALS,
	};
	collect(&proof);
	session_files_make(&proof.files, result);
	try_published(&proof);
	try_keys(&proof);
	link_published(&proof);
	match_files(&proof);
	links_attach(&proof.links, result);
	if (proof.is_cut)
		scan_result_add_skipped(result, SKIP_LIMIT)->detail =
			"too many keys and cookies to try each on each";
	if (proof.has_long_key)
		scan_result_add_skipped(result, SKIP_LIMIT)->detail =
			"a list of so many keys that not all were tried";
	links_clear(&proof.links);
	session_files_clear(&proof.files);
	secrets_clear(&proof.keys);
	secrets_clear(&proof.values);
	secrets_clear(&proof.ids);
	arena_wipe(&proof.arena);
}
