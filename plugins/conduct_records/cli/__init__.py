"""The library's command line, for a clerk's desk and for the engineer on call; no Airflow in it."""
