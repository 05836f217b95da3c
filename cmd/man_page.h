/*
 * Man pages, written in man(7) from the records that the commands are made of:
 * the same option tables that the parser and --help read.
 */
#ifndef CMD_MAN_PAGE_H
#define CMD_MAN_PAGE_H

#include "cmd/cmd.h"

#include <stdio.h>

/** Prints git-hygiene-<command>(1). */
void man_page_print(FILE *out, const struct cmd *cmd);

/** Prints git-hygiene(1): commands, exit codes, settings, environment. */
void man_page_print_overview(FILE *out);

#endif
