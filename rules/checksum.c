#include "rules/checksum.h"

#include "rules/checksum_table.h"

#include <string.h>

const struct checksum *const checksums[] = {
	&checksum_aws_key_id,
	&checksum_base58check,
	&checksum_basic_auth,
	&checksum_bech32,
	&checksum_der_key,
	&checksum_discord,
	&checksum_github,
	&checksum_gitlab,
	&checksum_grafana,
	&checksum_json_payload,
	&checksum_jwt,
	&checksum_macaroon,
	&checksum_pem,
	&checksum_putty,
	&checksum_synapse,
	NULL,
};

const struct checksum *checksum_find(const char *name)
{
	for (size_t i = 0; checksums[i]; i++)
		if (!strcmp(checksums[i]->name, name))
			return checksums[i];
	return NULL;
}

bool checksum_holds(const struct checksum *checksum,
	struct checksum_detail *detail, const unsigned char *bytes, size_t len)
{
	detail->text[0] = '\0';
	return len <= CHECKSUM_MAX_LEN && checksum->holds(detail, bytes, len);
}
