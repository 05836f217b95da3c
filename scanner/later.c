#include "scanner/later.h"

void later_init(struct later *later)
{
	pthread_mutex_init(&later->lock, NULL);
	pthread_cond_init(&later->changed, NULL);
	later->told = false;
	atomic_init(&later->answer, NULL);
}

void later_clear(struct later *later)
{
	pthread_cond_destroy(&later->changed);
	pthread_mutex_destroy(&later->lock);
}

void later_tell(struct later *later, const void *answer)
{
	pthread_mutex_lock(&later->lock);
	later->told = true;
	atomic_store_explicit(&later->answer, answer, memory_order_release);
	pthread_cond_broadcast(&later->changed);
	pthread_mutex_unlock(&later->lock);
}

const void *later_wait(struct later *later)
{
	pthread_mutex_lock(&later->lock);
	while (!later->told)
		pthread_cond_wait(&later->changed, &later->lock);
	pthread_mutex_unlock(&later->lock);
	return later_get(later);
}
