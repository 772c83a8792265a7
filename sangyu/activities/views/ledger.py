"""A branch's ledgers: which months have one, and the Word file of a month."""

from datetime import date
from io import BytesIO

from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from sangyu.activities import ledgers as papers
from sangyu.journal.request import Request
from sangyu.kit import clock
from sangyu.kit.refusals import Gone
from sangyu.members.queries.organizations import organization_seen_by

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def ledgers(request: Request, organization_id: int) -> HttpResponse:
    organization = organization_seen_by(request.actor, organization_id)
    year = _year(request.GET.get("year", ""))
    held = papers.months_of(request.actor, organization, year)
    months = [(date(year, month, 1), held.get(month, 0)) for month in range(12, 0, -1)]
    this_month = clock.month_of(clock.today())
    page = {
        "organization": organization,
        "year": year,
        "total": sum(held.values()),
        "months": [(month, number) for month, number in months if month <= this_month or number],
        "earlier": year - 1 if year > organization.founded_on.year else None,
        "later": year + 1 if year < this_month.year else None,
    }
    return render(request, "activities/console/ledgers.html", page)


def ledger(request: Request, organization_id: int, year: int, month: int) -> FileResponse:
    organization = organization_seen_by(request.actor, organization_id)
    if not (1 <= month <= 12 and 1921 <= year <= 9000):
        raise Gone("没有这个月份。")
    on = date(year, month, 1)
    content = BytesIO(papers.ledger_of(request.actor, organization, on))
    name = f"{papers.title_of(organization, on)}.docx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=WORD)


def _year(given: str) -> int:
    """The asked year, or this one."""
    return int(given) if given.isascii() and given.isdigit() and 1921 <= int(given) <= 9000 else clock.today().year
