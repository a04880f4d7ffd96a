"""Import of contacts: a spreadsheet read at the edge, judged and written by the database, batch by batch."""
