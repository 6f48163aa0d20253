"""From the content of a form to its inputs, with what is wrong beside each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jiebang.rules.form_values import OPERATORS, decimal_of, missed
from jiebang.rules.forms import options_of
from jiebang.rules.schema import FormField, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.forms import languages, uploads
from jiebang.web.forms.parts import Entry, Group, Upload, Words
from jiebang.web.public import saying
from jiebang.web.site import language_tag, words


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the questions of one page are shown with: the content, faults by place, the challenge's indicators."""

    book: Rulebook
    content: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    indicators: Sequence[Mapping[str, Any]] = ()
    more: str = ""
    file_url: Callable[[Mapping[str, Any]], str] | None = None


def questions(fields: Mapping[str, FormField], sheet: Sheet) -> list[c.Part]:
    """Every question of a step as a part to print."""
    return [_SHOWN[field.kind](name, field, sheet) for name, field in fields.items()]


def statement(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    """A text with its language and translations folded beneath."""
    value = sheet.content.get(name)
    about = value if isinstance(value, Mapping) and "text" in value else {}
    lang = str(about.get("lang") or languages.usual(sheet.content))
    translations: Mapping[str, Any] = about.get("translations") or {}
    text = str(about.get("text", "")) if about else saying.plainly(value)
    base = _base(name, asked, sheet)
    kind: Any = "textarea" if asked.kind == "text" else "text"
    main = c.Field(**base, kind=kind, value=text, lang=lang)
    extras = _language_fields(name, lang, translations, about, sheet)
    return Words(field=main, summary=_summary(lang, translations), extras=extras, open=_open(name, sheet))


def _language_fields(
    name: str, lang: str, translations: Mapping[str, Any], about: Mapping[str, Any], sheet: Sheet
) -> list[c.Field]:
    tags = languages.options(sheet.book, chosen=lang, also=translations)
    made = [c.Field(name=f"{name}.lang", label=_("Language of this text"), kind="select", options=tags)]
    for tag, version in translations.items():
        text = str(version.get("text", "")) if isinstance(version, Mapping) else str(version)
        label = _("Translation: %(language)s") % {"language": languages.name(tag)}
        made.append(
            _field(sheet, f"{name}.tr.{tag}", label, kind="textarea", value=text, lang=tag, optional=True)
        )
    other = next((tag for tag in sheet.book.languages if tag not in (lang, *translations)), "")
    made.append(
        c.Field(name=f"{name}.newlang", label=_("Add a translation into"), kind="select",
                options=languages.options(sheet.book, chosen=other))
    )  # fmt: skip
    made.append(c.Field(name=f"{name}.new", label=_("Translated text"), kind="textarea", optional=True))
    if translations:
        made.append(_prevails(name, lang, translations, about))
    return made


def _prevails(name: str, lang: str, translations: Mapping[str, Any], about: Mapping[str, Any]) -> c.Field:
    chosen = str(about.get("prevails") or lang)
    options = [
        c.Option(value=tag, label=languages.name(tag), chosen=tag == chosen) for tag in (lang, *translations)
    ]
    return c.Field(
        name=f"{name}.prevails", label=_("The version that prevails"), kind="select", options=options
    )


def _summary(lang: str, translations: Mapping[str, Any]) -> str:
    said = ", ".join(languages.name(tag) for tag in translations)
    if said:
        return _("Written in %(language)s, translated into %(others)s") % {
            "language": languages.name(lang),
            "others": said,
        }
    return _("Written in %(language)s. Change it or add a translation") % {"language": languages.name(lang)}


def _open(name: str, sheet: Sheet) -> bool:
    return any(place.startswith(f"{name}.") for place in sheet.errors)


def _plain(kind: Any, short: bool = False) -> Callable[[str, FormField, Sheet], c.Part]:
    def show(name: str, asked: FormField, sheet: Sheet) -> c.Part:
        value = sheet.content.get(name)
        return c.Field(
            **_base(name, asked, sheet), kind=kind, value="" if value is None else str(value), short=short
        )

    return show


def _money(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    value = sheet.content.get(name)
    about = value if isinstance(value, Mapping) else {"amount": value}
    currency = str(about.get("currency") or sheet.book.currency)
    base = _base(name, asked, sheet)
    base["label"] = _("%(question)s, in %(currency)s") % {"question": base["label"], "currency": currency}
    amount = about.get("amount")
    return c.Field(**base, kind="number", short=True, value="" if amount is None else str(amount))


def _choice(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    value = sheet.content.get(name)
    many = asked.kind == "choices"
    chosen = {str(item) for item in value} if isinstance(value, list) else {str(value)}
    options = [
        _option(asked, sheet.book, key, label, chosen)
        for key, label in options_of(asked, rulebook=sheet.book).items()
    ]
    kind: Any = "checkboxes" if many else "radios" if len(options) <= 5 and asked.required else "select"
    if kind == "select":
        options = [c.Option(value="", label=_("Choose")), *options]
    return c.Field(**_base(name, asked, sheet), kind=kind, options=options)


def _option(asked: FormField, book: Rulebook, key: str, label: Any, chosen: set[str]) -> c.Option:
    terms = getattr(book.vocabulary, asked.options, {}) if isinstance(asked.options, str) else {}
    help_text = words(terms[key].help) if key in terms else ""
    return c.Option(value=key, label=words(label), chosen=key in chosen, help=help_text)


def _yes_no(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    value = sheet.content.get(name)
    options = [
        c.Option(value="yes", label=_("Yes"), chosen=value is True),
        c.Option(value="no", label=_("No"), chosen=value is False),
    ]
    return c.Field(**_base(name, asked, sheet), kind="radios", options=options)


def _promises(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    value = sheet.content.get(name)
    given = value if isinstance(value, Mapping) else {}
    fields = [
        _field(
            sheet, f"{name}.{item.get('id')}", saying.plainly(item.get("name")) or str(item.get("id")), kind="number",
            value=str(given.get(str(item.get("id")), "")), short=True,
            help=_("Wanted: %(wanted)s") % {"wanted": saying.threshold(item)}, optional=not asked.required,
            warning=_miss(given.get(str(item.get("id"))), item),
        )
        for item in sheet.indicators
    ]  # fmt: skip
    return Group(**_base(name, asked, sheet), fields=fields)


def _miss(value: object, indicator: Mapping[str, Any]) -> str:
    found = missed(value, indicator)
    return render_reason(found) if found else ""


def _indicators(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    return _group(name, asked, sheet, _indicator, _("Indicator %(n)s"), _("Add an indicator"))


def _milestones(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    return _group(name, asked, sheet, _milestone, _("Milestone %(n)s"), _("Add a milestone"))


def _group(name: str, asked: FormField, sheet: Sheet, make: Any, title: str, add: str) -> c.Part:
    value = sheet.content.get(name)
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    shown: list[Mapping[str, Any]] = [*rows, {}] if not rows or sheet.more == name else rows
    lang = _row_language(rows) or languages.usual(sheet.content)
    entries = [
        Entry(
            title=title % {"n": place + 1}, fields=make(f"{name}.{place}", row, sheet, lang),
            remove=f"{name}.{place}" if row else "", key=str(row.get("id") or ""),
        )
        for place, row in enumerate(shown)
    ]  # fmt: skip
    before = [
        c.Field(name=f"{name}.lang", label=_("Language of these texts"), kind="select",
                options=languages.options(sheet.book, chosen=lang)),
    ]  # fmt: skip
    return Group(**_base(name, asked, sheet), before=before, entries=entries, add=add)


def _indicator(place: str, row: Mapping[str, Any], sheet: Sheet, lang: str) -> list[c.Field]:
    signs = {"<=": _("at most"), "<": _("below"), ">=": _("at least"), ">": _("above"), "=": _("exactly")}
    operators = [
        c.Option(value=sign, label=signs[sign], chosen=row.get("operator") == sign) for sign in OPERATORS
    ]
    text = _row_text(place, row, sheet, lang)
    return [
        text("name", _("What is measured")),
        _field(sheet, f"{place}.operator", _("It must be"), kind="select", options=[c.Option(value="",
            label=_("Choose")), *operators], short=True),
        _field(sheet, f"{place}.threshold", _("Value to reach"), kind="number", short=True, value=_said(row.get("threshold"))),
        text("unit", _("Unit"), short=True, help=_("Such as %, minutes or tonnes; write 1 for a pure number.")),
        _field(sheet, f"{place}.baseline", _("Value today"), kind="number", short=True, value=_said(row.get("baseline")),
            optional=True, help=_("What the present practice reaches.")),
        text("test_method", _("How it is tested")),
        text("data_place", _("Where the data are")),
        text("tester", _("Who tests")),
    ]  # fmt: skip


def _milestone(place: str, row: Mapping[str, Any], sheet: Sheet, lang: str) -> list[c.Field]:
    text = _row_text(place, row, sheet, lang)
    share = decimal_of(row.get("share"))
    percent = _said(row.get("share")) if share is None else f"{(share * 100).normalize():f}"
    fields = [
        text("title", _("What is reached")),
        _field(sheet, f"{place}.month", _("Month, counted from the start"), kind="number", short=True,
            value=_said(row.get("month"))),
        _field(sheet, f"{place}.share", _("Share of the work, in percent"), kind="number", short=True, value=percent,
               help=_("All shares together make 100.")),
        text("deliverable", _("What is handed over"), optional=True),
    ]  # fmt: skip
    if sheet.indicators:
        fields.append(_shows(place, row, sheet))
    if row.get("due_on"):
        fields.append(
            _field(sheet, f"{place}.due_on", _("Day"), kind="date", value=str(row["due_on"]), optional=True)
        )
    return fields


def _shows(place: str, row: Mapping[str, Any], sheet: Sheet) -> c.Field:
    """The indicators that a milestone is to show, to be ticked."""
    known = {str(item.get("id")): item for item in sheet.indicators}
    chosen = row.get("indicators") or []
    options = [
        c.Option(value=key, label=saying.plainly(item.get("name")) or key, chosen=key in chosen)
        for key, item in known.items()
    ]
    name = f"{place}.indicators"
    return _field(
        sheet, name, _("Indicators that it shows"), kind="checkboxes", options=options, optional=True
    )


def _row_text(place: str, row: Mapping[str, Any], sheet: Sheet, lang: str) -> Callable[..., c.Field]:
    def text(key: str, label: str, **more: Any) -> c.Field:
        value = row.get(key)
        shown = _in_language(value, lang)
        return _field(sheet, f"{place}.{key}", label, value=shown, lang=lang, **more)

    return text


def _in_language(value: object, lang: str) -> str:
    """The version of a row's text that the row shows for editing; `reading` types over the same one."""
    if isinstance(value, Mapping) and "text" in value:
        return str(value["text"])
    if isinstance(value, Mapping) and value:
        return str(value.get(lang) or next(iter(value.values())))
    return "" if value is None else str(value)


def _row_language(rows: Sequence[Mapping[str, Any]]) -> str:
    for row in rows:
        for value in row.values():
            if isinstance(value, Mapping) and value:
                return str(
                    value.get("lang") or (language_tag() if language_tag() in value else next(iter(value)))
                )
    return ""


def _file(name: str, asked: FormField, sheet: Sheet) -> c.Part:
    value = sheet.content.get(name)
    about = value if isinstance(value, Mapping) else {}
    size = about.get("size")
    told = formats.file_size(int(size), lang=language_tag()) if isinstance(size, int) else ""
    present = " · ".join(part for part in (str(about.get("name") or ""), told) if part)
    base = _base(name, asked, sheet)
    base["help"] = " ".join(part for part in (base["help"], uploads.accepted()) if part)
    url = sheet.file_url(about) if present and sheet.file_url else ""
    return Upload(field=c.Field(**base, kind="file"), present=present, url=url)


def _base(name: str, asked: FormField, sheet: Sheet) -> dict[str, Any]:
    return {
        "name": name, "label": words(asked.label), "help": words(asked.help), "rule": why(asked, sheet.book),
        "error": sheet.errors.get(name, ""), "optional": not asked.required,
    }  # fmt: skip


def why(asked: FormField, book: Rulebook) -> str:
    """The rule that is the reason for a question, in the rulebook's words."""
    rule = book.eligibility.get(asked.rule or "")
    return words(rule.text) if rule else ""


def _field(sheet: Sheet, name: str, label: str, **more: Any) -> c.Field:
    return c.Field(name=name, label=label, error=sheet.errors.get(name, ""), **more)


def _said(value: object) -> str:
    if isinstance(value, float | Decimal) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


_SHOWN: Mapping[str, Callable[[str, FormField, Sheet], c.Part]] = {
    "line": statement, "text": statement, "number": _plain("number", short=True), "money": _money, "date": _plain("date"),
    "choice": _choice, "choices": _choice, "yes_no": _yes_no, "indicators": _indicators, "milestones": _milestones,
    "promises": _promises, "file": _file,
}  # fmt: skip
