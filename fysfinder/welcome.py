"""What `make run` prints when the site answers: the address, the log-ins that work, and what to try first."""

from fysfinder import demo


def text(address: str) -> str:
    """The words, for a site at `address`; reads the demo log-ins from the database."""
    lines = [
        "",
        f"FysFinder: {address}/",
        "",
        "Try first",
        f"  {address}/ordbog/   read an article, type 8000 under “Find en fysioterapeut”",
        f"  {address}/find/fysioterapeut/?sted=8000   the clinics nearest to 8000 Aarhus C",
    ]
    if log_ins := demo.log_ins():
        lines += ["", f"Log in at {address}/admin/"]
        lines += [f"  {name}   {password}   ({role})" for name, password, role in log_ins]
    return "\n".join([*lines, "", "Ctrl-C stops everything. The data stay in var/."])
