"""The HTTP edge: parse, call one stored function, answer its bytes. No rule lives here."""
