"""What the API says when it says no: reasons as code, parameters and a sentence in the caller's language."""

from collections.abc import Iterable
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from jiebang.adapters.room import no_room
from jiebang.rules.reasons import Reason, reason, render
from jiebang.rules.texts import language_tag

NOT_HERE = "request.not_found"
# Codes that say who may, before anything was looked at.
_STATUS = {"access.sign_in": 401, "access.not_found": 404, "access.role": 403, "access.not_yours": 403}


class SaidReason(Schema):
    """Why not."""

    code: str = Field(examples=["bid.late"])
    params: dict[str, Any] = Field(
        default_factory=dict, description="`field` names the parameter that is wrong."
    )
    text: str = Field(description="The sentence, in the language of Accept-Language.")


class Refusal(Schema):
    """Nothing happened; every reason at once."""

    reasons: list[SaidReason]


def tag() -> str:
    """The caller's language as rulebooks name it."""
    return language_tag(get_language() or "en")


def said(reasons: Iterable[Reason]) -> dict[str, Any]:
    """The body of a refusal."""
    lang = tag()
    return {
        "reasons": [
            {"code": item.code, "params": dict(item.params), "text": render(item, lang=lang)}
            for item in reasons
        ]
    }


def status_of(reasons: Iterable[Reason]) -> int:
    """401 and 404 hide what exists, 403 is about the person alone, 422 about the request, 409 about the state of things."""
    found = list(reasons)
    known = [_STATUS[item.code] for item in found if item.code in _STATUS]
    if known:
        return known[0]
    about_input = all(item.code.startswith("request.") or "field" in item.params for item in found)
    return 422 if about_input else 409


def not_here(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """The one answer for what does not exist and for what the caller may not see."""
    return JsonResponse(said([reason(NOT_HERE)]), status=404)


def install(api: NinjaAPI) -> None:
    """Let every failure have the same shape."""
    from django.http import Http404

    api.add_exception_handler(Http404, not_here)
    api.add_exception_handler(ValidationError, _malformed)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(HttpError, _http)
    for unwritten in (OSError, OperationalError):
        api.add_exception_handler(unwritten, _unwritten)


def _malformed(request: HttpRequest, error: Any) -> HttpResponse:
    return JsonResponse(said(map(_input_reason, error.errors)), status=422)


def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    return JsonResponse(said([reason("access.sign_in")]), status=401)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    problem = reason("request.malformed", field="request", problem=str(error.message))
    return JsonResponse(said([problem]), status=error.status_code)


def _unwritten(request: HttpRequest, error: Any) -> HttpResponse:
    """503 where the disk is full; any other failure stays as loud as it is."""
    if not no_room(error):
        raise error
    return JsonResponse(said([reason("request.no_room")]), status=503)


def _input_reason(item: Any) -> Reason:
    place = [str(part) for part in item["loc"] if part not in ("body", "payload", "query", "header", "path")]
    if [part.lower().replace("_", "-") for part in place] == ["idempotency-key"]:
        return reason("request.key_missing")
    problem = str(item["msg"]).removeprefix("Value error, ")
    return reason("request.malformed", field=".".join(place) or "body", problem=problem)
