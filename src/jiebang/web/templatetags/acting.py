"""`{% once %}`: the hidden key by which a form that is sent twice acts once."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jiebang.web.acting import ONCE, key_of, new_key

register = template.Library()


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """The key of this form; the same again when it comes back with faults, since a refusal saved nothing."""
    request: Any = context.get("request")
    again = request is not None and request.method == "POST" and not hasattr(request, "jiebang_key_spent")
    key = key_of(request) if again else new_key()
    return format_html('<input type="hidden" name="{}" value="{}">', ONCE, key)
