"""Embeddings in, names out: the per-person SVC, the open-set gate, groups, questions, evaluation.

``evidence`` holds what the user has said, as arrays, and finds what differs from one state to the next. ``svc`` solves
one person's problem exactly on the rows that decide it. ``shortlist`` keeps, for each open face, the few people it is
near, ``neighbours`` the few faces. ``resemblance`` puts into numbers what a face has of a person, ``votes`` what its
neighbours say, ``plausibility`` what speaks against; ``calibration`` makes a probability of them, after ``rehearsal``
has played the album with held-out faces. ``weighing`` asks these of faces and people, ``standings`` keeps the answers
until a decision touches them. ``recogniser`` brings all into agreement with the evidence and makes suggestions;
``memory`` is what it goes on from after a restart, ``taught`` tells what has changed since. ``grouping`` gathers open
faces that nobody has named, ``questions``
chooses what to ask about all of them, ``evaluation`` measures.

Invariants:

* Only confirmed and ignored faces teach; a suggestion never does. Open faces vote for one another, once and softly.
* Classifiers and shortlists depend on the evidence alone, not on the order of the decisions: undoing a decision undoes
  its effect. Classifiers equal those trained from scratch within 2e-4 of a decision value.
* An SVC cannot say "nobody": a suggestion also takes nearness, a gap to the next label, and probability.
* A rejection is a veto. A person is suggested once per photo at most.
* Nothing of the size (faces x faces) or (faces x people) is ever held.

Distances are Euclidean, between L2-normalised vectors. The thresholds were chosen for the dlib ResNet with mirrored
average; scikit-learn is imported when the first classifier is solved.
"""
