"""Where arrays lie: what is reached by constant places only becomes registers, everything else is memory."""

from __future__ import annotations

from wc_engine.compile.ir import Assign, DynamicColumn, Kind, ListArray, Lit, Load, Stmt, Store, Unpack, Var
from wc_engine.compile.scratch import Scratch
from wc_engine.state.schema import EntityType, IntDomain, Schema

PLACE = (("x", IntDomain(0, 15)), ("y", IntDomain(0, 15)))
SCHEMA = Schema((EntityType("Box", PLACE, 2), EntityType("Coin", PLACE)))
ROW, VALUE = Var("r", Kind.INT), Var("v", Kind.INT)


def column(type_name: str, attribute: str) -> DynamicColumn:
    return DynamicColumn(0, type_name, attribute, 64)


def read(array: DynamicColumn | ListArray, place: Lit | Var) -> Stmt:
    return Assign(VALUE, Load(array, place, Kind.INT))


def test_one_access_to_an_unknown_place_keeps_an_array_in_memory_and_no_other_one() -> None:
    grown = ListArray(7, 0, 64)
    body: list[Stmt] = [
        Unpack(0, "Box", 64, None, 0),
        read(column("Box", "x"), Lit(1, Kind.INT)),
        read(column("Box", "y"), ROW),
        Store(grown, Lit(0, Kind.INT), VALUE),
        read(grown, ROW),
    ]
    scratch = Scratch(body, SCHEMA)
    assert scratch.word(column("Box", "x"), "1") == "R[0 + 1]"
    assert scratch.word(column("Box", "y"), "r") == "H[0 + r]"
    assert scratch.word(grown, "0") == "H[64 + 0]"
    assert (scratch.words, scratch.registers) == (128, 2)


def test_rows_whose_number_is_not_known_are_read_to_unknown_places() -> None:
    body: list[Stmt] = [Unpack(0, "Coin", 64, ROW, 0), read(column("Coin", "x"), Lit(0, Kind.INT))]
    assert Scratch(body, SCHEMA).word(column("Coin", "x"), "0") == "H[0 + 0]"
