"""Addresses of organisations and of the inbox."""

from django.urls import path

from jiebang.web.people import capabilities, correcting, inbox, organisations

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<int:number>/", inbox.message, name="message"),
    path("organisations/new/", organisations.new, name="organisation_new"),
    path("organisations/evidence/<int:number>/file/", organisations.file, name="evidence_file"),
    path("organisations/<str:slug>/", organisations.organisation, name="organisation"),
    path("organisations/<str:slug>/capabilities/", capabilities.capabilities, name="capabilities"),
    path("organisations/<str:slug>/change/", correcting.own, name="organisation_change"),
    path("office/organisations/<str:slug>/change/", correcting.office, name="office_organisation_change"),
    path("organisations/<str:slug>/evidence/", organisations.give, name="evidence_new"),
]
