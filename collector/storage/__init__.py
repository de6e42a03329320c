"""The one room with SQL: engine, migrations, reads and writes."""
