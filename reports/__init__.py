"""What follows from a case and its plan: recomputation, audit, tables and the workbook. Knows only `masterplan.data`."""
