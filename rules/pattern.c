#include "rules/pattern.h"

#include "base/alloc.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MATCH_LIMIT    1000000
#define HEAP_LIMIT_KIB (64 * 1024)
#define JIT_STACK_MIN  ((size_t)32 * 1024)
#define JIT_STACK_MAX  ((size_t)1024 * 1024)

#define PATTERN_VERSION_MAX 64

struct pattern {
	pcre2_code *code;
	size_t lookbehind;
};

struct pattern_state {
	pcre2_match_context *context;
	pcre2_match_data *data;
	pcre2_jit_stack *stack;
};

DEFINE_CLEANUP(code_freep, pcre2_code, pcre2_code_free)
DEFINE_CLEANUP(context_freep, pcre2_compile_context, pcre2_compile_context_free)

static uint32_t compile_options(unsigned flags)
{
	uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF;
	if (flags & PATTERN_IGNORE_CASE)
		options |= PCRE2_CASELESS;
	if (!(flags & PATTERN_WHOLE))
		options |= PCRE2_MULTILINE | PCRE2_USE_OFFSET_LIMIT;
	return options;
}

static int compile(pcre2_code **out, const char *pattern, uint32_t options,
	struct err *err, size_t *error_offset)
{
	CLEANUP(context_freep)
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (!context)
		return err_set(err, ERR_LIMIT, "out of memory for a pattern");
	pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
	int code;
	PCRE2_SIZE offset;
	*out = pcre2_compile((PCRE2_SPTR)pattern, strlen(pattern), options,
		&code, &offset, context);
	if (*out)
		return 0;
	PCRE2_UCHAR text[200];
	pcre2_get_error_message(code, text, sizeof(text));
	if (error_offset)
		*error_offset = offset;
	return err_set(err, ERR_PARSE, "%s", (const char *)text);
}

int pattern_check(const char *pattern, bool ignore_case, struct err *err,
	size_t *error_offset)
{
	CLEANUP(code_freep) pcre2_code *code = NULL;
	unsigned flags = ignore_case ? PATTERN_IGNORE_CASE : 0;
	return compile(
		&code, pattern, compile_options(flags), err, error_offset);
}

/* Lookbehinds may stand in each other, and PCRE2 tells the longest alone; what
 * else looks back, as \b does, sees one byte. */
static size_t measure_lookbehind(const pcre2_code *code, const char *pattern)
{
	uint32_t longest = 0;
	pcre2_pattern_info(code, PCRE2_INFO_MAXLOOKBEHIND, &longest);
	size_t count = 1;
	/* (?<= and (?<!, and names like (*plb: and those of groups */
	for (const char *at = pattern; (at = strchr(at, '(')); at++)
		count += (at[1] == '?' && at[2] == '<') || at[1] == '*';
	return count * (longest ? longest : 1);
}

int pattern_new(struct pattern **out, const char *pattern, unsigned flags,
	struct err *err)
{
	uint32_t options = compile_options(flags);
	if (flags & PATTERN_WHOLE)
		options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	CLEANUP(code_freep) pcre2_code *code = NULL;
	int rc = compile(&code, pattern, options, err, NULL);
	if (rc < 0)
		return rc;
	/* where this fails, pcre2_match() interprets */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	*out = xmalloc(sizeof(**out));
	**out = (struct pattern){
		.code = code,
		.lookbehind = measure_lookbehind(code, pattern),
	};
	code = NULL;
	return 0;
}

size_t pattern_lookbehind(const struct pattern *pattern)
{
	return pattern->lookbehind;
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_code_free(pattern->code);
	free(pattern);
}

int pattern_state_new(struct pattern_state **out, struct err *err)
{
	CLEANUP(pattern_state_freep)
	struct pattern_state *state = xcalloc(1, sizeof(*state));
	state->context = pcre2_match_context_create(NULL);
	/* the match and group 1: PCRE2 drops what does not fit */
	state->data = pcre2_match_data_create(2, NULL);
	if (!state->context || !state->data)
		return err_set(err, ERR_LIMIT, "out of memory for patterns");
	/* NULL without JIT support, and then not needed */
	state->stack =
		pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (state->stack)
		pcre2_jit_stack_assign(state->context, NULL, state->stack);
	pcre2_set_match_limit(state->context, MATCH_LIMIT);
	pcre2_set_heap_limit(state->context, HEAP_LIMIT_KIB);
	*out = STEAL(state);
	return 0;
}

void pattern_state_free(struct pattern_state *state)
{
	if (!state)
		return;
	pcre2_match_data_free(state->data);
	pcre2_match_context_free(state->context);
	pcre2_jit_stack_free(state->stack);
	free(state);
}

/* 1, 0 or ERR_LIMIT for what pcre2_match() returned. */
static int match_answer(int rc)
{
	if (rc >= 0)
		return 1;
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	/* any other code would mean that the call is wrong */
	assert(rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
		rc == PCRE2_ERROR_HEAPLIMIT || rc == PCRE2_ERROR_NOMEMORY ||
		rc == PCRE2_ERROR_JIT_STACKLIMIT ||
		rc == PCRE2_ERROR_RECURSELOOP);
	return ERR_LIMIT;
}

int pattern_search(struct pattern_span *out, const struct pattern *pattern,
	struct pattern_state *state, const unsigned char *bytes, size_t len,
	size_t from, size_t last)
{
	pcre2_set_offset_limit(state->context, last);
	int rc = pcre2_match(pattern->code, bytes, len, from, 0, state->data,
		state->context);
	int answer = match_answer(rc);
	if (answer <= 0)
		return answer;
	const PCRE2_SIZE *spans = pcre2_get_ovector_pointer(state->data);
	/* rc is 1 when no group was set, 0 when there were more than fit */
	bool has_group = rc != 1 && spans[2] != PCRE2_UNSET;
	*out = (struct pattern_span){
		.start = spans[0],
		.end = spans[1],
		.group_start = spans[has_group ? 2 : 0],
		.group_end = spans[has_group ? 3 : 1],
	};
	return 1;
}

size_t pattern_steps(const struct pattern *pattern, const unsigned char *bytes,
	size_t len, size_t from)
{
	struct pattern_state *state = NULL;
	struct err err;
	if (pattern_state_new(&state, &err) < 0)
		return PATTERN_STEPS_MAX;
	pcre2_set_offset_limit(state->context, from);
	size_t steps = 256;
	int rc = PCRE2_ERROR_MATCHLIMIT;
	while (rc == PCRE2_ERROR_MATCHLIMIT && steps < PATTERN_STEPS_MAX) {
		steps *= 2;
		pcre2_set_match_limit(state->context, (uint32_t)steps);
		rc = pcre2_match(pattern->code, bytes, len, from, PCRE2_NO_JIT,
			state->data, state->context);
	}
	pattern_state_free(state);
	return steps;
}

int pattern_full_match(const struct pattern *pattern,
	struct pattern_state *state, const void *bytes, size_t len)
{
	pcre2_set_offset_limit(state->context, PCRE2_UNSET);
	return match_answer(pcre2_match(
		pattern->code, bytes, len, 0, 0, state->data, state->context));
}

static void allow_first(struct pattern_hint *hint, const pcre2_code *code)
{
	uint32_t type = 0, unit = 0;
	const uint8_t *bitmap = NULL;
	pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &type);
	pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODEUNIT, &unit);
	pcre2_pattern_info(code, PCRE2_INFO_FIRSTBITMAP, (void *)&bitmap);
	for (unsigned byte = 0; byte <= UCHAR_MAX; byte++)
		hint->first[byte] = type == 2 || (!type && !bitmap) ||
			(!type && bitmap[byte / 8] >> byte % 8 & 1);
	if (type != 1)
		return;
	hint->first[unit & UCHAR_MAX] = true;
	/* PCRE2 does not say whether this one byte ignores case */
	if ((unit | 0x20) >= 'a' && (unit | 0x20) <= 'z')
		hint->first[(unit ^ 0x20) & UCHAR_MAX] = true;
}

int pattern_hint(struct pattern_hint *out, const char *pattern, unsigned flags,
	struct err *err)
{
	/* without PCRE2_ANCHORED: for anchored code PCRE2 does not work out
	 * the first byte */
	CLEANUP(code_freep) pcre2_code *code = NULL;
	int rc = compile(&code, pattern, compile_options(flags), err, NULL);
	if (rc < 0)
		return rc;
	uint32_t min_len = 0;
	pcre2_pattern_info(code, PCRE2_INFO_MINLENGTH, &min_len);
	*out = (struct pattern_hint){ .min_len = min_len };
	allow_first(out, code);
	return 0;
}

void pattern_library_version(char *out, size_t size)
{
	char version[PATTERN_VERSION_MAX] = "";
	int len = pcre2_config(PCRE2_CONFIG_VERSION, NULL);
	if (len > 0 && len <= PATTERN_VERSION_MAX)
		pcre2_config(PCRE2_CONFIG_VERSION, version);
	snprintf(out, size, "%s", version);
}
