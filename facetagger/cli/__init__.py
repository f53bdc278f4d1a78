"""The command line: every command a thin shell over one operation.

``main`` puts the commands together, one module a subject; ``options`` has what they share, ``output`` how they answer.
With ``--json`` a command prints one JSON document on stdout, also for an error; progress and sentences for people go
to stderr. Exit status 0 for done, 1 for an error or a check that found something, 2 for a command that makes no sense.
Nothing here knows Qt: ``__main__`` hands in the function that opens the window.
"""
