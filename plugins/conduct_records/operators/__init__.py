"""What the DAG files share with Airflow; nothing else of the library imports Airflow."""
