/* The constant parts of the HTML report: the files of report/html, made C at
 * build time by cmake/embed_file.cmake. */
#ifndef REPORT_HTML_ASSETS_H
#define REPORT_HTML_ASSETS_H

#include <stddef.h>

/* All are NUL-ended, and the sizes count the NUL. */

/** The list of findings with its filters, still empty. */
extern const unsigned char html_findings[];
extern const size_t html_findings_size;

extern const unsigned char html_style[];
extern const size_t html_style_size;

extern const unsigned char html_script[];
extern const size_t html_script_size;

#endif
