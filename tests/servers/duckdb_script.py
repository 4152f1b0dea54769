"""Runs the SQL file that is named on the command line, in the working directory."""

import sys
from pathlib import Path

import duckdb

duckdb.sql(Path(sys.argv[1]).read_text())
