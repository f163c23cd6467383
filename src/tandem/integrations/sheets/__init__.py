"""Any list as CSV or XLSX: the rows it shows, all of them, streamed."""
