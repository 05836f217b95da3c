#include "rules/evidence.h"

#include "base/cleanup.h"

#include <string.h>

static const char *const holds_names[] = { "user-id", "email", "name",
	"csrf-token", "token", "password", "admin", "cart", "address",
	"session-id", "key" };

const char *holds_name(unsigned bit)
{
	for (size_t i = 0; i < ARRAY_SIZE(holds_names); i++)
		if (bit == 1U << i)
			return holds_names[i];
	return NULL;
}

unsigned holds_parse(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(holds_names); i++)
		if (!strcmp(holds_names[i], word))
			return 1U << i;
	return 0;
}
