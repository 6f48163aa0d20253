"""Ed25519 (RFC 8032): a site signs what it measured with a key that never leaves it.

A public key is 64 hex digits. A private key is PEM (PKCS 8), as other programs make and read it.
"""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from jiebang.trust.chain import is_hash

SEED_BYTES = 32
_RAW, _PEM = serialization.Encoding.Raw, serialization.Encoding.PEM


class NotAKeyError(ValueError):
    """This is no Ed25519 key."""


def new_key(seed: bytes) -> bytes:
    """The private key of 32 secret random bytes, as PEM."""
    if len(seed) != SEED_BYTES:
        raise NotAKeyError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    made = Ed25519PrivateKey.from_private_bytes(seed)
    return made.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def public_key(pem: bytes) -> str:
    """The public key of a private one: 64 hex digits."""
    raw = _private(pem).public_key().public_bytes(_RAW, serialization.PublicFormat.Raw)
    return raw.hex()


def sign(pem: bytes, message: bytes) -> str:
    """The signature: 128 hex digits."""
    return _private(pem).sign(message).hex()


def signed_by(key: str, message: bytes, signature: str) -> bool:
    """Whether the signature is that of a public key over the message; what is malformed is not."""
    if not is_key(key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_key(value: object) -> bool:
    """Whether this has the form of a public key."""
    return is_hash(value)


def fingerprint(key: str) -> str:
    """A public key as people compare it: `3f9a 02c1 ...`, its first 32 digits in fours."""
    return " ".join(key[place : place + 4] for place in range(0, 32, 4))


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        found = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NotAKeyError("this is no private key in PEM without a password") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise NotAKeyError("this is a private key, but not an Ed25519 one")
    return found
