"""Level files: every notation that players use, and one clear error for each bad level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared_data import shared

from wc_engine.envs.sokoban import Level, format_level, generate, parse_levels, read_levels, write_levels
from wc_engine.envs.sokoban.notation import expand_runs, rows_of_state
from wc_engine.envs.sokoban.rules import to_state
from wc_engine.errors import UserInputError

PLAIN = """\
#######
#     #
# @$. #
# *   #
#######
"""
PLAIN_ROWS = PLAIN.splitlines()


def only(text: str) -> Level:
    """Return the one level of a text in which nothing is wrong."""
    read = parse_levels(text)
    assert not read.errors
    assert len(read.levels) == 1
    return read.levels[0]


def rows(text: str) -> list[str]:
    return rows_of_state(only(text).state)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "   \t\n"),
        PLAIN.replace(" ", "-"),
        PLAIN.replace(" ", "_"),
        PLAIN.replace("@", "p").replace("$", "b").replace("*", "B").replace(".", "o"),
        "\n".join("\t" + row for row in PLAIN_ROWS),
        "\n".join("     " + row for row in PLAIN_ROWS),
        PLAIN + "---\n_ _\n",
        "7#\n#5-#\n#-@$.-#\n#-*3-#\n7#\n",
        "7#|#5-#|#-@$.-#|#-*3-#|7#",
        "7#|\n#5-#|\n#-@$.-#|\n#-*3-#|\n7#|",
        "2(3#)#|#5-#|#-@$.-#|#-*3(-)#|7#",
        "7#|#5-#|\n#-@$.-#|#-*3-#|7#",
    ],
    ids=[
        "as it is", "CRLF", "CR", "byte order mark", "trailing spaces and tabs", "- floor", "_ floor", "YASC letters",
        "indented by a tab", "indented by spaces", "floor below the walls", "run lengths", "one line",
        "| and line ends", "groups", "some rows to a line",
    ],
)  # fmt: skip
def test_the_same_board_is_read_from_every_notation(text):
    assert rows(text) == PLAIN_ROWS


def test_a_player_on_a_target_is_both():
    assert rows("#####\n#P$-#\n#####") == rows("#####\n#+$ #\n#####") == ["#####", "#+$ #", "#####"]


def test_rows_may_differ_in_length_and_start_with_floor():
    board = ["  ####", "###  ####", "#     $ #", "# #  #$ #", "# . .#@ #", "#########"]
    level = only("\n".join(board))
    assert rows_of_state(level.state) == board
    assert (level.width, level.height) == (9, 6)


def test_a_row_of_visible_floor_does_not_end_the_board():
    level = only("#####\n#@$.#\n#####\n-\n#####")
    assert rows_of_state(level.state) == ["#####", "#@$.#", "#####", "", "#####"]


def test_walls_that_only_decorate_stay():
    board = ["#####   #", "#@$.#", "#####  ##"]
    assert rows("\n".join(board)) == board


def test_a_level_that_is_solved_already_is_read():
    assert rows("#####\n#@* #\n#####") == ["#####", "#@* #", "#####"]


def test_more_boxes_than_targets_are_read():
    assert only("######\n#@$$.#\n######").state.of_type("Box") != []


@given(st.lists(st.tuples(st.integers(1, 20), st.sampled_from("#-$.@*+|")), min_size=1, max_size=20))
def test_run_lengths_say_how_often_what_follows_is_repeated(runs):
    runs = [(1 if mark == "|" else count, mark) for count, mark in runs]
    short = "".join(f"{count if count > 1 else ''}{mark}" for count, mark in runs)
    assert expand_runs(short) == "".join(count * mark for count, mark in runs)


def test_groups_nest():
    assert expand_runs("2(#2(-$)|)3#") == "#-$-$|#-$-$|###"


BOXOBAN = "; 0\n#####\n#@$.#\n#####\n\n; 17\n#####\n#.$@#\n#####\n"


def test_boxobans_numbers_are_titles_and_lines_are_counted():
    levels = read_all(BOXOBAN)
    assert [(level.title, level.index, level.line) for level in levels] == [("0", 0, 2), ("17", 1, 7)]


def read_all(text: str) -> list[Level]:
    read = parse_levels(text)
    assert not read.errors
    return read.levels


BOARD = "#####\n#@$.#\n#####\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{BOARD}Title: One\nAuthor: Ann\n\n{BOARD}Title: Two\nAuthor: Bob\n",
        f"Title: One\nAuthor: Ann\n\n{BOARD}\nTitle: Two\nAuthor: Bob\n\n{BOARD}",
        f"Title: All of them\nAuthor: Cid\n\n{BOARD}\nTitle: One\nAuthor: Ann\n\n{BOARD}\nTitle: Two\nAuthor: Bob\n",
        f"::  a header ::\n\nOne\n\n{BOARD}\nAuthor: Ann\n\nTwo\n\n{BOARD}\nAuthor: Bob\n",
        f"; One\n\n{BOARD}Author: Ann\n\n; Two\n\n{BOARD}Author: Bob\n",
        f"{BOARD}; One\nAuthor: Ann\n\n{BOARD}; Two\nAuthor: Bob\n",
        f"One\n{BOARD}Author: Ann\nSolution 1\nRlurdlurdlurd\n\nTwo\n{BOARD}Author: Bob\nSolution 1\nrdlurdR\n",
    ],
    ids=["keys after", "keys before", "collection header", "sok", "; before", "; after", "saved games"],
)
def test_titles_and_authors_go_to_the_board_they_are_about(text):
    assert [(level.title, level.author) for level in read_all(text)] == [("One", "Ann"), ("Two", "Bob")]


def test_the_author_of_a_collection_is_that_of_its_levels():
    text = f"Author: Ann\n\n{BOARD}Title: One\n\n{BOARD}Title: Two\nAuthor: Bob\n"
    assert [level.author for level in read_all(text)] == ["Ann", "Bob"]


def test_comments_are_kept_and_boards_inside_them_are_not_levels():
    block = f"Comment:\nhard\n{BOARD}so it is\nComment-End:\n"
    first, second = read_all(f"{BOARD}Title: One\n{block}Comment: one line\nDate: 1999\n\n{BOARD}Title: Two\n")
    assert first.comments == ("hard", "#####", "#@$.#", "#####", "so it is", "one line", "date: 1999")
    assert second.comments == ()


def test_lines_that_merely_look_like_rows_are_text():
    levels = read_all(f"#1\n\n{BOARD}\nbob\n\n{BOARD}12\n\n-3-\n")
    assert [level.title for level in levels] == ["#1", "bob"]


def test_levels_one_to_a_line_are_told_apart():
    line = "5#|#@$.#|5#"
    assert len(read_all(f"{line}\n{line}\n{line}")) == 3


@pytest.mark.parametrize(
    ("board", "line", "message"),
    [
        ("#####\n# $.#\n#####", 1, "no player; put one @"),
        ("#####\n#@$.#\n#  @#\n#####", 3, "2 players; keep one @"),
        ("#####\n#@ .#\n#####", 1, "no boxes"),
        ("#####\n#@$ #\n#####", 1, "no targets"),
        ("######\n#@$..#\n######", 1, r"fewer boxes \(1\) than targets \(2\).*add a box"),
        ("#####\n#@$. \n#####", 2, "do not enclose the player: it can leave in column 5"),
        ("#####\n#@$.#\n# ###", 3, "it can leave in column 2 of this row; close the gap"),
        ("#######\n#@$. \n#     #\n#######", 2, "do not enclose the player"),
        ("#####\n#@$.#\n#  x#\n#####", 3, "'x' in this row is no part of a level"),
        ("5#|#@$.#|5", 1, "the run length 5 has nothing to repeat in this row"),
        ("#####\n2(#@$.#\n#####", 2, r"a \( has no \) after it"),
        ("#####\n#@$.#)\n#####", 2, r"a \) has no \( before it"),
        ("999999#|#@$.#|5#", 1, "a run length is longer than 1000"),
        ("999(999(#9#))|#@$.#|5#", 1, "more than 1000 by 1000 cells"),
        ("##\n" + "#1000-@$.#\n" + "###", 2, "at most 1000 by 1000|do not enclose"),
    ],
)
def test_a_bad_level_is_named_with_its_line_and_the_others_are_read(board, line, message):
    read = parse_levels(f"; 0\n{BOARD}\n; seven\n{board}\n\n; 2\n{BOARD}", file="some.xsb")
    assert [level.index for level in read.levels] == [0, 2]
    (error,) = read.errors
    assert (error.file, error.index, error.title) == ("some.xsb", 1, "seven")
    assert error.line in (line + 6, 7)
    assert str(error).startswith(f"some.xsb:{error.line}: level 2 (seven): ")
    with pytest.raises(UserInputError, match=message):
        raise error


def test_boxes_do_not_close_a_gap_in_the_walls():
    assert "do not enclose" in str(parse_levels("#####\n#@.$\n#####").errors[0])


@pytest.mark.parametrize("text", ["", "\n\n", "just text\nand more\n", "1 2 3\n"])
def test_a_file_without_any_level_is_an_error(text):
    with pytest.raises(UserInputError, match=r"a\.txt: no level found: expected rows of # wall"):
        parse_levels(text, file="a.txt")


def test_files_that_are_no_text_or_cannot_be_read_are_one_line(tmp_path):
    binary = tmp_path / "binary.xsb"
    binary.write_bytes(b"\x7fELF\0\0#####")
    for path, message in (
        (binary, "not a text file"),
        (tmp_path, "it is a folder"),
        (tmp_path / "absent.xsb", "No such file"),
    ):
        with pytest.raises(UserInputError, match=message) as caught:
            read_levels(path)
        assert caught.value.file == str(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_authors_with_accents_are_read_in_the_encodings_of_old_and_new_collections(tmp_path, encoding):
    path = tmp_path / "levels.txt"
    path.write_bytes(f"{BOARD}Author: François\n".encode(encoding))
    assert read_levels(path).levels[0].author == "François"


@given(
    st.integers(0, 10_000),
    st.integers(5, 9),
    st.integers(1, 3),
    st.sampled_from(["", "A title", "12"]),
    st.sampled_from([(), ("one", "two words")]),
)
def test_a_written_level_is_read_back(seed, width, boxes, title, comments):
    state = to_state(*generate(seed, size=(width, 6), boxes=boxes))
    level = Level(state=state, title=title, author="Ann", comments=comments, width=width, height=6)
    (read,) = read_all(format_level(level))
    assert (read.state, read.title, read.author, read.comments) == (state, title, "Ann", comments)


def test_a_written_collection_is_read_back(tmp_path):
    levels = [
        Level(state=to_state(*generate(seed)), title=f"{seed}" if seed else "", width=7, height=7) for seed in range(5)
    ]
    write_levels(tmp_path / "out.xsb", levels)
    read = read_levels(tmp_path / "out.xsb").levels
    assert [(level.state, level.title) for level in read] == [(level.state, level.title) for level in levels]
    assert [path.name for path in tmp_path.iterdir()] == ["out.xsb"]


def test_a_folder_that_is_not_there_is_said_and_nothing_is_written(tmp_path):
    with pytest.raises(UserInputError, match="cannot write levels: No such file or directory"):
        write_levels(tmp_path / "absent" / "out.xsb", [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "count"), [("unfiltered_train_000_0-199", 200), ("medium_train_000_0-199", 200), ("hard_001_0-99", 100)]
)
def test_boxobans_levels_are_all_read(name, count):
    read = read_levels(shared("levels", f"{name}.txt"))
    assert not read.errors
    assert len(read.levels) == count
    for index, level in enumerate(read.levels):
        assert (level.index, level.title, level.width, level.height) == (index, str(index), 10, 10)
        assert len(level.state.of_type("Box")) == len(level.state.of_type("Target")) == 4
