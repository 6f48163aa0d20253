"""A form as JSON Schema (draft 2020-12), for browsers, editors and other programs.

What a schema cannot say (shares that add up, promises for each indicator, a prevailing text that exists) is
left to `forms.check_content`; everything the schema refuses, that refuses too.
"""

from typing import Any

from jiebang.rules import form_values as values
from jiebang.rules.schema import Form, FormField, FormName, Rulebook
from jiebang.rules.texts import pick

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DECIMAL: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": values.DECIMAL}]}


def form_schema(form: Form | FormName, rulebook: Rulebook, *, lang: str = "en") -> Schema:
    """The JSON Schema of a complete content of `form`; titles and descriptions in `lang`."""
    name = form if isinstance(form, str) else "form"
    form = rulebook.forms[form] if isinstance(form, str) else form
    return {
        "$schema": DIALECT,
        "title": pick(form.label, lang=lang),
        "x-rulebook": rulebook.id,
        "x-form": name,
        "type": "object",
        "properties": {key: _field(field, rulebook, lang) for key, field in form.fields.items()},
        "required": [key for key, field in form.fields.items() if field.required],
        "additionalProperties": False,
    }


def _field(field: FormField, rulebook: Rulebook, lang: str) -> Schema:
    described: Schema = {"title": pick(field.label, lang=lang)}
    if field.help:
        described["description"] = pick(field.help, lang=lang)
    return described | _kind(field, rulebook)


def _kind(field: FormField, rulebook: Rulebook) -> Schema:
    match field.kind:
        case "line" | "text":
            return _words(field.max_length)
        case "number":
            return {
                "anyOf": [{"type": "number"} | _range(field), {"type": "string", "pattern": values.DECIMAL}]
            }
        case "money":
            priced = {"amount": _DECIMAL, "currency": {"const": rulebook.currency}}
            return {"anyOf": [*_DECIMAL["anyOf"], _object(priced, ["amount"])]}
        case "date":
            return {"type": "string", "format": "date"}
        case "yes_no":
            return {"type": "boolean"}
        case "choice":
            return {"enum": _options(field, rulebook)}
        case "choices":
            return {"type": "array", "uniqueItems": True, "items": {"enum": _options(field, rulebook)}}
        case "indicators":
            return _list(_indicator())
        case "milestones":
            return _list(_milestone())
        case "promises":
            return {"type": "object", "additionalProperties": _DECIMAL}
    return _object({"name": {"type": "string"}, "size": {"type": "integer"},
                    "sha256": {"type": "string", "pattern": values.SHA256}}, ["name", "sha256"])  # fmt: skip


def _options(field: FormField, rulebook: Rulebook) -> list[str]:
    options = field.options
    return list(getattr(rulebook.vocabulary, options, {}) if isinstance(options, str) else options or [])


def _range(field: FormField) -> Schema:
    limits = {"minimum": field.minimum, "maximum": field.maximum}
    return {key: limit for key, limit in limits.items() if limit is not None}


def _words(limit: int) -> Schema:
    text = {"type": "string", "maxLength": limit}
    made = {
        "text": {"type": "string", "maxLength": 2 * limit},
        "by": {"enum": ["human", "machine"]},
        "who": {},
    }
    tag = {"type": "string", "pattern": values.LANGUAGE}
    translations = {
        "type": "object",
        "propertyNames": tag,
        "additionalProperties": _object(made, ["text", "by"]),
    }
    statement = {"lang": tag, "text": text, "prevails": tag, "translations": translations}
    by_language = {"type": "object", "propertyNames": tag | {"not": {"const": "text"}}, "minProperties": 1,
                   "additionalProperties": text}  # fmt: skip
    return {"anyOf": [text, _object(statement, ["lang", "text"]), by_language]}


def _indicator() -> Schema:
    texts: Schema = {key: _words(1000) for key in values.INDICATOR_TEXTS}
    item = {
        "id": {"type": "string"},
        **texts,
        "operator": {"enum": list(values.OPERATORS)},
        "threshold": _DECIMAL,
        "baseline": _DECIMAL,
    }
    return _object(item, [key for key in values.INDICATOR_KEYS if key not in ("id", "baseline")])


def _milestone() -> Schema:
    due: Schema = {
        "month": {"type": "integer", "minimum": 0, "maximum": 120},
        "due_on": {"type": "string", "format": "date"},
    }
    texts = {"id": {"type": "string"}, "title": _words(2000), "deliverable": _words(2000)}
    shown: Schema = {"type": "array", "uniqueItems": True, "items": {"type": "string"}}
    return _object(texts | due | {"share": _DECIMAL, "indicators": shown}, ["title", "share"])


def _list(item: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "maxItems": values.MAX_ITEMS, "items": item}


def _object(properties: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
