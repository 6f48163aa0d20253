"""Addresses of the pages of copies."""

from django.urls import path

from jiebang.web.replications import acts, page

_AT = "replications/<str:number>/"

urlpatterns = [
    path(_AT, page.replica, name="replica"),
    path(f"{_AT}agree/", acts.agree, name="replica_agree"),
    path(f"{_AT}agree/<str:sha256>/", acts.agree, name="replica_agree_to"),
    path(f"{_AT}value/", acts.value, name="replica_value"),
    path(f"{_AT}adaptation/", acts.adaptation, name="replica_adaptation"),
    path(f"{_AT}benefit/", acts.benefit, name="replica_benefit"),
    path(f"{_AT}confirm/", acts.confirm, name="replica_confirm"),
    path(f"{_AT}give-up/", acts.give_up, name="replica_give_up"),
    path(f"{_AT}files/<str:sha256>/", page.file, name="replica_file"),
]
