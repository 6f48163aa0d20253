"""Files on their way in and out: stored under their hash, named for an organisation, handed out as downloads."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _

from jiebang.adapters import files
from jiebang.operations.files import uploaded
from jiebang.operations.kernel import Done, Refused
from jiebang.records.files.queries import stored_for
from jiebang.rules.reasons import Reason
from jiebang.web import formats
from jiebang.web.acting import act, new_key
from jiebang.web.site import language_tag

Stored = dict[str, Mapping[str, Any]]


def stored(
    request: HttpRequest, names: Iterable[str], *, organisation: str
) -> tuple[Stored, dict[str, tuple[Reason, ...]]]:
    """The uploads of these inputs as answers of a form, and what was wrong with those not taken."""
    taken: Stored = {}
    refused: dict[str, tuple[Reason, ...]] = {}
    for name in names:
        upload = request.FILES.get(name)
        if upload is None:
            continue
        answer = keep(request, upload, organisation=organisation)
        if isinstance(answer, Mapping):
            taken[name] = {key: answer[key] for key in ("name", "size", "sha256")}
        else:
            refused[name] = answer
    return taken, refused


def accepted() -> str:
    """What may be uploaded, in the reader's words."""
    size = formats.file_size(settings.MAX_FILE_BYTES, lang=language_tag())
    return _("PDF, image, text, table or archive, up to %(size)s.") % {"size": size}


def keep(request: HttpRequest, upload: Any, *, organisation: str) -> Mapping[str, Any] | tuple[Reason, ...]:
    """Store one upload for an organisation: its name, size and hash, or the reasons against it."""
    kept = files.keep(upload.chunks(), name=upload.name)
    if isinstance(kept, tuple):
        return kept
    sent = uploaded(name=upload.name, sha256=kept.sha256, size=kept.size, media_type=kept.media_type)
    outcome = act(request, "store_file", {"organisation": organisation, "upload": sent}, key=new_key())
    if isinstance(outcome, Refused):
        return outcome.reasons
    assert isinstance(outcome, Done)
    return outcome.answer


def download(content: Mapping[str, Any], sha256: str, *, parties: Collection[int]) -> FileResponse:
    """A file that an answer names and one of these parties uploaded; 404 for any other. Never shown in our own origin."""
    if not stored_for(parties, sha256):
        raise Http404
    for value in content.values():
        if isinstance(value, Mapping) and value.get("sha256") == sha256:
            return handed_out(sha256, name=str(value.get("name") or sha256))
    raise Http404


def handed_out(sha256: str, *, name: str) -> FileResponse:
    """The bytes under a hash as a download."""
    file = files.opened(sha256)
    if file is None:
        raise Http404
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
