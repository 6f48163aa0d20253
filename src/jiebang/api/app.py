"""The API as a whole."""

from ninja import NinjaAPI

from jiebang import __version__
from jiebang.api import acting, answers, pilot, reading, replications

DESCRIPTION = (
    "Every operation and every list of this instance, under the same rules as its pages. "
    "Sign in with `Authorization: Bearer <personal token>`. Times are RFC 3339, money is decimal text, texts are "
    "`{language: text}`. What you may not see is answered like what does not exist."
)

api = NinjaAPI(
    title="jiebang", version=__version__, description=DESCRIPTION, docs_url=None, openapi_url="/openapi.json",
    urls_namespace="api",
)  # fmt: skip
answers.install(api)
acting.install(api)
reading.install(api)
pilot.install(api)
replications.install(api)
