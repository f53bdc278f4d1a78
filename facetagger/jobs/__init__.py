"""Work off the window's thread: lanes, cancel tokens, results and progress, in pure Python."""
