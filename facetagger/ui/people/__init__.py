"""The people of the library, and the groups of faces that nobody has named.

``page`` shows everybody as round portraits with the unnamed groups below; ``person_page`` the confirmed faces of one
person; ``groups`` all groups without a name, each of which opens as a question. ``reading`` is
what a worker reads.

Invariants: models hold ids and look their rows up when they are painted; two people become one only after a dialogue
that shows both; everything that is changed here goes through ``Bridge.act`` and can be undone. Crops, portraits and
the card of a group come from ``ui.review``, since they are the same question.
"""
