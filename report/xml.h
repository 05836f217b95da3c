/* Text for XML 1.0: what it forbids is escaped visibly before. */
#ifndef REPORT_XML_H
#define REPORT_XML_H

#include "base/buf.h"

/** Appends any bytes as character data that may also stand in an attribute:
 * control, bidirectional and invisible characters as \t or octal, & < > " ' as
 * references, U+FFFE and U+FFFF, which no document may hold, as U+FFFD. */
void xml_add_text(struct buf *out, const char *text);

#endif
