# Superset as `make e2e-bi` proves it. Its own image brings no driver for any database but SQLite.
FROM apache/superset:6.1.0
USER root
RUN . /app/.venv/bin/activate && uv pip install --no-cache psycopg2-binary==2.9.13
USER superset
