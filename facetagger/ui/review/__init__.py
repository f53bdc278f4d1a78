"""The review: one question a page, answered with one key.

``handful`` is a question while it is being answered and ``queue`` the order of questions with the answers given, both
plain data without Qt. ``reading`` is what a worker reads for a question, ``answers`` what each answer does in the
library. ``reviewer`` brings these together over the bridge; ``page`` shows it with ``heading``, ``card`` and
``footer``; ``keys`` says which key does what.
``crops``, ``portrait`` and ``facts`` also serve the pages of people and groups.

Invariants: the current question changes only by the user's hand, except that faces settled elsewhere leave it;
nothing that was said about a question is in the library before it is answered; an answer is carried out and taken
back as a whole, and taking it back shows the same question as it was, also when it was undone elsewhere; no face
is asked about again before the answer that touched it is in the library.
"""
