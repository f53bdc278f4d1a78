"""Work off the window's thread: lanes, cancel tokens, results and progress, in pure Python.

A job is a callable without arguments. ``Runner`` puts it on a *lane*, an executor with as many threads as that kind of
work may use, and hands its ``Result`` to ``on_done`` through ``deliver``: the window gives a function that posts to its
own thread, the command line one that calls straight away, tests one that collects.

``priority`` puts long work behind the window, ``garbage`` keeps Python's collector in the window's thread.

Invariants: a job sees the outside only through what it was given and returns a plain value; a long job calls
``CancelToken.checkpoint`` between its steps; waiting is done on conditions, never by polling; after
``Runner.shutdown`` no thread of a lane runs and nothing is delivered any more, and every act that was asked for on the
library lane has been done.
"""
