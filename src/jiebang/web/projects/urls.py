"""Addresses of the project room."""

from django.urls import path

from jiebang.web.projects import agreement, checks, scanning, signing, statement

_AT = "projects/<str:number>/agreement/"

urlpatterns = [
    path(_AT, agreement.agreement, name="agreement"),
    path(f"{_AT}statement/", statement.common, name="statement"),
    path(f"{_AT}part/", statement.part, name="contribution"),
    path(f"{_AT}accept/<str:sha256>/", statement.accept, name="statement_accept"),
    path(f"{_AT}paper/<str:sha256>/", signing.paper, name="paper"),
    path(f"{_AT}paper/<str:sha256>/pdf/", signing.as_pdf, name="paper_pdf"),
    path(f"{_AT}paper/<str:sha256>/sign/", signing.sign, name="paper_sign"),
    path(f"{_AT}paper/<str:sha256>/scan/", scanning.scan, name="paper_scan"),
    path(f"{_AT}delegate/", signing.delegate, name="delegate"),
    path(f"{_AT}redraw/", signing.redraw, name="redraw"),
    path(f"{_AT}scans/<int:pk>/", scanning.judge, name="scan"),
    path(f"{_AT}scans/<int:pk>/file/", scanning.file, name="scan_file"),
    path(f"{_AT}checks/<str:gate>/", checks.check, name="check"),
]
