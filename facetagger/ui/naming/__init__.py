"""Asking who somebody is: the field with candidates that every page uses.

``choices`` and ``wording`` are pure: which people are offered for a typed text, in which order, in which words.
``provider`` reads what they need on the library's and the recogniser's lanes; ``name_field`` shows it and says with
signals what the user chose; ``field_keys`` says which key does what in it. The field decides nothing and writes
nothing: its owner turns a signal into an act.

Invariants: no key that writes a letter is a command; a row is never taken by Enter unless it is marked, and nothing is
marked that would be a guess; rows that arrive late never move the mark from where the user put it; figures of certainty
are never shown, only words.
"""
