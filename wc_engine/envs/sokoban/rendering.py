"""Sokoban drawn with numpy: tiles of 32 by 32 pixels made of rectangles, discs and bevels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from wc_engine.envs.sokoban.rules import Layout, Placement

__all__ = ["CELL_PIXELS", "Code", "code_grid", "draw"]

CELL_PIXELS = 32

_Pixels: TypeAlias = NDArray[np.uint8]
_Mask: TypeAlias = NDArray[np.bool_]
_Color: TypeAlias = tuple[int, int, int]

_FLOOR, _FLOOR_LINE = (226, 217, 200), (214, 204, 185)
_WALL, _WALL_LIGHT, _WALL_DARK = (92, 103, 122), (118, 131, 152), (63, 72, 88)
_TARGET, _TARGET_CORE = (206, 92, 78), (240, 176, 152)
_BOX, _BOX_LIGHT, _BOX_DARK = (196, 142, 79), (226, 180, 120), (134, 91, 45)
_DONE, _DONE_LIGHT, _DONE_DARK = (112, 163, 96), (160, 203, 140), (64, 108, 56)
_COAT, _SKIN, _HAIR, _INK = (54, 104, 168), (244, 207, 170), (86, 56, 38), (40, 36, 40)


class Code(IntEnum):
    """What a cell holds, as one number."""

    FLOOR = 0
    WALL = 1
    TARGET = 2
    BOX = 3
    BOX_ON_TARGET = 4
    PLAYER = 5
    PLAYER_ON_TARGET = 6


def draw(layout: Layout, placement: Placement) -> _Pixels:
    """Return the picture. Shape ``[32 * layout.height, 32 * layout.width, 3]``, uint8."""
    tiles = np.stack([_tile(code) for code in Code])
    picture = tiles[code_grid(layout, placement)]  # [height, width, 32, 32, 3]
    return picture.swapaxes(1, 2).reshape(layout.height * CELL_PIXELS, layout.width * CELL_PIXELS, 3)


def code_grid(layout: Layout, placement: Placement) -> _Pixels:
    """Return the ``Code`` of each cell. Shape ``[layout.height, layout.width]``, uint8."""
    codes = np.zeros(layout.height * layout.width, dtype=np.uint8)
    codes[list(layout.walls)] = Code.WALL
    codes[list(layout.targets)] = Code.TARGET
    codes[list(placement.boxes - layout.targets)] = Code.BOX
    codes[list(placement.boxes & layout.targets)] = Code.BOX_ON_TARGET
    codes[placement.player] = Code.PLAYER_ON_TARGET if placement.player in layout.targets else Code.PLAYER
    return codes.reshape(layout.height, layout.width)


@cache
def _tile(code: Code) -> _Pixels:
    pixels = np.empty((CELL_PIXELS, CELL_PIXELS, 3), dtype=np.uint8)
    for paint in _LAYERS[code]:
        paint(pixels)
    pixels.flags.writeable = False
    return pixels


def _paint_floor(pixels: _Pixels) -> None:
    pixels[:] = _FLOOR
    pixels[-1, :] = pixels[:, -1] = _FLOOR_LINE


def _paint_wall(pixels: _Pixels) -> None:
    """Bricks: two courses, the second shifted by half a brick."""
    pixels[:] = _WALL_DARK
    for top, shift in ((0, 0), (16, 8)):
        for left in range(shift - 16, CELL_PIXELS, 16):
            _paint_bevel(pixels, left, top, left + 15, top + 15, _WALL, _WALL_LIGHT, _WALL_DARK)


def _paint_target(pixels: _Pixels) -> None:
    pixels[_disc(15.5, 15.5, 8.5)] = _TARGET
    pixels[_disc(15.5, 15.5, 5.5)] = _FLOOR
    pixels[_disc(15.5, 15.5, 2.8)] = _TARGET
    pixels[_disc(15.0, 15.0, 1.2)] = _TARGET_CORE


def _paint_target_behind_player(pixels: _Pixels) -> None:
    """A ring wide enough to be seen around the player."""
    pixels[_disc(15.5, 15.5, 15.0)] = _TARGET
    pixels[_disc(15.5, 15.5, 12.5)] = _FLOOR


def _paint_box(pixels: _Pixels, face: _Color = _BOX, light: _Color = _BOX_LIGHT, dark: _Color = _BOX_DARK) -> None:
    """A crate: a frame, boards across, and a brace from corner to corner."""
    pixels[3:30, 3:30] = dark
    _paint_bevel(pixels, 4, 4, 29, 29, face, light, dark)
    pixels[8:25, 8:25] = dark
    for top in (9, 15, 21):
        pixels[top : top + 4 if top == 21 else top + 5, 9:24] = face
    rows, columns = np.indices(pixels.shape[:2])
    inside = (rows >= 8) & (rows < 25) & (columns >= 8) & (columns < 25)
    slant = np.abs(rows + columns - 32)
    pixels[inside & (slant <= 4)] = dark
    pixels[inside & (slant <= 2)] = light


def _paint_box_on_target(pixels: _Pixels) -> None:
    _paint_box(pixels, _DONE, _DONE_LIGHT, _DONE_DARK)


def _paint_player(pixels: _Pixels) -> None:
    pixels[_disc(15.5, 29.0, 10.5) & (np.indices(pixels.shape[:2])[0] < 30)] = _INK
    pixels[_disc(15.5, 29.0, 9.3) & (np.indices(pixels.shape[:2])[0] < 29)] = _COAT
    pixels[_disc(15.5, 12.0, 9.6)] = _INK
    pixels[_disc(15.5, 12.0, 8.5)] = _HAIR
    pixels[_disc(15.5, 14.0, 6.8)] = _SKIN
    for eye in (12, 18):
        pixels[12:15, eye : eye + 2] = _INK
    pixels[17:18, 14:18] = _TARGET


def _paint_bevel(
    pixels: _Pixels, left: int, top: int, right: int, bottom: int, face: _Color, light: _Color, dark: _Color
) -> None:
    """Fill a rectangle, lit from the upper left; what lies outside the tile is cut off."""
    left_cut, right_cut = max(left, 0), min(right, CELL_PIXELS)
    pixels[top:bottom, left_cut:right_cut] = face
    pixels[top : top + 2, left_cut:right_cut] = light
    pixels[bottom - 2 : bottom, left_cut:right_cut] = dark
    if left >= 0:
        pixels[top:bottom, left : left + 2] = light


def _disc(x: float, y: float, radius: float) -> _Mask:
    rows, columns = np.indices((CELL_PIXELS, CELL_PIXELS))
    mask: _Mask = (rows - y) ** 2 + (columns - x) ** 2 <= radius**2
    return mask


_LAYERS: Mapping[Code, tuple[Callable[[_Pixels], None], ...]] = MappingProxyType(
    {
        Code.FLOOR: (_paint_floor,),
        Code.WALL: (_paint_wall,),
        Code.TARGET: (_paint_floor, _paint_target),
        Code.BOX: (_paint_floor, _paint_box),
        Code.BOX_ON_TARGET: (_paint_floor, _paint_box_on_target),
        Code.PLAYER: (_paint_floor, _paint_player),
        Code.PLAYER_ON_TARGET: (_paint_floor, _paint_target_behind_player, _paint_player),
    }
)
