"""What is told of what runs and of how the site is reached."""

import pytest
from django.conf import LazySettings

from sangyu.config import running
from sangyu.config.running import Running, noted
from tests.doctor.finding import FINE, MUST, NOTICE, Grades, Told, grades


def test_a_web_server_that_does_not_answer(told: Told) -> None:
    assert grades(told("web")) == NOTICE
    with noted(Running("127.0.0.1", 1, 2, 1)):
        assert "127.0.0.1:1 没有应答" in told("web")[0].said and grades(told("web")) == MUST


def test_the_note_of_a_killed_program_is_not_believed(told: Told) -> None:
    running.NOTES.mkdir()
    (running.NOTES / "1.json").write_text('{"host": "127.0.0.1", "port": 1, "web": 2, "workers": 1}')
    assert grades(told("web")) == NOTICE


def test_only_this_machine(told: Told, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    assert grades(told("site")) == FINE


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"HTTPS": False}, "SANGYU_HTTPS=1"),
        ({"ALLOWED_HOSTS": ["localhost"]}, "SANGYU_HOSTS"),
        ({"ALLOWED_HOSTS": ["*"]}, "不安全"),
        ({"CSRF_TRUSTED_ORIGINS": ["sangyu.example"]}, "SANGYU_ORIGINS"),
    ],
)
def test_the_way_from_elsewhere(told: Told, settings: LazySettings, wrong: dict[str, object], said: str) -> None:
    right = {"HTTPS": True, "ALLOWED_HOSTS": ["sangyu.example"], "CSRF_TRUSTED_ORIGINS": ["https://sangyu.example"]}
    for name, value in right.items():
        setattr(settings, name, value)
    assert grades(told("site")) == FINE
    for name, value in wrong.items():
        setattr(settings, name, value)
    assert said in told("site")[0].said and grades(told("site")) == MUST


def test_a_server_that_listens_to_all_the_world(told: Told, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    with noted(Running("0.0.0.0", 1, 2, 1)):
        assert grades(told("site")) == MUST * 2


@pytest.mark.parametrize("hosts, expected", [(["localhost"], NOTICE), (["sangyu.example"], MUST)])
def test_debug(told: Told, settings: LazySettings, hosts: list[str], expected: Grades) -> None:
    assert told("debug") == []
    settings.DEBUG, settings.ALLOWED_HOSTS = True, hosts
    assert "SANGYU_DEBUG" in told("debug")[0].said and grades(told("debug")) == expected


def test_demo_mode_beside_own_data(told: Told, settings: LazySettings) -> None:
    assert told("demo") == []
    settings.DEMO = True
    assert "SANGYU_DEMO" in told("demo")[0].said and grades(told("demo")) == MUST
