"""The layout of the map: links run down, nothing overlaps, loops do no harm."""

from itertools import pairwise

import pytest

from masterplan.reports.map_layout import GAP, layout

WIDE = 1000.0


def placed(nodes, links, width=100.0):
    return layout(nodes, links, dict.fromkeys(nodes, width), WIDE)


def test_a_chain_stands_in_rows_and_a_long_link_passes_each():
    found = placed("abc", [("a", "b"), ("b", "c"), ("a", "c")])
    assert [found.places[node][1] for node in "abc"] == [0, 1, 2]
    ((_, row),) = found.routes["a", "c"]
    assert row == 1
    assert abs(found.routes["a", "c"][0][0] - found.places["b"][0]) >= 50 + 7 + GAP - 1e-9


def test_a_loop_turns_one_link_only():
    """mine -> ore -> mill -> power -> mine: three links run down and one leads back, led past the rows between in its own direction."""
    links = [("mine", "ore"), ("ore", "mill"), ("mill", "power"), ("power", "mine")]
    found = placed(["mine", "ore", "mill", "power"], links)
    back = [link for link in links if found.places[link[0]][1] > found.places[link[1]][1]]
    assert len(back) == 1
    rows = [row for _, row in found.routes[back[0]]]
    assert rows == sorted(rows, reverse=True)
    assert len(rows) == 2


@pytest.mark.parametrize("count", [3, 9, 30])
def test_nothing_overlaps_and_all_is_inside(count):
    nodes = [f"n{place}" for place in range(count)]
    links = [(one, other) for place, one in enumerate(nodes) for other in nodes[place + 1 :: 3]]
    found = placed(nodes, links)
    for row in range(found.rows):
        across = sorted(x for x, at in found.places.values() if at == row)
        assert all(after - before >= 100 + GAP - 1e-6 for before, after in pairwise(across))
    assert min(x for x, _ in found.places.values()) >= 50 - 1e-6
    assert max(x for x, _ in found.places.values()) <= found.width - 50 + 1e-6


def test_what_a_node_stands_by_is_near():
    """Two separate chains: each stays together rather than crossing the other."""
    found = placed(["a", "b", "c", "d"], [("a", "d"), ("b", "c")])
    assert (found.places["a"][0] < found.places["b"][0]) == (found.places["d"][0] < found.places["c"][0])


def test_no_nodes_and_links_to_nowhere():
    assert placed([], []).rows == 0
    assert placed(["a"], [("a", "a"), ("a", "x")]).routes == {}
