"""facetagger: name the people in a family's digitised photographs.

The package is a house of floors; imports go down only (``tests/test_architecture.py`` holds it):

1. ``errors`` ``geometry`` ``entities`` ``paths`` ``settings`` ``log``: the foundation
2. ``jobs`` ``imaging``: work off the window's thread; pixels from files
3. ``faces`` ``recognition`` ``library`` ``metadata``: find faces, tell people apart, remember, speak XMP
4. ``exporters`` ``training``: what leaves the program; networks of one's own
5. ``operations``: what a user can do, once, for both front ends
6. ``ui`` ``cli``: the window and the command line; neither knows the other
7. ``app`` ``__main__``: composition
"""

__version__ = "0.1.0"
