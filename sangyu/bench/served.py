"""What the bench's web server runs: the site, and beside it a bare page of fifty people, without sign-in or rights."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import override_settings
from django.urls import include, path

from sangyu.bench.web import BARE

TABLE = """<!doctype html><html lang="zh-CN"><head><title>50</title></head><body><table>{% for row in rows %}<tr>
<td><a href="/console/people/{{ row.person_id }}/">{{ row.person.name }}</a></td><td>{{ row.person.reading }}</td>
<td><a href="/console/organizations/{{ row.organization_id }}/">{{ row.organization.name }}</a></td>
<td>{{ row.get_kind_display }}</td></tr>{% endfor %}</table></body></html>"""


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangyu.config.settings")
site = get_wsgi_application()
# Only now are there models.
from sangyu.members.models import Membership  # noqa: E402

template = engines["django"].from_string(TABLE)


def bare(request: HttpRequest) -> HttpResponse:
    """The first fifty rows there are, as plain Django shows them."""
    rows = Membership.objects.select_related("person", "organization").order_by("pk")[:50]
    return HttpResponse(template.render({"rows": rows}))


urlpatterns = [path(BARE[1:], bare), path("", include("sangyu.config.urls"))]
settings.ROOT_URLCONF = __name__
with override_settings(MIDDLEWARE=[]):
    unguarded = WSGIHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answer: Iterable[bytes] = (unguarded if environ["PATH_INFO"] == BARE else site)(environ, start_response)
    return answer
