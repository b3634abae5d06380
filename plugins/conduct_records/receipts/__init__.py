"""What a submitter gets back for a file: a workbook that a clerk can act on, and the same for machines."""
