"""Keys change under a site that goes on: people are registered, telephones change, pages open what is sealed."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Lock, Thread

import pytest
from django.db import connections, transaction

from sangyu.keys import queries
from sangyu.kit import crypto
from sangyu.kit.refusals import Conflict
from sangyu.members.actions.people import sealed_fields, write_person
from sangyu.members.models import Organization, Person
from sangyu.members.tests.cast import OPERATOR, make_cast
from tests.keys.people import KEEPER, index_versions, number, phone, told_numbers, versions

pytestmark = pytest.mark.slow

SEEDED = 3000
COMMAND = [sys.executable, "-m", "sangyu", "rotate-keys"]


class Site:
    """A site in use. What everybody's number and telephone must be is kept in `expected`, by the person's id."""

    def __init__(self, office: Organization, environment: dict[str, str]) -> None:
        self.office, self.environment = office, environment
        self.expected: dict[int, tuple[str, str]] = {}
        self.lock, self.closing = Lock(), Event()
        self.failures: list[str] = []
        self.counted: Counter[str] = Counter()

    def seed(self) -> None:
        numbers = [(number(serial), phone(serial)) for serial in range(SEEDED)]
        people = Person.objects.bulk_create(
            Person(name=f"人{n}", reading="r", initials="r", **sealed_fields(*told)) for n, told in enumerate(numbers)
        )
        self.expected = {person.pk: told for person, told in zip(people, numbers, strict=True)}

    def rotate(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *options], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def finish(self, *options: str) -> str:
        process = self.rotate(*options)
        told, _ = process.communicate(timeout=120)
        assert process.returncode == 0, told
        return told

    def in_use(self, *deeds: Callable[[], None]) -> list[Thread]:
        threads = [Thread(target=self._go_on, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        return threads

    def _go_on(self, deed: Callable[[], None]) -> None:
        try:
            while not self.closing.is_set() and not self.failures:
                deed()
                self.counted[deed.__name__] += 1
        except Exception as error:  # told to the test, which fails by it
            self.failures.append(f"{deed.__name__}: {error!r}")
        finally:
            connections.close_all()

    def register_somebody(self) -> None:
        with self.lock:
            serial = len(self.expected)
        told = (number(serial), phone(serial))
        person = write_person(OPERATOR, self.office, f"人{serial}", *told)
        with self.lock:
            self.expected[person.pk] = told

    def register_somebody_again(self) -> None:
        with self.lock:
            serial = random.randrange(len(self.expected))
        try:
            write_person(OPERATOR, self.office, f"再{serial}", number(serial))
        except Conflict:
            return
        self.failures.append(f"{number(serial)} was registered twice")

    def change_a_telephone(self) -> None:
        """As a page does: read, sealed, and written a moment later."""
        with self.lock:
            pk = random.choice(list(self.expected))
            fresh = phone(random.randrange(10_000))
            with transaction.atomic():
                person = Person.objects.select_for_update().get(pk=pk)
                for field, value in sealed_fields(person.id_number, fresh).items():
                    setattr(person, field, value)
                time.sleep(0.002)
                person.save()
            self.expected[pk] = (self.expected[pk][0], fresh)

    def open_a_page(self) -> None:
        with self.lock:
            some = random.sample(list(self.expected), 30)
        for person in Person.objects.filter(pk__in=some):
            assert person.id_number == self.expected[person.pk][0]
            assert person.phone.startswith("1990000")


@pytest.fixture
def site(own_database: str, key_file: Path) -> Iterator[Site]:
    environment = {**os.environ, "SANGYU_DB_NAME": own_database, "SANGYU_KEY_FILE": str(key_file)}
    site = Site(make_cast().office, environment)
    site.seed()
    yield site
    site.closing.set()


def some_are_done() -> bool:
    held = Counter({h.version: h.rows for h in queries.holdings(KEEPER) if h.label == "人员的身份证号"})
    return bool(held[2])


def test_it_is_killed_and_started_again_and_nothing_is_lost_or_unreadable(site: Site) -> None:
    writers = [site.register_somebody, site.change_a_telephone, site.register_somebody_again]
    threads = site.in_use(*writers, site.open_a_page)
    process = site.rotate("--cipher", "sm4", "--index")
    while not some_are_done():
        assert process.poll() is None, process.communicate()
    process.kill()
    process.communicate()
    assert versions() == {1, 2}, "killed too late to be killed in the middle"
    assert told_numbers() != Counter() and not site.failures
    assert "接着上一次" in site.finish("--cipher", "sm4", "--index")
    site.closing.set()
    for thread in threads:
        thread.join()
    assert not site.failures
    assert min(site.counted[deed.__name__] for deed in [*writers, site.open_a_page]) > 5, site.counted
    assert (versions(), index_versions()) == ({2}, {2})
    assert told_numbers() == Counter(site.expected.values())
    assert "旧密钥已撤下" in site.finish("--retire")
    assert list(crypto.keyring().versions) == [2]
    assert told_numbers() == Counter(site.expected.values())
    site.finish()


def test_what_was_begun_with_the_old_key_and_committed_late_is_sealed_anew_too(site: Site) -> None:
    first = min(site.expected)
    sealed = crypto.seal(crypto.keyring(), phone(9999), "person.phone")
    begun, may_commit = Event(), Event()

    def write_late() -> None:
        with transaction.atomic():
            Organization.objects.count()
            begun.set()
            may_commit.wait(30)
            Person.objects.filter(pk=first).update(phone_sealed=sealed)
        connections.close_all()

    thread = Thread(target=write_late)
    thread.start()
    assert begun.wait(30)
    process = site.rotate()
    while versions() != {2}:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    assert process.poll() is None
    may_commit.set()
    thread.join()
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert versions() == {2}
    assert Person.objects.get(pk=first).phone == phone(9999)


def test_while_somebody_may_still_write_with_the_old_key_it_is_not_taken_out(site: Site) -> None:
    site.finish()
    begun, may_end = Event(), Event()

    def hold_on() -> None:
        with transaction.atomic():
            Organization.objects.count()
            begun.set()
            may_end.wait(30)
        connections.close_all()

    thread = Thread(target=hold_on)
    thread.start()
    assert begun.wait(30)
    process = site.rotate("--retire")
    with pytest.raises(subprocess.TimeoutExpired):
        process.communicate(timeout=4)
    assert len(crypto.keyring().versions) == 2
    may_end.set()
    thread.join()
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and list(crypto.keyring().versions) == [2], told
