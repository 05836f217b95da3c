/* The rows of the table in checksum.c. */
#ifndef RULES_CHECKSUM_TABLE_H
#define RULES_CHECKSUM_TABLE_H

#include "rules/checksum.h"

/* checksum_tokens.c */
extern const struct checksum checksum_github;
extern const struct checksum checksum_gitlab;
extern const struct checksum checksum_grafana;
extern const struct checksum checksum_synapse;
extern const struct checksum checksum_aws_key_id;
extern const struct checksum checksum_discord;

/* checksum_payloads.c */
extern const struct checksum checksum_basic_auth;
extern const struct checksum checksum_jwt;
extern const struct checksum checksum_json_payload;
extern const struct checksum checksum_macaroon;

/* checksum_keys.c */
extern const struct checksum checksum_der_key;
extern const struct checksum checksum_pem;
extern const struct checksum checksum_putty;

/* checksum_coins.c */
extern const struct checksum checksum_base58check;
extern const struct checksum checksum_bech32;

#endif
