"""Addresses of the public pages."""

from django.urls import path
from django.views.generic import RedirectView

from jiebang.web.public import (
    asking,
    board,
    case_paper,
    chain,
    draws,
    home,
    notice,
    objection,
    programme,
    projects,
    results,
)
from jiebang.web.public import case as one_case
from jiebang.web.public import cases as all_cases

urlpatterns = [
    path("", home.home, name="home"),
    path("challenges/", board.challenges, name="challenges"),
    path("challenges/<str:number>/", notice.notice, name="challenge"),
    path("challenges/<str:number>/ask/", asking.ask, name="ask"),
    path("challenges/<str:number>/object/", asking.object_to, name="object"),
    path("challenges/<str:number>/result/", results.result, name="result"),
    path("challenges/<str:number>/draw.json", draws.file, name="draw_file"),
    path("objections/<str:number>/", objection.objection, name="objection"),
    path("objections/<str:number>/appeal/", objection.appeal, name="appeal"),
    path("results/", results.results, name="results"),
    path("projects/", projects.projects, name="projects"),
    path("projects/<str:number>/", projects.project, name="project"),
    path("cases/", all_cases.cases, name="cases"),
    path("cases/<str:number>/case.pdf", case_paper.paper, {"kind": "pdf"}, name="case_paper"),
    path("cases/<str:number>/case.json", case_paper.paper, {"kind": "json"}, name="case_json"),
    path("cases/<str:number>/", one_case.case, name="case"),
    path("programme/", programme.programme, name="programme"),
    path("programme/chain/", chain.chain, name="chain"),
    path("programme/guidelines/", programme.guidelines, name="guidelines"),
    path("about/", RedirectView.as_view(pattern_name="programme")),
]
