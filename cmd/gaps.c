#include "cmd/gaps.h"

void gaps_init(struct gaps *gaps)
{
	*gaps = (struct gaps){ .next = 1 };
	buf_init(&gaps->text, 0);
}

void gaps_clear(struct gaps *gaps)
{
	buf_clear(&gaps->text);
}

void gaps_meet(struct gaps *gaps, size_t number)
{
	size_t first = gaps->next;
	gaps->next = number + 1;
	if (first >= number)
		return;
	gaps->missing += number - first;
	if (gaps->named++ >= GAPS_NAMED) {
		if (gaps->named == GAPS_NAMED + 1)
			buf_add_text(&gaps->text, ", …");
		return;
	}
	buf_printf(&gaps->text, "%s%zu", gaps->named > 1 ? ", " : "", first);
	if (first + 1 < number)
		buf_printf(&gaps->text, "-%zu", number - 1);
}
