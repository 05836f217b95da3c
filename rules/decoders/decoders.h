/*
 * The decoders, one file each beside this one. Used by the table in
 * rules/decoder.c and by the tests; everybody else asks decoder_find().
 */
#ifndef RULES_DECODERS_DECODERS_H
#define RULES_DECODERS_DECODERS_H

#include "rules/decoder.h"

#endif
