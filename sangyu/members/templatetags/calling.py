"""`{% load calling %}`: the telephone beside a name."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sangyu.kit.templatetags.links import page_of
from sangyu.members.models import Person

register = template.Library()

# Sent by the one form at the foot of every page of the console: fifty forms would be a quarter of a list's bytes.
BUTTON = '<button class="button call" form="call" formaction="{}" aria-label="打电话给{}">打电话</button>'


@register.filter
def call_button(person: Person) -> SafeString | str:
    """A button that opens the telephone with the person's number, which it does not show; '' where there is none."""
    return format_html(BUTTON, page_of("members:call", person.pk), person.name) if person.phone_sealed else ""
