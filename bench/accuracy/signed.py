"""Secrets with a structure or a checksum, made as the vendors describe it.

Each function takes a random.Random and the argument of its template.
"""
import base64
import hashlib
import json
import struct
import uuid
import zlib

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def text_of(source, alphabet, count):
    return "".join(source.choice(alphabet) for _ in range(count))


def bytes_of(source, count):
    return bytes(source.randrange(256) for _ in range(count))


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()


def crc_digits(text, digits):
    """CRC-32 to the base 62, in six digits."""
    left = zlib.crc32(text.encode())
    out = ""
    for _ in range(6):
        left, digit = divmod(left, 62)
        out = digits[digit] + out
    return out


def github(source, prefix):
    """github.blog, "Behind GitHub's new authentication token formats": the sum
    of the random part. npm does the same."""
    value = text_of(source, BASE62, 30)
    return prefix + value + crc_digits(value, BASE62)


def synapse(source, prefix):
    """synapse/handlers/auth.py: the sum of all that stands before."""
    user = base64.b64encode(b"ada.example").decode().rstrip("=")
    value = f"{prefix}{user}_" + text_of(source, BASE62[10:], 20)
    return value + "_" + crc_digits(value, BASE62)


def grafana(source, _):
    """Service account tokens: CRC-32 of what stands before, low byte first."""
    value = "glsa_" + text_of(source, BASE62, 32)
    return value + "_" + struct.pack("<I", zlib.crc32(value.encode())).hex()


def grafana_cloud(source, _):
    value = {"o": str(source.randrange(10**6, 10**7)), "n": "ci-acme",
             "k": base64.b64encode(bytes_of(source, 18)).decode(),
             "m": {"r": "eu"}}
    return "glc_" + base64.b64encode(compact(value)).decode()


def sentry_org(source, _):
    value = {"iat": 1735689600.5, "url": "https://sentry.io",
             "region_url": "https://us.sentry.io", "org": "acme"}
    return "sntrys_" + base64.b64encode(compact(value)).decode() + "_" + \
        base64.b64encode(bytes_of(source, 32)).decode().rstrip("=")


def op_token(source, _):
    value = {"signInAddress": "acme.1password.com",
             "userAuth": {"method": "SRPg-4096", "alg": "PBES2g-HS256",
                          "iterations": 650000,
                          "salt": base64url(bytes_of(source, 16))},
             "email": text_of(source, BASE62[36:], 13)
             + "@1passwordserviceaccounts.com",
             "srpX": bytes_of(source, 32).hex(),
             "secretKey": "A3-" + text_of(source, BASE62[:36], 6)}
    return base64url(compact(value))


def intercom(source, _):
    value = ":".join(("tok", text_of(source, "0123456789abcdef", 8) + "_"
                      + text_of(source, "0123456789abcdef", 4) + "_"
                      + text_of(source, "0123456789abcdef", 20), "1", "0"))
    return base64.b64encode(value.encode()).decode()


def mapbox(source, kind):
    value = {"u": "acme-" + text_of(source, BASE62[36:], 6),
             "a": "cl" + text_of(source, BASE62[:10] + BASE62[36:], 23)}
    return f"{kind}.{base64url(compact(value))}." + \
        text_of(source, BASE62, 22)


def discord(source, _):
    user = str(source.randrange(10**17, 10**18))
    return ".".join((base64url(user.encode()),
                     "G" + text_of(source, BASE62, 5),
                     text_of(source, BASE62, 38)))


def unsigned(source, header, claims, size):
    """A JSON Web Token, RFC 7519, with random bytes for a signature."""
    return ".".join((base64url(compact(header)), base64url(compact(claims)),
                     base64url(bytes_of(source, size))))


def jwt(source, algorithm):
    claims = {"sub": text_of(source, BASE62[36:], 8), "role": "admin",
              "iat": 1735689600 + source.randrange(10**6),
              "iss": "https://auth.acme-prod.net/"}
    return unsigned(source, {"alg": algorithm, "typ": "JWT"}, claims,
                    {"HS256": 32, "RS256": 256, "ES256": 64}[algorithm])


def monday(source, _):
    claims = {"tid": source.randrange(10**8, 10**9), "aai": 11,
              "uid": source.randrange(10**7, 10**8),
              "iad": "2026-01-01T00:00:00.000Z", "per": "me:write",
              "actid": source.randrange(10**7, 10**8), "rgn": "use1"}
    return unsigned(source, {"alg": "HS256"}, claims, 32)


def calendly(source, _):
    user = str(uuid.UUID(int=source.getrandbits(128), version=4))
    claims = {"iss": "https://auth.calendly.com",
              "iat": 1735689600 + source.randrange(10**6), "jti": user,
              "user_uuid": user}
    header = {"kid": bytes_of(source, 32).hex(), "typ": "PAT",
              "alg": "ES256"}
    return unsigned(source, header, claims, 64)


def pypi(source, _):
    """A macaroon of version 2: location, identifier, one caveat, signature,
    each a type, a length and bytes."""
    def packet(kind, data):
        return bytes((kind, len(data))) + data
    identifier = str(uuid.UUID(int=source.getrandbits(128), version=4))
    data = b"\2" + packet(1, b"pypi.org") + packet(2, identifier.encode()) \
        + b"\0" + packet(2, b'[2,"' + identifier.encode() + b'"]') \
        + b"\0\0" + packet(6, bytes_of(source, 32))
    return "pypi-" + base64url(data)


def aws_id(source, prefix):
    """The account's twelve digits stand in bits 1 to 40 of the base 32."""
    account = source.randrange(10**11, 10**12)
    head = (1 << 47 | account << 7 | source.getrandbits(7)).to_bytes(6, "big")
    return prefix + base64.b32encode(head + bytes_of(source, 4)).decode()


def base58check(data):
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = BASE58[digit] + digits
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + digits


def wif(source, _):
    return base58check(b"\x80" + bytes_of(source, 32) + b"\1")


def xprv(source, _):
    """BIP 32: version, depth, parent, number, chain code, key."""
    return base58check(bytes.fromhex("0488ade4") + b"\3"
                       + bytes_of(source, 8) + bytes_of(source, 32) + b"\0"
                       + bytes_of(source, 32))


def bech32_polymod(values):
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1ffffff) << 5 ^ value
        for bit, generator in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                         0x3d4233dd, 0x2a1462b3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def age(source, _):
    """BIP 173, in capitals, with the prefix of age's identities."""
    prefix = "age-secret-key-"
    number = int.from_bytes(bytes_of(source, 32), "big") << 4
    data = [number >> shift & 31 for shift in range(255, -1, -5)]
    spread = [ord(char) >> 5 for char in prefix] + [0] + \
        [ord(char) & 31 for char in prefix]
    check = bech32_polymod(spread + data + [0] * 6) ^ 1
    data += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return (prefix + "1" + "".join(BECH32[value] for value in data)).upper()


def der(kind, *parts):
    data = b"".join(parts)
    size = len(data)
    if size < 128:
        return bytes((kind, size)) + data
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((kind, 0x80 | len(length))) + length + data


def der_number(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def armour(label, data):
    body = base64.encodebytes(data).decode().replace("\n", "")
    lines = [body[at:at + 64] for at in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines,
                      f"-----END {label}-----"])


def is_prime(number, source):
    if any(number % small == 0 for small in (2, 3, 5, 7, 11, 13, 17, 19)):
        return False
    power = ((number - 1) & -(number - 1)).bit_length() - 1
    for _ in range(8):
        value = pow(source.randrange(2, number - 1),
                    (number - 1) >> power, number)
        if value in (1, number - 1):
            continue
        for _ in range(power - 1):
            value = value * value % number
            if value == number - 1:
                break
        else:
            return False
    return True


def prime(source, bits):
    while True:
        number = source.getrandbits(bits) | 3 << bits - 2 | 1
        if (number - 1) % 65537 and is_prime(number, source):
            return number


def rsa(source):
    """RFC 8017 A.1.2; of 1024 bits, to be quick."""
    p, q = prime(source, 512), prime(source, 512)
    d = pow(65537, -1, (p - 1) * (q - 1))
    return der(0x30, *map(der_number, (
        0, p * q, 65537, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))))


def pem(source, kind):
    if kind == "rsa":
        return armour("RSA PRIVATE KEY", rsa(source))
    if kind == "ec":  # RFC 5915, prime256v1
        curve = der(6, bytes.fromhex("2a8648ce3d030107"))
        return armour("EC PRIVATE KEY", der(
            0x30, der_number(1), der(4, bytes_of(source, 32)),
            der(0xa0, curve)))
    if kind == "ed25519":  # RFC 8410
        return armour("PRIVATE KEY", der(
            0x30, der_number(0), der(0x30, der(6, b"\x2b\x65\x70")),
            der(4, der(4, bytes_of(source, 32)))))
    # RFC 8018, PBES2 by PBKDF2 and AES-256-CBC
    scheme = der(0x30, der(6, bytes.fromhex("2a864886f70d01050c")), der(
        0x30, der(4, bytes_of(source, 8)), der_number(2048)))
    cipher = der(0x30, der(6, bytes.fromhex("60864801650304012a")),
                 der(4, bytes_of(source, 16)))
    return armour("ENCRYPTED PRIVATE KEY", der(
        0x30, der(0x30, der(6, bytes.fromhex("2a864886f70d01050d")),
                  der(0x30, scheme, cipher)),
        der(4, bytes_of(source, 64))))
