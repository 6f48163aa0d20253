"""Rings of two and three are found and cut."""

import numpy as np
from small import problem

from jiebang.engines.assignment.problem import Assignment
from jiebang.engines.assignment.rings import rings
from jiebang.engines.assignment.solve import solve

AUTHORS = ((0, 0), (1, 1), (2, 2))


def test_two_and_three_who_assess_each_other() -> None:
    assert rings([(0, 1), (1, 0)], AUTHORS) == [((1, 0), (0, 1))]
    assert len(rings([(1, 0), (2, 1), (0, 2)], AUTHORS)) == 1
    assert rings([(1, 0), (2, 1)], AUTHORS) == []
    assert rings([(0, 0)], AUTHORS) == []


def test_an_assignment_has_no_ring_though_it_would_be_better() -> None:
    affinity = np.full((4, 4), 0.1)
    affinity[0, 1] = affinity[1, 0] = 1.0
    authors = (*AUTHORS, (3, 3))
    answer = solve(problem(affinity, high=1, authors=authors, barred=dict.fromkeys(authors, "author")))
    assert isinstance(answer, Assignment)
    assert rings(answer.pairs, authors) == []
    assert answer.total < 2
