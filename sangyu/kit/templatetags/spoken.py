"""`{% load spoken %}`: days and hours on pages, in the words of `kit.spoken`."""

from django import template

from sangyu.kit import spoken

register = template.Library()
register.filter("spoken_day", spoken.day)
register.filter("spoken_short_day", spoken.short_day)
register.filter("spoken_hour", spoken.hour)
register.filter("spoken_moment", spoken.moment)


@register.simple_tag
def spoken_span(start: object, end: object) -> str:
    """`{% spoken_span activity.starts_at activity.ends_at %}`."""
    return spoken.span(start, end)  # type: ignore[arg-type]
