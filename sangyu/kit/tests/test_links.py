"""Addresses in long lists are the same as anywhere else."""

import pytest
from django.urls import reverse

from sangyu.kit.templatetags.links import page_of


@pytest.mark.parametrize("name", ["members:person", "members:organization", "members:call", "reports:entry"])
def test_a_link_in_a_list_leads_where_the_url_leads(name: str) -> None:
    for number in (7, 12345678901):
        assert page_of(name, number) == reverse(name, args=[number])
