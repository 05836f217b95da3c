/* The rows of test_checksum.c. */
static const struct row rows[] = {
	{ "pem",
		"-----BEGIN RSA PRIVATE{} KEY-----\n"
		"MIICXAIBAAKBgQCjwRgH7RjM/CO13jGfafm/aR0KAHBml/TemabVSsdnD9Hk"
		"64xs\n"
		"s56ETsdLtXLSJBPU2AZ2jO0JPMaRbmb1hejSqkL5QOcq/ZAV4BLuSPlsInao"
		"OJ3X\n"
		"IGJbZcCDg8Nm/SjqT+2rhYFOcco0MVa42n+lt8Zp00Ug582AVaevCPCWQQID"
		"AQAB\n"
		"AoGAS1lygVMr8kai9/CBzOSqstTfM9b34X1Sg4sYJVT/ZAD3h+qK9wm/iwnk"
		"0oVv\n"
		"jBplta6harN17qY0iH7QiXFQq8JdrcJs/VjQWLwLCOT//LKL1dweeFhiUOR7"
		"D3n8\n"
		"wt3OZKbwoJS0i9VoGXb6GmzBV5PVMoAJogUV6NISzelOHkECQQDXBkmW/tsA"
		"7BOB\n"
		"BtF9+A+fJ3NZvo2jgqWYClv00N92kRcOqaZ+elFAPx+eT5c5s8iWLFuNN+7N"
		"sqoh\n"
		"P/7tuvdNAkEAwvWlyAmo8DK3ZDXwcfaVKk3g9r2zK8M1qTVbXhTi6mGb/vij"
		"w5Rh\n"
		"YiLPCeoEvZf5nGqzQlCvLPORCPGNb31oxQJBANYtlhmIK57kh5zqrLr73pua"
		"ESTg\n"
		"UHcBCG7ESso1T5DrfnsFcyjiL5J+DcGD5877DB7BekPU5dIQV7Qc6ZHkvLUC"
		"QATh\n"
		"s8H7g/BnxLHMq/WekAOcKZrkCx14aNqQzHXhngDyar6KqUcXawzTBE4iPvYk"
		"XQqu\n"
		"nUh2zrwYaTRJIBp/kGUCQBwTX/JQw6+oQBvQlSUpZ39JTlhrEjqWUEksuTUT"
		"5TFO\n"
		"Ymf/fC3Q5X5ttwrVVpQ8UN6rxtAwUsr5EgXga+Qk/9s=\n"
		"-----END RSA PRIVATE{} KEY-----",
		true, "RSA, 1024 bits", "RSA of OpenSSL" },
	{ "pem",
		"-----BEGIN RSA PRIVATE{} KEY-----\\nMIICXAIBAAKBgQCjwRgH7RjM"
		"/CO13jGfafm/aR0KAHBml/TemabVSsdnD9Hk64xs\\ns56ETsdLtXLSJBPU2"
		"AZ2jO0JPMaRbmb1hejSqkL5QOcq/ZAV4BLuSPlsInaoOJ3X\\nIGJbZcCDg8"
		"Nm/SjqT+2rhYFOcco0MVa42n+lt8Zp00Ug582AVaevCPCWQQIDAQAB\\nAoG"
		"AS1lygVMr8kai9/CBzOSqstTfM9b34X1Sg4sYJVT/ZAD3h+qK9wm/iwnk0oV"
		"v\\njBplta6harN17qY0iH7QiXFQq8JdrcJs/VjQWLwLCOT//LKL1dweeFhi"
		"UOR7D3n8\\nwt3OZKbwoJS0i9VoGXb6GmzBV5PVMoAJogUV6NISzelOHkECQ"
		"QDXBkmW/tsA7BOB\\nBtF9+A+fJ3NZvo2jgqWYClv00N92kRcOqaZ+elFAPx"
		"+eT5c5s8iWLFuNN+7Nsqoh\\nP/7tuvdNAkEAwvWlyAmo8DK3ZDXwcfaVKk3"
		"g9r2zK8M1qTVbXhTi6mGb/vijw5Rh\\nYiLPCeoEvZf5nGqzQlCvLPORCPGN"
		"b31oxQJBANYtlhmIK57kh5zqrLr73puaESTg\\nUHcBCG7ESso1T5DrfnsFc"
		"yjiL5J+DcGD5877DB7BekPU5dIQV7Qc6ZHkvLUCQATh\\ns8H7g/BnxLHMq/"
		"WekAOcKZrkCx14aNqQzHXhngDyar6KqUcXawzTBE4iPvYkXQqu\\nnUh2zrw"
		"YaTRJIBp/kGUCQBwTX/JQw6+oQBvQlSUpZ39JTlhrEjqWUEksuTUT5TFO\\n"
		"Ymf/fC3Q5X5ttwrVVpQ8UN6rxtAwUsr5EgXga+Qk/9s=\\n-----END RSA "
		"PRIVATE{} KEY-----",
		true, "RSA, 1024 bits", "line ends as escapes, as in JSON" },
	{ "pem",
		"\"-----BEGIN EC PRIVATE{} KEY-----\\n\" +\n"
		"\"MHcCAQEEIFFcat+lmvjg56XEMKxllFqxOA+fPknMOj7dCdSLs5QooAoGCC"
		"qGSM49\\n\" +\n"
		"\"AwEHoUQDQgAEwtc0ynucdPu//wR1j+V1aZztLksu6EQrCaUmcGxT/WIsDe"
		"uEikPA\\n\" +\n"
		"\"E1LNXRKEwa3Qf0ttl2n8qJhdJSsYVDpqaw==\\n\" +\n"
		"\"-----END EC PRIVATE{} KEY-----\\n\" +\n",
		true, "EC, 256 bits", "lines as strings of a program" },
	{ "pem",
		"# -----BEGIN EC PRIVATE{} KEY-----\n"
		"# MHcCAQEEIFFcat+lmvjg56XEMKxllFqxOA+fPknMOj7dCdSLs5QooAoGCC"
		"qGSM49\n"
		"# AwEHoUQDQgAEwtc0ynucdPu//wR1j+V1aZztLksu6EQrCaUmcGxT/WIsDe"
		"uEikPA\n"
		"# E1LNXRKEwa3Qf0ttl2n8qJhdJSsYVDpqaw==\n"
		"# -----END EC PRIVATE{} KEY-----",
		true, "EC, 256 bits", "lines behind comment marks" },
	{ "pem",
		"-----BEGIN EC PRIVATE{} KEY-----\r\n"
		"MHcCAQEEIFFcat+lmvjg56XEMKxllFqxOA+fPknMOj7dCdSLs5QooAoGCCqG"
		"SM49\r\n"
		"AwEHoUQDQgAEwtc0ynucdPu//wR1j+V1aZztLksu6EQrCaUmcGxT/WIsDeuE"
		"ikPA\r\n"
		"E1LNXRKEwa3Qf0ttl2n8qJhdJSsYVDpqaw==\r\n"
		"-----END EC PRIVATE{} KEY-----",
		true, "EC, 256 bits", "lines with CRLF" },
	{ "pem",
		"-----BEGIN DSA PRIVATE{} KEY-----\n"
		"MIIBygIBAAKBgQCPo+WKfluBjRxYW8Jm+SB/LpsSnNOiPwdFtdxv7WzDvQRN"
		"riqc\n"
		"93n6CJAr0SadefWc3INeR9TJSOC480rdGruC9XJOKpNYEhwtRfuzv2K8WTdb"
		"UZKd\n"
		"idn2mRjgxc4s5vMFmR8yhYd4hUWDN7FQfJ71kMLi5FtSU7UMPOcADBG3UwId"
		"AKh0\n"
		"GLnNrPcP8tHSL1BlwqFGrQ/Z0fOp7mpHfjUCgYALxUUAw49W66keLi8O/MTS"
		"AvC3\n"
		"zcrtmM99AqpFxqsbCX6eEwjDZTELDMGiDnGMYDFSo9tpuTeliRb600K/yjkG"
		"WjT5\n"
		"lBk61eahNvfJ71MdHqow6IGQHkE/Q6VX/Axy0NIFn4YruarLgbu4uQAKousf"
		"jWoM\n"
		"tTCKKCTAPPqBP5a5wAKBgBwVbMA6uYwR8F/fewIwaZWe1hgwm8l2tcJK0kU6"
		"EKE4\n"
		"Zd8rIUGnCAuHW9FdIaOw83XXDYaH6d8SegsHn2IlMXntcjzMjihznRaSS10u"
		"Of3t\n"
		"a66RBkPysPjB06oxpUQ0mjn0JiXWgJ530JZtT7XQH1o7INgguMQr1fNnxDjQ"
		"zI8u\n"
		"Ahw0sQOeyp6D1EZ6bLUF3Ac1WtR0tSMeqqNUASie\n"
		"-----END DSA PRIVATE{} KEY-----",
		true, "DSA, 1024 bits", "DSA of OpenSSL" },
	{ "pem",
		"-----BEGIN PRIVATE{} KEY-----\n"
		"MC4CAQAwBQYDK2VwBCIEIFCYVDF3sNJGNloM3iEjbwXu/TSzU/X44fQkhf6d"
		"RXGC\n"
		"-----END PRIVATE{} KEY-----",
		true, "", "PKCS#8" },
	{ "pem",
		"-----BEGIN ENCRYPTED PRIVATE{} KEY-----\n"
		"MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAil3nNtBgyX+AIC"
		"CAAw\n"
		"DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEH93m11qt5fHBiYTm3X2vVAE"
		"QBTw\n"
		"rFypI9aZD7K22gAJmNOZYAMgEWeehXINqOjrRIV7E2m2j8SJFdcYhJLXU7ro"
		"2Ie7\n"
		"ZpIJq3DQVyyrgpkcDcc=\n"
		"-----END ENCRYPTED PRIVATE{} KEY-----",
		true, "encrypted", "PKCS#8, encrypted" },
	{ "pem",
		"-----BEGIN RSA PRIVATE{} KEY-----\n"
		"Proc-Type: 4,ENCRYPTED\n"
		"DEK-Info: AES-128-CBC,7438BD3A5D8EFEA7EB1D642EC3A19DD9\n"
		"\n"
		"Zw918RugopY75VRE4YOyvowuFqd/1IguBocLd4rMUZ6eLLb12gpAkJMRR5S7"
		"7NMP\n"
		"ZUUaQ49xvQwflcCkhMWfa1fu41SDaJCWRaKgQbW4pao5KSGVFLj55AWVLDSf"
		"cboS\n"
		"45Xskybg8oC+vOyWJvn/KlMcW2strhlpRbyxEcaWCw8GRq4tSsABspuGnOzx"
		"cE3c\n"
		"LaSR64dmAoPivcEmN9NF/FDIukzUmzeKoi7QhdRGUx0WV9Q/1k0IZ7L3xbKN"
		"wL+r\n"
		"TcnKyK/ICFDz5hkmjjZ6N9H71DyYVJJcQEpe0QLqoy23boLzxVbF3JiRCpSw"
		"eyBH\n"
		"4Mph7DYDI4IEp5Xv24hFZGO357h0lHJntaSa3tEiVEmjH4s14g16d1BBS95c"
		"rYYT\n"
		"AuqxRrlBa9oTDqRQCWq+LEPSBfFSlUkaAYwkMqKjgOpW0noboizBDmjUy8w1"
		"vd64\n"
		"UScRA7xFVm/G30ZJrobKPVmfqTp2EPB5XMbbs1Oo97d3sdWb9CyLQ/J1pZt+"
		"Pagl\n"
		"dTI+tiVpSs5k4rdft5y+iB4z3LbrfIWFZ+/+vuiCgO2uyK6VQ7hR/A5X1Hgj"
		"kunV\n"
		"lKK8eUC7QnZe+jhOo+6NSqHP5BZKEavvioQfk8+TzWZeETDRV8/sz6Wu+tUh"
		"pXQD\n"
		"DZGpuGFWQv0Bv0wcO3uCxNTRqFZZ4D84auBNhrk54gCyJaSng3CJLSN14vyC"
		"rJs/\n"
		"Kgjybiko6pKf7oldKenEsTN5ImLr0d5tiP4BwtXLE8jPkZzR62PSq5m+H/5X"
		"512/\n"
		"U9tThZRP5JZiywJwRWF5OMDH6Kig0Fe8O9hNDMDk38UgKWuUCoAc2+yF0DWp"
		"XlhP\n"
		"-----END RSA PRIVATE{} KEY-----",
		true, "encrypted", "RSA with a DEK-Info header" },
	{ "pem",
		"-----BEGIN OPENSSH PRIVATE{} KEY-----\n"
		"b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAA"
		"AAtzc2gtZW\n"
		"QyNTUxOQAAACBSj3q5ougmJisr7/eiOLAQ0954jZFEahvzm4YM8aP3kgAAAI"
		"h/PmURfz5l\n"
		"EQAAAAtzc2gtZWQyNTUxOQAAACBSj3q5ougmJisr7/eiOLAQ0954jZFEahvz"
		"m4YM8aP3kg\n"
		"AAAEAO20mXhFXuEkuRFlRpCAIN7HOTCKvyyIiuhXjupioKlVKPermi6CYmKy"
		"vv96I4sBDT\n"
		"3niNkURqG/Obhgzxo/eSAAAABHRlc3QB\n"
		"-----END OPENSSH PRIVATE{} KEY-----",
		true, "OpenSSH, no passphrase", "OpenSSH" },
	{ "pem",
		"-----BEGIN OPENSSH PRIVATE{} KEY-----\n"
		"b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAA"
		"ABA9aSMB9v\n"
		"tDJ8k6kmDxLWe1AAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAILuGKd"
		"adrgiW39lm\n"
		"FINAcJ+Hk0HsxcScoVSXzIL+4LjdAAAAkNP8vHcNPMx2VnJWp5lmhdoBR1M1"
		"/0wPyNReSg\n"
		"/lZ2Ywc7+bUuBdo+XKXsD1pbGnYnS4kRGyt4w4t9AiUTL0WLTuJMunvX8aQT"
		"TKuMigZxww\n"
		"6nzZEaZK7zzR3U/93A8JC6g6diejdRYLnUNpI33+FYlN9rFYT0Jk4NMBGPj/"
		"IAAMJSHswX\n"
		"uOc3HglRM8KztP8Q==\n"
		"-----END OPENSSH PRIVATE{} KEY-----",
		true, "OpenSSH, encrypted", "OpenSSH with a passphrase" },
	{ "pem",
		"-----BEGIN PGP PRIVATE{} KEY BLOCK-----\n"
		"\n"
		"lFgEawO4ERYJKwYBBAHaRw8BAQdAwxxth14JS8/pSBmFyHIMBvepL6RTLhG9"
		"QyKl\n"
		"Ht8KKAQAAQCnvSHeT04YtQmG922QAqcjWhpcJx5hEBcxoGFoA0ttDgsdtB1B"
		"ZGEg\n"
		"U2FtcGxlIDxhZGFAZXhhbXBsZS50ZXN0PoiQBBMWCAA4FiEEiVuHVjNeZCXI"
		"0NvJ\n"
		"0Y/kLObeqoIFAmsDuBECGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ"
		"0Y/k\n"
		"LObeqoIKvQD+IWnjwsH3ZBwKrr33lLA1IMmf+MDSWkSGoY9sQjGAWDABANK5"
		"IrEK\n"
		"2oWRvkAx6r++NgOc7CqdtIROkLz1sgKMe1gE\n"
		"=c4F7\n"
		"-----END PGP PRIVATE{} KEY BLOCK-----",
		true, "", "OpenPGP" },
	{ "pem",
		"-----BEGIN RSA PRIVATE{} KEY-----\n"
		"MC4CAQAwBQYDK2VwBCIEIFCYVDF3sNJGNloM3iEjbwXu/TSzU/X44fQkhf6d"
		"RXGC\n"
		"-----END RSA PRIVATE{} KEY-----",
		false, "", "a body that is not what the label says" },
	{ "pem",
		"-----BEGIN PRIVATE{} KEY-----\n"
		"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"
		"-----END PRIVATE{} KEY-----",
		false, "", "a body that was cut" },
	{ "pem",
		"-----BEGIN PRIVATE{} KEY-----\n"
		"...\n"
		"-----END PRIVATE{} KEY-----",
		false, "", "a body that was left out" },
	{ "pem", "-----BEGIN PRIVATE{} KEY-----", false, "", "a label alone" },
	{ "pem",
		"LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1IY0NBUUVFSUZGY2F0"
		"K2xtdmpnNTZYRU1LeGxsRnF4T0ErZlBrbk1PajdkQ2RTTHM1UW9vQW9HQ0Nx"
		"R1NNNDkKQXdFSG9VUURRZ0FFd3RjMHludWNkUHUvL3dSMWorVjFhWnp0TGtz"
		"dTZFUXJDYVVtY0d4VC9XSXNEZXVFaWtQQQpFMUxOWFJLRXdhM1FmMHR0bDJu"
		"OHFKaGRKU3NZVkRwcWF3PT0KLS0tLS1FTkQgRUMgUFJJVkFURSBLRVktLS0t"
		"LQo=",
		true, "EC, 256 bits", "PEM in base64, as in a kubeconfig" },
	{ "basic-auth", "YWRhOmtUNHZxOUx4", true, "", "user and password" },
	{ "basic-auth", "YWRhOnBhc3N3b3Jk", false, "",
		"a password that is a placeholder" },
	{ "basic-auth", "YWRhIGtUNHZxOUx4", false, "", "base64 of no pair" },
	{ "putty",
		"PuTTY-User-Key-File-3: ssh-ed25519\n"
		"Encryption: none\n"
		"Comment: ed25519-key-20261123\n"
		"Public-Lines: 2\n"
		"AAAAC3NzaC1lZDI1NTE5AAAAIM7cHeAZAdjCq26SZ8ta9JXppcekAusFve5U"
		"iQix\n"
		"Qxza\n"
		"Private-Lines: 1\n"
		"AAAAINUjBgcoETnrvOnWGgkP9FL85kFNKKb3xVSVrARxjLoI\n"
		"Private-MAC: 0980b76da7cacade5e363c9474dbde2797ce0f39c4752b4"
		"5f4691ab8111d0eb6\n",
		true, "PuTTY, no passphrase", "PuTTY" },
	{ "putty",
		"PuTTY-User-Key-File-2: ssh-rsa\n"
		"Private-Lines: 9\n"
		"AAAA\n"
		"Private-MAC: 00\n",
		false, "", "PuTTY with too few lines" },
	{ "github", "gh{}p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17", true, "",
		"a token of GitHub that is published" },
	{ "github", "np{}m_Eeeby3abP3E2Zs8IQ9Y7aJZqhB6bae2dTjzx", true, "",
		"a token of npm" },
	{ "github", "gh{}p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18", false, "",
		"another checksum" },
	{ "github", "gh{}p_0mLq17", false, "", "a checksum of nothing" },
	{ "gitlab", "gl{}pat-YL4xIB5p_tqg7ui5mX9cfG86MQp1OjJrCA.01.0y1wu3626",
		true, "", "a routable token of GitLab" },
	{ "gitlab", "gl{}pat-YL4xIB5p_tqg7ui5mX9c", false, "",
		"an older token of GitLab" },
	{ "grafana", "gl{}sa_yscW25imSKJIuav8zF37RZmnbiDvB05G_fcaaf58a", true,
		"", "the token of Grafana's own test" },
	{ "grafana", "gl{}sa_yscW25imSKJIuav8zF37RZmnbiDvB05G_fcaaf58b", false,
		"", "a checksum with another bit" },
	{ "synapse", "sy{}t_YWRhLmV4YW1wbGU_CJXDCGLmlZGEONYlgCtj_1Gnam6", true,
		"", "an access token of Synapse" },
	{ "synapse", "sy{}r_Ym9i_fIZSOcMzCPVNPkNaHedc_2NbYlG", true, "",
		"a refresh token of Synapse" },
	{ "synapse", "sy{}t_YWRhLmV4YW1wbGU_CJXDCGLmlZGEONYlgCtj_1Gnam7", false,
		"", "a token of Synapse with another checksum" },
	{ "github", "po{}lar_oat_m4pMbXDuCL1mHoOsFaQfDPrAJ71fTquWoGsbe3lOZl3",
		true, "", "a token of Polar" },
	{ "aws-key-id", "AS{}IAQNZGKIQY56JQ7WML", true, "account 029608264753",
		"a key id of AWS with an account" },
	{ "aws-key-id", "AK{}IAIOSFODNN7ABCDEFG", true, "",
		"a key id of AWS from before accounts" },
	{ "aws-key-id", "AK{}IA7777777777777777", false, "",
		"an account of 13 digits" },
	{ "aws-key-id", "AK{}IAQYLPMN5HIOSFODN1", false, "",
		"a digit that base 32 does not have" },
	{ "jwt",
		"ey{}JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.ey{}JzdWIiOiIxIiwiaWF"
		"0IjoxNTE2MjM5MDIyfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOE"
		"jXk",
		true, "HS256", "a JSON Web Token" },
	{ "jwt", "ey{}JhbGciOiJub25lIn0.ey{}JzdWIiOiIxIn0.x", false, "",
		"a token that is not signed" },
	{ "jwt", "ey{}J0eXAiOiJKV1QifQ.ey{}JzdWIiOiIxIn0.x", false, "",
		"a token without algorithm" },
	{ "jwt", "ey{}JhbGciOiJIUzI1NiJ9.e30x.x", false, "",
		"claims that are no JSON" },
	{ "json-payload",
		"sntrys_ey{}JpYXQiOiAxNjg0MTU0NjI2LjAsICJ1cmwiOiAiaHR0cHM6Ly9"
		"zZW50cnkuZXhhbXBsZS50ZXN0IiwgIm9yZyI6ICJzYW1wbGUifQ==_sig0si"
		"g0sig0sig0",
		true, "", "a token with JSON, and a signature behind it" },
	{ "json-payload",
		"ops_ey{}JzaWduSW5BZGRyZXNzIjoibXkuMXBhc3N3b3JkLmNvbSIsInNlY3"
		"JldEtleSI6Ij8ifQ",
		true, "", "a token with JSON in base64url" },
	{ "json-payload", "ops_ey{}JzaWduSW5BZGRyZXNz", false, "",
		"JSON that was cut" },
	{ "macaroon",
		"py{}pi-AgEIcHlwaS5vcmcCJHlCvfIhBvCEd2Lw88tNdk3HByBRFZoPifLG2"
		"srjRLsxEkX9bwACJXsidmVyc2lvbiI6IDEsICJwZXJtaXNzaW9ucyI6ICJ1c"
		"2VyIn0AAAYghN-a18Wz0HasDo9TpzVsiJE_IPb3LbAi0k0KltrUPBY",
		true, "", "a token of PyPI" },
	{ "macaroon",
		"py{}pi-AgEIcHlwaS5vcmcCJHlCvfIhBvCEd2Lw88tNdk3HByBRFZoPifLG2"
		"srjRLsxEkX9bwACJXsidmVyc2lvbiI6IDEsICJwZXJtaXNzaW9ucyI6ICJ1c"
		"2VyIn0AAAYghN-a18Wz0HasDo9TpzVsiJE_IPb3LbAi0k0KltrU",
		false, "", "a macaroon that was cut" },
	{ "der-key",
		"MIICWwIBAAKBgQDBYWwGrU7yrqKd5xCRQ80hH9PjQ1t/nSanShGolXd4"
		"AyAvSFFDRn55j3U52rNmChlE4tqXNsz6r2uF16be9wfHywDEmyuzHr0a"
		"8SqBpxRpzzWGXXwWrX1Dh7DB2DbTaGLQEdkNSlu87FUH3UWbIiTcGrAJ"
		"AwJoNfwe1QNKcS8yPQIDAQABAoGAHJzun/pKwSvH0fdbgzL2Ch2se2b/"
		"Bd3Z10zlWf1rpO1JeNWJeJvYoOHyJXJPsxxxarjqQQ+RutHz5eTnwvvo"
		"QYzAz3ol0n81AnEWan8kYWj5fq11UwoWQub+Owy7T5v3xZ3Oq6gOV9zh"
		"O37x9sWi/vg3xVlEHFlJ6+eTLWto/10CQQDqNslWLD8VFhqFV+phTgW7"
		"FxgOkiEg4tpqt1{}aQdr7yJq7UUaQH2/3+HeYHAxplx9Yr/eYXYMWEGG"
		"UZ70ybImcrAkEA015KSRu8qcEllva+TaU30q0Na/rr0r1kCaVjEiYiDO"
		"phWbdrnde9J+WL6DnZ5huWkmiZAZxClrDEwLm6+d0YNwJAXclQeAxBum"
		"zec9TPiuVWUCOgQ31qfKO6eI8vv6t9LLQmv+htOaRzIcXRLa+la2pJLd"
		"Z+w4/Bp/Ko0WjMkTaGfwJAQ9kXhWI27FLIqy3nJmtrgN/11/yCqHIM45"
		"/ILnI5KeYue6sKC2/OEzl28INpc5jVe4fB3ad4JID3l1nHMB+NfwJAC6"
		"cUZIMhc8uMR9jw3nxCt/3R6Aq9K6s4uWu+pB5dAKlLQoWyb1kOk32iSC"
		"TG7d+fmg6T5JZiS9OoH4ZqiC6l+g==",
		true, "RSA, 1024 bits", "a_pkcs1_key_in_base64" },
	{ "der-key",
		"MHcCAQEEIJYTX55xTdhF6C2oXZXgtL1kP/PtolThAKgxh2Qyb7pmoAoG"
		"CCqGSM49AwEHoUQDQgAEhoQQ85{}4zFMBqmgSpzqf92VSq7jAyZlTgKr"
		"io/grXbUZxJccDpJWox8ptq3M9NBBxs3Kqon6aPJJMWI/vWAcyUQ==",
		true, "EC, 256 bits", "an_ec_key_in_base64" },
	{ "der-key",
		"MC4CAQAwBQYDK2VwBCIEIGUSooRZ5CHv{}nvhEsRjWVF8BhU982+G8g0"
		"ZJ8RpyhT1R",
		true, "", "a_pkcs8_key_in_base64" },
	{ "der-key",
		"MC4CAQAwBQYDK2VwBCIEIGUSooRZ5C{}HvnvhEsRjWVF8BhU982+G8g0"
		"ZJ8Rpy",
		false, NULL, "a_key_in_base64_that_is_cut" },
	{ "der-key",
		"MC4CAQAwBQYDK2VwBCIEIGUSooRZ5CHvnv{}hEsRjWVF8BhU982+G8g0"
		"ZJ8RpyhT1RAAAA",
		false, NULL, "a_key_in_base64_with_more_behind_it" },
	{ "der-key",
		"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAs2BQf0lVboTM"
		"7CLPbJGHROfxxNZ9aAcbsJ4vkZsgRVd+omF8QkDH5uKL33KgmmIgXkWx"
		"J6c4xfo7p8Yfw3ICpPrbIL4apwSrufkNXoh0xq2MJ6R4TIwQRWcJriJe"
		"aBrtulchE4EzLdqobZGN9CQ1x/M5{}lNWqlSzedKdLcdMMdvD11B6zut"
		"r6ED1BUJTjWzdEpKhHOgYQfo1WAzbZviPIjCPQ7qc6c4eAKUbJ9iJMG1"
		"pILuERAlmgfou40rC8TMB8mp4C7pBDIGyB/Cv6yESRpavcK54MWYnNir"
		"YEx4DvHdbIkWeN7jIbaQzt3EOpKQekkUYNxgdkES0fI9unJQBqGwIDAQ"
		"AB",
		false, NULL, "a_public_key_in_base64" },
	{ "der-key",
		"MIIC+TCCAeGgAwIBAgIUcMklTnrpVZ/DfruE4E0NuA1m7igwDQYJKoZI"
		"hvcNAQELBQAwDDEKMAgGA1UEAwwBYTAeFw0yNjExMjkwOTQ0MjhaFw0y"
		"NjEyMjkwOTQ0MjhaMAwxCjAIBgNVBAMMAWEwggEiMA0GCSqGSIb3DQEB"
		"AQUAA4IBDwAwggEKAoIBAQCzYFB/SVVuhMzsIs9skYdE5/HE1n1oBxuw"
		"ni+RmyBFV36iYXxCQMfm4ovfcqCaYiBeRbEnpzjF+junxh/DcgKk+tsg"
		"vhqnBKu5+Q1eiHTGrYwnpHhMjBBFZwmuIl5oGu26VyETgTMt2qhtkY30"
		"JDXH8zmU1aqVLN50p0tx0wx28PXUHrO62voQPUFQlONbN0SkqEc6BhB+"
		"jVYDNtm+I8iMI9Dupzpzh4ApRsn2IkwbWkgu4RECWaB+i7jSsLxMwHya"
		"ngLukEMgbIH8K/rIRJGlq9wrngxZic2KtgTHgO8d1siRZ43uMhtpDO3c"
		"Q6kpB6{}SRRg3GB2QRLR8j26clAGobAgMBAAGjUzBRMB0GA1UdDgQWBB"
		"RtGffyhVc0hrLG6J6EufbN9AE1zjAfBgNVHSMEGDAWgBRtGffyhVc0hr"
		"LG6J6EufbN9AE1zjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCw"
		"UAA4IBAQCQjAtmQtm8TA6LTJZ8PSXlfePkle4DYnDDBWZiGUjdlh7Elo"
		"j9OV33CJiZhXTjJ5gtH5l48M/PjANpNGpKltaK50VUjyZ4yoOVqn30pK"
		"kMAy2SardY8J79UjQIowEC5e7OLUR95xP5Q1Wqs9qBu97oZ8+fhpkktB"
		"kHd/8qc5BCKU7u2yz8m/OM+ET9wNWNS/zaDBvHu3iKDi0yyLhUyOE8EP"
		"MoMID5iO4qZdo0eLAIPK8xqvAD3X/W9l39VChccplzrxWdO0gxp5l6lH"
		"Knm4Mj+drXd0eHVR35G3m2Lkc1NNJHUliOKl2+7Z4j+TWt5FBr9Et1IL"
		"IhUzVCskggxwQ6",
		false, NULL, "a_certificate_in_base64" },
	{ "discord",
		"MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.xxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxx",
		true, "", "a token of Discord" },
	{ "discord",
		"bm90IGEgbnVtYmVyIGF0IGFsbA==.GhIjKl.xxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxxxxxxxx",
		false, "", "a token with another beginning" },
	{ "base58check", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
		true, "", "the WIF key of the Bitcoin wiki" },
	{ "base58check",
		"xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiC"
		"hkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi",
		true, "", "the key of BIP 32, test vector 1" },
	{ "base58check", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTK",
		false, "", "another last character" },
	{ "bech32",
		"AGE-SEC{}RET-KEY-19Z4RRMV9ZCDV58N7T4VY7J79T7SL0M64C5JUU2W2R5"
		"3HZ66DVAUSQ3VN3Z",
		true, "", "a key of age" },
	{ "bech32", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", true, "",
		"a text of BIP 173" },
	{ "bech32", "A12UEL5L", true, "", "the shortest text of BIP 173" },
	{ "bech32", "A1G7SGD8", false, "", "a text that BIP 173 calls wrong" },
};
