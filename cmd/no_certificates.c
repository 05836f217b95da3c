/*
 * In place of Mbed TLS's own function: when libgit2 starts it reads all
 * certificates of the system with it, for connections that nobody makes here,
 * and that takes longer than most scans. libgit2 finds this one first, where it
 * uses Mbed TLS at all. A connection would trust nobody.
 */
struct mbedtls_x509_crt;

int mbedtls_x509_crt_parse_file(
	struct mbedtls_x509_crt *chain, const char *path);

int mbedtls_x509_crt_parse_file(
	struct mbedtls_x509_crt *chain, const char *path)
{
	(void)chain;
	(void)path;
	return 0;
}
