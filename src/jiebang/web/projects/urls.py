"""Addresses of the project room."""

from django.urls import path

from jiebang.web.projects import agreement, book, checks, indicators, money, paying, signing, stating, values

ROOM = "projects/<str:number>/"
_AT = f"{ROOM}agreement/"

urlpatterns = [
    path(_AT, agreement.agreement, name="agreement"),
    path(f"{_AT}statement/", stating.statement, name="statement"),
    path(f"{_AT}part/", stating.part, name="contribution"),
    path(f"{_AT}accept/<str:sha256>/", stating.accept, name="statement_accept"),
    path(f"{_AT}paper/<str:sha256>/", signing.paper, name="paper"),
    path(f"{_AT}paper/<str:sha256>/pdf/", signing.as_pdf, name="paper_pdf"),
    path(f"{_AT}paper/<str:sha256>/sign/", signing.sign, name="paper_sign"),
    path(f"{_AT}paper/<str:sha256>/scan/", signing.scan, name="paper_scan"),
    path(f"{_AT}delegate/", signing.delegate, name="delegate"),
    path(f"{_AT}redraw/", signing.redraw, name="redraw"),
    path(f"{_AT}scans/<int:pk>/", signing.judge, name="scan"),
    path(f"{_AT}scans/<int:pk>/file/", signing.scan_file, name="scan_file"),
    path(f"{_AT}checks/<str:gate>/", checks.check, name="check"),
    path(f"{ROOM}indicators/", indicators.indicators, name="project_indicators"),
    path(f"{ROOM}indicators/measure/", values.measure, name="project_measure"),
    path(f"{ROOM}indicators/tester/", values.tester, name="project_tester"),
    path(f"{ROOM}indicators/values/<int:value>/", values.value, name="project_value"),
    path(f"{ROOM}indicators/values/<int:value>/dispute/", values.dispute, name="project_dispute_value"),
    path(f"{ROOM}indicators/values/<int:value>/files/<str:sha256>/", values.file, name="project_value_file"),
    path(f"{ROOM}indicators/disputes/<int:order>/", values.decide, name="project_dispute"),
    path(f"{ROOM}money/", money.money, name="project_money"),
    path(f"{ROOM}money/book/", book.book, name="project_book"),
    path(f"{ROOM}money/book.<slug:kind>", book.download, name="project_book_file"),
    path(f"{ROOM}money/pay/<int:order>/", paying.pay, name="project_pay"),
    path(f"{ROOM}money/sources/new/", paying.add_source, name="project_source"),
    path(f"{ROOM}money/spend/", paying.spend, name="project_spend"),
    path(f"{ROOM}money/repay/", paying.repay, name="project_repay"),
    path(f"{ROOM}money/claim/", paying.claim, name="project_claim"),
    path(f"{ROOM}money/claims/<int:order>/", paying.claimed, name="project_claimed"),
]
