import os, time
from datetime import date, timedelta
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from sangyu.members.actions import rosters
from sangyu.members.actions.roster_undo import undo_roster
from sangyu.members.models import Person, RosterImport
from sangyu.members.queries.roster_undo import built_on, made_by
from sangyu.members.tests.cast import make_cast
from sangyu.members.tests.roster_files import HEADER, person, roster_file, BRANCH, NEIGHBOUR
from sangyu.members.tests.workbook import number_of, workbook
from sangyu.members.tests.signing_in import signed_in
N = int(os.environ["U_ROWS"])
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
def test_size(own_database):
    cast = make_cast()
    rows = []
    for i in range(N):
        day = date(1940,1,1)+timedelta(days=i//900)
        name = NAMES[i%30]+NAMES[(i//30)%30]+NAMES[(i//900)%30]
        number = number_of(day.strftime("%Y%m%d"), f"{i%900+1:03d}")
        bad = i % 50 == 0
        rows.append([BRANCH if i%2 else NEIGHBOUR, name, number[:-1]+"z" if bad else number, "", "外地" if i%10==0 else "", "", "", ""])
    content = workbook({"花名册": [HEADER, *rows]})
    actor = cast.actor(cast.clerk)
    t=time.time(); r = rosters.receive_roster(actor, cast.office, "a.xlsx", content); print("\nread", time.time()-t)
    connection.cursor().execute("analyze")
    browser = signed_in(cast.clerk)
    def pages():
        for name in ("roster","roster_lines","roster_branches","undo_roster"):
            t=time.time()
            with CaptureQueriesContext(connection) as q:
                a=browser.get(reverse(f"members:{name}",args=[r.pk]))
            print(name, a.status_code, round(time.time()-t,3), "s", len(q), "queries; slowest", sorted(((x["time"], x["sql"][:90]) for x in q), reverse=True)[:2])
        t=time.time(); browser.get(reverse("members:rosters")); print("list", round(time.time()-t,3))
        a=browser.get(reverse("members:roster_lines",args=[r.pk])); u=a.context["next_url"]
        t=time.time(); browser.get(reverse("members:roster_lines",args=[r.pk])+u); print("lines 2", round(time.time()-t,3))
    pages()
    t=time.time(); rosters.apply_roster(actor, r); print("apply", time.time()-t)
    r.refresh_from_db()
    connection.cursor().execute("analyze")
    pages()
    bad = r.lines.filter(state="bad").first()
    t=time.time(); browser.post(reverse("members:roster_line",args=[r.pk,bad.pk]), bad.text); print("correct", round(time.time()-t,3))
    t=time.time(); m=made_by(actor, r); print("made", round(time.time()-t,3), len(m.person))
    t=time.time(); b=built_on(actor, r, m); print("built", round(time.time()-t,3), len(b.traces))
    from sangyu.members.queries import roster_undo as ru
    from dataclasses import fields
    from sangyu.members.actions import roster_undo as u
    for fn in ("_lock","_take_back_facts","_delete","built_on"):
        f=getattr(u,fn)
        def w(*a,f=f,fn=fn):
            t=time.time(); x=f(*a); print("  ",fn,round(time.time()-t,2)); return x
        setattr(u,fn,w)
    t=time.time(); undo_roster(actor, r); print("undo", round(time.time()-t,3)); print(Person.objects.count())
