#!/usr/bin/env python3
"""Django's command line, with the embedded database running for the commands that need one."""

import os
import sys

WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def needs_database(arguments: list[str]) -> bool:
    """Does this command line (without the program's name) talk to the database?"""
    if not arguments or {"--help", "-h", "--version"} & set(arguments):
        return False
    if arguments[0] == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return arguments[0] not in WITHOUT_DATABASE


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that cannot show Danish
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fysfinder.settings")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    if needs_database(sys.argv[1:]) and settings.EMBEDDED_POSTGRES:
        from fysfinder.postgres import PostgresError, Server

        try:
            Server(settings.EMBEDDED_POSTGRES).start(say=lambda line: print(line, file=sys.stderr))
        except PostgresError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
