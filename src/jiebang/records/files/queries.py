"""Which files are whose."""

from collections.abc import Collection

from jiebang.records.files.models import StoredFile


def stored_for(parties: Collection[int], sha256: str, /) -> bool:
    """Whether one of these parties (by id) uploaded the bytes under a hash: to know a hash is not to have the file."""
    return StoredFile.objects.filter(party__in=parties, sha256=sha256).exists()
