"""What the project claims about speed and memory, measured against a floor in the same run."""
