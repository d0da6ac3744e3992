"""The PostgreSQL extensions that the search index stands on, with a plain word when they may not be installed."""

from django.contrib.postgres.operations import CreateExtension
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction


class NeededExtension(CreateExtension):
    """CREATE EXTENSION for a contrib module; raises CommandError that says what to ask an administrator for."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                super().database_forwards(app_label, schema_editor, from_state, to_state)
        except DatabaseError as error:
            database = schema_editor.connection.settings_dict["NAME"]
            raise CommandError(
                f"The extension {self.name} is missing and this database user could not install it "
                f"({str(error).splitlines()[0]}). "
                f"Ask the database's administrator to install PostgreSQL's contrib modules and to run, in database {database}: "
                "CREATE EXTENSION cube; CREATE EXTENSION intarray; CREATE EXTENSION pg_trgm; then run migrate again."
            ) from error

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        """Nothing: somebody else may use the extension, and it may have been there before us."""
