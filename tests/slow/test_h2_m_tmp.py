import subprocess, sys, pytest, os
from django.core.management import call_command
from django.db import connection
from tests.many_articles import write_articles
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(300)
def test_p(tmp_path):
    call_command("load_vocabulary", verbosity=0)
    write_articles(tmp_path, 500)
    done=subprocess.run([sys.executable, "-m","benchmarks.import_run", connection.settings_dict["NAME"], str(tmp_path)], cwd="/work/main", check=True,capture_output=True,text=True)
    print(done.stdout, os.getloadavg())
