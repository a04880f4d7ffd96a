"""Local stand-in for the messaging providers: strict, deterministic, observable and hostile on demand.

It imports nothing from the rest of ``app``: a client and a server that shared code would share their mistakes.
"""
