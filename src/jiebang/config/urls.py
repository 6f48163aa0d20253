"""All addresses: pages under English words, the API under /api/v1/."""

from django.urls import include, path

urlpatterns = [path("", include("jiebang.api.urls")), path("", include("jiebang.web.urls"))]

handler400 = "jiebang.web.errors.malformed"
handler403 = "jiebang.web.errors.forbidden"
handler404 = "jiebang.web.errors.not_found"
handler500 = "jiebang.web.errors.broken"
