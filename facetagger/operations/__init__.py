"""What a user can do, once, for both front ends. The only writers of the library; each act returns a Change.

``session.Session`` composes one object per subject over one open library: importing, naming, people, albums, history,
suggesting, reviewing, searching, exporting, evaluating, checking. The front ends hold a session and nothing else.

Invariants:
- An act of the user is one transaction with a text: it is recorded, and undo takes exactly it back.
- A job (an import, a refresh of suggestions) is a transaction without a text: the library refuses it anything that the
  user has said.
- Importing and suggesting may run beside acts on other threads; each reads and writes the library in short steps.
- Networks and classifiers load when they are first used; opening a session is quick.
"""
