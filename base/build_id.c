#include "base/build_id.h"

#ifdef __ELF__

#include <elf.h>
#include <link.h>
#include <string.h>

/** Notes stand at multiples of four bytes, elf(5) "Notes (Nhdr)". */
static size_t aligned(size_t size)
{
	return (size + 3) / 4 * 4;
}

/** The build id among some notes; false when there is none. */
static bool add_of_notes(
	struct buf *out, const unsigned char *notes, size_t len)
{
	ElfW(Nhdr) note;
	while (len >= sizeof(note)) {
		memcpy(&note, notes, sizeof(note));
		size_t name = aligned(note.n_namesz);
		size_t size = sizeof(note) + name + aligned(note.n_descsz);
		if (size > len)
			return false;
		const unsigned char *text = notes + sizeof(note);
		if (note.n_type == NT_GNU_BUILD_ID && name == 4 &&
			!memcmp(text, "GNU", 4)) {
			buf_add(out, text + name, note.n_descsz);
			return true;
		}
		notes += size;
		len -= size;
	}
	return false;
}

struct collected {
	struct buf *out;
	bool is_missing; /* something has no build id */
	bool has_program;
};

static int take(struct dl_phdr_info *info, size_t size, void *ctx)
{
	(void)size;
	struct collected *collected = ctx;
	/* the program comes first; what else has no path is the kernel's */
	if (collected->has_program && info->dlpi_name[0] != '/')
		return 0;
	collected->has_program = true;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		if (header->p_type != PT_NOTE)
			continue;
		/* where the loader has put it */
		const unsigned char *notes =
			(const unsigned char *)(info->dlpi_addr +
				header->p_vaddr);
		if (add_of_notes(collected->out, notes, header->p_memsz))
			return 0;
	}
	collected->is_missing = true;
	return 0;
}

bool build_id_add(struct buf *out)
{
	struct collected collected = { .out = out };
	dl_iterate_phdr(take, &collected);
	return collected.has_program && !collected.is_missing;
}

#else

bool build_id_add(struct buf *out)
{
	(void)out;
	return false;
}

#endif
