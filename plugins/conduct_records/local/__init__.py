"""One machine: the embedded server, Airflow's components and the simulator, as processes of our own."""
