import numpy as np
from numpy.typing import NDArray

def bounds(xs: NDArray[np.int64], ys: NDArray[np.int64]) -> tuple[int, int, int, int]: ...
def fill_index(
    first: NDArray[np.int64],
    chain: NDArray[np.int64],
    xs: NDArray[np.int64],
    ys: NDArray[np.int64],
    x0: int,
    y0: int,
    width: int,
) -> None: ...
def fill_grid(
    cells: NDArray[np.int64],
    xs: NDArray[np.int64],
    ys: NDArray[np.int64],
    add_x: int,
    add_y: int,
    shift: int,
    counts: bool,
) -> None: ...
