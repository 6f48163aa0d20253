"""`{% component part %}`: print a view model of `jiebang.web.components` through its own template."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from jiebang.web.components import Part

register = template.Library()


@register.simple_tag(takes_context=True)
def component(context: Context, part: Any) -> SafeString:
    """Print one part, several in order, or a plain text (escaped); nothing for None or an absent variable."""
    if isinstance(part, Part):
        return _print(context, part)
    if part is None or part == "":
        return mark_safe("")
    if isinstance(part, Iterable) and not isinstance(part, str):
        return mark_safe("".join(component(context, item) for item in part))  # noqa: S308 - printed parts
    return conditional_escape(part)


def _print(context: Context, part: Part) -> SafeString:
    # Own small context instead of the page's: a component depends on nothing but its view model.
    engine = context.template.engine  # type: ignore[union-attr]
    inner = Context({"c": part}, autoescape=True, use_l10n=False, use_tz=False)
    return mark_safe(engine.get_template(part.template).render(inner).strip())  # noqa: S308 - a template escaped it
