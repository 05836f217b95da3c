/*
 * Preloaded into the program under test (LD_PRELOAD): notes each call of a
 * function that start-up is meant to do without, by name, in the file
 * STARTUP_TRAP, and lets it go on.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void note(const char *name)
{
	const char *path = getenv("STARTUP_TRAP");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
	if (fd < 0)
		return;
	ssize_t written = write(fd, name, strlen(name));
	written += write(fd, "\n", 1);
	(void)written;
	close(fd);
}

/* The arguments are words, handed on as they came: more than any of the
 * functions takes, which the calling convention allows. */
#define TRAP(name)                                                         \
	void *name(void *a, void *b, void *c, void *d, void *e, void *f,   \
		void *g, void *h, void *i);                                \
	void *name(void *a, void *b, void *c, void *d, void *e, void *f,   \
		void *g, void *h, void *i)                                 \
	{                                                                  \
		__extension__ typedef void *any_fn(void *, void *, void *, \
			void *, void *, void *, void *, void *, void *);   \
		note(#name);                                               \
		any_fn *real;                                              \
		*(void **)&real = dlsym(RTLD_NEXT, #name);                 \
		return real(a, b, c, d, e, f, g, h, i);                    \
	}

TRAP(fy_parser_create) /* YAML */
TRAP(pcre2_compile_8)  /* patterns */
TRAP(git_libgit2_init) /* libgit2, and with it OpenSSL */
TRAP(OPENSSL_init_ssl)
TRAP(OPENSSL_init_crypto)
TRAP(sqlite3_initialize)
TRAP(pthread_create)
