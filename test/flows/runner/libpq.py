"""SQL for a PostgreSQL server by its own C library: a process of psql for each would take ten times as long."""
import ctypes
import functools

from tables import Unavailable

_GOOD = (1, 2)   # PGRES_COMMAND_OK, PGRES_TUPLES_OK
_EMPTY = 0       # PGRES_EMPTY_QUERY


class Refused(Exception):
    """What the server or the library says."""


@functools.cache
def _library():
    try:
        library = ctypes.CDLL("libpq.so.5")
    except OSError as missing:
        raise Unavailable(f"libpq is not installed (Debian package libpq5): {missing}") from missing
    connection, result, number = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
    for name, gives, takes in (
            ("PQconnectdb", connection, [ctypes.c_char_p]), ("PQfinish", None, [connection]),
            ("PQstatus", number, [connection]), ("PQerrorMessage", ctypes.c_char_p, [connection]),
            ("PQexec", result, [connection, ctypes.c_char_p]), ("PQclear", None, [result]),
            ("PQresultStatus", number, [result]),
            ("PQresultErrorMessage", ctypes.c_char_p, [result]),
            ("PQntuples", number, [result]), ("PQnfields", number, [result]),
            ("PQgetisnull", number, [result, number, number]),
            ("PQgetvalue", ctypes.c_char_p, [result, number, number])):
        function = getattr(library, name)
        function.restype, function.argtypes = gives, takes
    return library


def _quoted(value):
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def run(sql, **parameters):
    """Carries out what `sql` says on a connection of its own; the rows of its last statement, each a
    list of texts; None is null. `parameters`: as in libpq's connection strings."""
    library = _library()
    told = " ".join(f"{name}={_quoted(value)}" for name, value in parameters.items())
    connection = library.PQconnectdb(told.encode())
    try:
        if library.PQstatus(connection) != 0:
            raise Refused(library.PQerrorMessage(connection).decode(errors="replace"))
        result = library.PQexec(connection, sql.encode())
        try:
            if library.PQresultStatus(result) not in (*_GOOD, _EMPTY):
                raise Refused(library.PQresultErrorMessage(result).decode(errors="replace")
                              or library.PQerrorMessage(connection).decode(errors="replace"))
            return _rows(library, result)
        finally:
            library.PQclear(result)
    finally:
        library.PQfinish(connection)


def _rows(library, result):
    columns, value, is_null = range(library.PQnfields(result)), library.PQgetvalue, library.PQgetisnull

    def cell(row, column):
        text = value(result, row, column)   # There is no byte 0 in it.
        return text.decode() if text or not is_null(result, row, column) else None

    return [[cell(row, column) for column in columns] for row in range(library.PQntuples(result))]
