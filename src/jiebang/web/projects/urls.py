"""Addresses of the project room."""

from django.urls import URLPattern, path

from jiebang.web.projects import pilot, pilot_files, pilot_forms

_PILOT = "projects/<str:number>/pilot/"

urlpatterns: list[URLPattern] = [
    path(_PILOT, pilot.pilot),
    path(f"{_PILOT}protocol/", pilot_forms.propose),
    path(f"{_PILOT}protocol/<int:version>/", pilot_forms.version),
    path(f"{_PILOT}protocol/<int:version>/protocol.json", pilot_files.protocol),
    path(f"{_PILOT}run/", pilot_forms.run),
    path(f"{_PILOT}incident/", pilot_forms.incident),
    path(f"{_PILOT}incident/<int:order>/", pilot_forms.one_incident),
    path(f"{_PILOT}package/", pilot_files.package),
    path(f"{_PILOT}package/<int:order>/", pilot_files.one_package),
    path(f"{_PILOT}key/", pilot_forms.key),
    path(f"{_PILOT}key/<str:key>/", pilot_forms.revoke),
    path(f"{_PILOT}handover/", pilot_forms.begin),
    path(f"{_PILOT}handover/end/", pilot_forms.end),
    path(f"{_PILOT}report/", pilot_files.report),
    path(f"{_PILOT}files/<str:sha256>/", pilot_files.file),
    path(f"{_PILOT}cost/", pilot_forms.cost),
]
