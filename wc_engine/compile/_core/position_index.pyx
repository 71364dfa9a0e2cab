"""Position indices of static entities, written straight into a problem's memory: binding a level is a few of these."""

from libc.stdint cimport int64_t


def bounds(const int64_t[::1] xs, const int64_t[::1] ys):
    """Return the least and the greatest x, and the least and the greatest y, of one place or more. Shapes ``[N]``."""
    cdef Py_ssize_t row
    cdef int64_t left, right, top, bottom
    if xs.shape[0] == 0 or ys.shape[0] != xs.shape[0]:
        raise ValueError("expected as many x as y, and one at least")
    left = right = xs[0]
    top = bottom = ys[0]
    for row in range(1, xs.shape[0]):
        left, right = min(left, xs[row]), max(right, xs[row])
        top, bottom = min(top, ys[row]), max(bottom, ys[row])
    return left, right, top, bottom


def fill_index(int64_t[::1] first, int64_t[::1] chain, const int64_t[::1] xs, const int64_t[::1] ys,
               int64_t x0, int64_t y0, int64_t width):
    """Write the first row in each cell of a rectangle, and the next one in the cell of each row; else -1.

    Args:
        first: for cells, row by row. Shape ``[cells]``.
        chain: for entities. Shape ``[N]``.
        xs: their x. Shape ``[N]``.
        ys: their y. Shape ``[N]``.
        x0: the least x of the rectangle.
        y0: the least y.
        width: its width.
    """
    cdef Py_ssize_t row
    cdef int64_t cell
    if chain.shape[0] != xs.shape[0] or ys.shape[0] != xs.shape[0]:
        raise ValueError("expected as many x, y and links")
    first[:] = -1
    for row in range(xs.shape[0] - 1, -1, -1):
        cell = (ys[row] - y0) * width + xs[row] - x0
        if not 0 <= cell < first.shape[0]:
            raise ValueError("an entity lies outside the rectangle")
        chain[row] = first[cell]
        first[cell] = row


def fill_grid(int64_t[::1] cells, const int64_t[::1] xs, const int64_t[::1] ys, int64_t add_x, int64_t add_y,
              int64_t shift, bint counts):
    """Write how many entities are in each cell of a grid, or the first row there and -1 where there is none.

    The cell of (x, y) is ``(x + add_x) << shift | (y + add_y)``. Shapes ``[cells]``, ``[N]``, ``[N]``.
    """
    cdef Py_ssize_t row
    cdef int64_t cell
    if ys.shape[0] != xs.shape[0]:
        raise ValueError("expected as many x as y")
    cells[:] = 0 if counts else -1
    for row in range(xs.shape[0] - 1, -1, -1):
        cell = (xs[row] + add_x) << shift | (ys[row] + add_y)
        if not 0 <= cell < cells.shape[0]:
            raise ValueError("an entity lies outside the grid")
        cells[cell] = cells[cell] + 1 if counts else row
