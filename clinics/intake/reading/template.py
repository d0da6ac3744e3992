"""The table that clinics' data is sent in: headings, and one row that shows how."""

import csv
import io

from .columns import explained

FILE_NAME = "fysfinder-klinikker.csv"


def template() -> bytes:
    """UTF-8 with a byte order mark and semicolons, so that a Danish spreadsheet opens it as a table."""
    told = io.StringIO()
    writer = csv.writer(told, delimiter=";", lineterminator="\r\n")
    writer.writerow([heading for heading, _, _ in explained()])
    writer.writerow([example for _, _, example in explained()])
    return told.getvalue().encode("utf-8-sig")
