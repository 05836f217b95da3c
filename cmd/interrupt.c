#include "cmd/interrupt.h"

#include "base/cleanup.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

/* The action is the default one again (SA_RESETHAND): the signal, raised once
 * more, ends the process as its parent expects. */
static void say_and_end(int number)
{
	static const char text[] =
		"\ninterrupted: the scan did not end, no report was written\n";
	ssize_t written = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)written; /* there is nobody left to tell */
	raise(number);
}

static void set_action(int number, void (*handler)(int))
{
	struct sigaction old;
	struct sigaction action = { .sa_flags = (int)SA_RESETHAND };
	action.sa_handler = handler;
	sigemptyset(&action.sa_mask);
	if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

static void set_actions(void (*handler)(int))
{
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		set_action(signals[i], handler);
}

/* A signal that is ignored is left alone: blocked, it would be pending. */
static void mask_signals(int how)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct sigaction now;
		if (sigaction(signals[i], NULL, &now) == 0 &&
			now.sa_handler != SIG_IGN)
			sigaddset(&set, signals[i]);
	}
	sigprocmask(how, &set, NULL);
}

void interrupt_announce(void)
{
	set_actions(say_and_end);
}

void interrupt_hold(void)
{
	mask_signals(SIG_BLOCK);
}

bool interrupt_is_held(void)
{
	sigset_t set;
	if (sigpending(&set) < 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		if (sigismember(&set, signals[i]) == 1)
			return true;
	return false;
}

void interrupt_release(bool done)
{
	if (done)
		set_actions(SIG_DFL);
	mask_signals(SIG_UNBLOCK);
}
