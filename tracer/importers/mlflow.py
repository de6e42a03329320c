"""MLflow: traces, and tables of evaluations.

Read: traces as ``Trace.to_json()`` writes them (versions 2 and 3), and tables as
``mlflow.evaluate`` logs them (``eval_results_table.json``) and as
``result_df.to_json(orient="records")`` writes those of ``mlflow.genai.evaluate``. The
recorded files in the tests are written by the package itself.
"""

from collections.abc import Iterable

from tracer.evaluation._datasets.files import FilePath, file_name
from tracer.importers._found import Found, Unread
from tracer.importers._mlflow_tables import Table, is_table_row, read_table
from tracer.importers._mlflow_traces import SYSTEM, is_trace, read_trace
from tracer.importers._records import Record, file_time_ns, records


def read(paths: Iterable[FilePath]) -> Found:
    """Return traces with their assessments, and each table as a run.

    Trace and span ids stay. A table names neither run nor time: its run's id is a hash
    of what it says, or `mlflow.sourceRun` of its traces, its time that of the traces or
    of the file.

    Args:
        paths: Files of traces and tables.
    """
    found = Found(system=SYSTEM)
    for path in paths:
        table = Table(path, time_ns=file_time_ns(path))
        for place, record in records(path, found):
            with found.reading(place):
                _take(record, table, place, found)
        if table.rows:
            with found.reading(file_name(path)):
                read_table(table, found)
    return found


def _take(record: Record, table: Table, place: str, found: Found) -> None:
    if is_trace(record):
        read_trace(record, place, found)
    elif isinstance(record.get("columns"), list) and "data" in record:
        names = [str(name) for name in record["columns"]]
        table.rows += [dict(zip(names, row, strict=False)) for row in record["data"]]
    elif is_table_row(record):
        table.rows.append(record)
    else:
        why = f"neither a trace nor a row of results: {sorted(record)[:6]}"
        found.unread.append(Unread(place, why))
