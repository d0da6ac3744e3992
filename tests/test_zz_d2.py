import json, statistics, time
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from clinics.search import Search
from clinics import counting
from clinics.inquiry import Inquiry
from clinics.asked import *

@pytest.mark.django_db
@pytest.mark.parametrize("n", [3000, 20000])
def test_perf(n, capsys):
    call_command("load_places", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    call_command("seed_demo", clinics=n, verbosity=0)
    with connection.cursor() as c: c.execute("ANALYZE")
    with capsys.disabled():
        for q in [dict(tilstand="iskias",sted="8000"), dict(sted="8000"), dict(sted="8000",radius="50",tilstand="iskias"), dict(tilstand="iskias",sted="8000",adgang=["elevator"],sprog=["ar"]), dict(tilstand="iskias",sted="8000",sorter="pris"), dict(tilstand="iskias",sted="8000",sorter="match"),dict(tilstand="iskias"), dict()]:
            from django.http import QueryDict
            qd=QueryDict(mutable=True)
            for k,v in q.items(): qd.setlist(k, v if isinstance(v,list) else [v])
            inq=Inquiry.read(qd)
            inq.found(facets=True)
            counting.forget()
            with CaptureQueriesContext(connection) as ctx:
                t=time.process_time(); inq.found(facets=True); t=time.process_time()-t
            out=[]
            for x in ctx.captured_queries:
                runs=[]
                with connection.cursor() as c:
                    for _ in range(15):
                        c.execute("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "+x["sql"].replace("%","%%") if False else "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) "+x["sql"])
                        p=c.fetchone()[0]; p=json.loads(p) if isinstance(p,str) else p
                        runs.append((p[0]["Planning Time"],p[0]["Execution Time"]))
                best=min(runs,key=sum); med=statistics.median(map(sum,runs))
                out.append("plan %.2f exec %.2f med %.2f"%(*best,med))
            print(n,q,"python+wait %.1f ms"%(t*1000),out)
