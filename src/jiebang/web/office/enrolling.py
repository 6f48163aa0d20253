"""`/office/people/new/`: make an account for somebody; a letter with a link to set the password goes to them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from jiebang.records.people.roles import APPOINTERS
from jiebang.records.programme.queries import programme_zone
from jiebang.rules.texts import language_tag as tag_of
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.office.one_form import OneForm, select, serve, typed
from jiebang.web.people import registering
from jiebang.web.site import language_tag


@only(*APPOINTERS)
def enrol(request: HttpRequest) -> HttpResponse:
    """One form; then on to appointing the person."""
    wanted = typed("email", "name", "name_latin", "language", "timezone")
    to = "/office/people/appoint/?" + urlencode({"person": request.POST.get("email", "").strip()})
    return serve(
        request,
        OneForm(
            operation="enrol_person", params=lambda post: {**wanted(post), "letter": True}, label=_("Enrol"), fields=_fields(),
            said=_("The person is enrolled and gets a letter with a link to set a password. Now appoint them."), to=to,
            back="/office/people/",
            intro=c.Intro(title=_("Enrol a person"), next=_("For people who do not register themselves: they get a letter.")),
            crumbs=c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/"), c.Link(_("People"), "/office/people/")],
                                 here=_("Enrol a person")),
        ),
    )  # fmt: skip


def _fields() -> list[c.Field]:
    lang = language_tag()
    tags = [tag_of(code) for code, _name in settings.LANGUAGES]
    return [
        c.Field(name="email", label=_("E-mail address"), kind="email"),
        c.Field(name="name", label=_("Name"), help=_("In the person's own script.")),
        c.Field(name="name_latin", label=_("Name in Latin letters"), optional=True),
        select("language", _("Language in which we write to them"),
               {tag: formats.language(tag, lang=lang) for tag in tags}, chosen=lang),
        select("timezone", _("Their time zone"), {zone: zone for zone in registering.zones()}, chosen=programme_zone()),
    ]  # fmt: skip
