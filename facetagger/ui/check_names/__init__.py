"""How sure the names in this library are: likely mistakes to correct, figures in plain words, charts.

``run`` measures off the window's thread, ``reading`` adds what the page shows of people and photos. ``page`` puts
together ``mistake_card``, ``threshold_card``, ``charts`` and ``people_table``; ``wording`` has the sentences, which
claim no more than was counted.
"""
