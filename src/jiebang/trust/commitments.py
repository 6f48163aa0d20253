"""Salted commitments: the public record holds a hash; the value and its salt live elsewhere, erasable.

Without the salt nobody can test a guess of the value, so erasing both leaves nothing personal behind.
"""

import hashlib
import hmac

from jiebang.trust.canonical import NotCanonicalError, canonical_bytes

SALT_BYTES = 16  # fixed, so that salt and value cannot be shifted against each other


def commit(value: object, *, salt: bytes) -> str:
    """SHA-256(salt || canonical bytes of `value`) as 64 hex digits; `salt` is 16 random bytes, used once."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + canonical_bytes(value)).hexdigest()


def opens(commitment: str, value: object, *, salt: bytes) -> bool:
    """Whether `value` and `salt` are what was committed to; malformed values and salts are not."""
    try:
        return hmac.compare_digest(commit(value, salt=salt).encode(), commitment.encode())
    except (NotCanonicalError, ValueError):
        return False
