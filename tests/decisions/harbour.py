"""A small fictional programme for the tests of decisions: plain to read, easy to change."""

from typing import Any

from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

TEXT = """
format: jiebang-rulebook/1
id: harbour
title: {en: Harbour challenges of Lumen Bay}
languages: [en, zh-Hans]
timezone: Asia/Shanghai
currency: CNY
places:
  bay: {label: {en: The bay}, countries: [XB], regions: [CN-GX], status: local}
vocabulary:
  modes: {training: {label: {en: Training}}}
eligibility:
  lead_age: {subject: lead, text: {en: Registered for over one year.}, require: lead.over_years >= 1, status: local}
  lead_place: {subject: lead, text: {en: From the bay.}, require: "'bay' in lead.places", status: local}
consortium: {max_partners: 5, status: local}
criteria:
  fit: {label: {en: Fit}, weight: 2, maximum: 10, status: local}
  cost: {label: {en: Cost}, weight: 1, maximum: 10, lower_is_better: true, status: local}
award: {rule: top, max_awards: 1, status: local}
"""


def rulebook(**changes: Any) -> Rulebook:
    """The programme with some of its parts replaced (validated again)."""
    base = load(TEXT)
    assert isinstance(base, Rulebook), base
    plain = base.model_dump(by_alias=True, mode="json")
    for key, value in changes.items():
        old = plain.get(key)
        merge = (
            isinstance(old, dict) and isinstance(value, dict) and key in ("award", "consortium", "scoring")
        )
        plain[key] = {**old, **value} if merge else value
    return Rulebook.model_validate(plain)


RULE = {"status": "local"}
