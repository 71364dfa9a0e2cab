"""Grids: lists of lists, rows of cells, texts of rows; drawn from a state and read back; snippets between dashes."""

from __future__ import annotations

__all__ = ["GRID_TRANSITIONS", "NATIVE_GRIDS", "OTHER_GRIDS"]

_SIZE = """\
w, h = max(e.x for e in state) + 2, max(e.y for e in state) + 2
"""

_NATIVE = """\
text = ''
for y in range(h):
    for x in range(w):
        text = text + ('#' if x == y else ' ')
    text += '\\n'
rows = text.strip('\\n').split('\\n')
return sum(r.count('#') for r in rows) * 100 + len(rows)
---
grid = [['.'] * w for _ in range(h)]
def at(x, y):
    if 0 <= y < len(grid) and 0 <= x < len(grid[y]):
        return grid[y][x]
    return '#'
for e in state:
    grid[e.y][e.x] = 'x'
return sum(at(e.x + 1, e.y) == 'x' for e in state) * 10 + (at(-1, 0) == '#')
---
grid = [['.'] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = e.name[0]
flat = [c for row in grid for c in row]
return flat.count('B') * 100 + flat.index('.')
---
grid = [['.'] * w for _ in range(h)]
turned = [[grid[y][x] for y in range(h)] for x in range(w)]
return len(turned) * 10 + len(turned[0])
---
grid = [['.'] * w for _ in range(h)]
walls = [[False] * w for _ in range(h)]
for e in state:
    if e.name == 'Wall': walls[e.y][e.x] = True
    else: grid[e.y][e.x] = e.name[0]
return sum(1 for a, b in zip(grid, walls) for c, d in zip(a, b) if c == '.' and not d)
---
grid = [[' '] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = e.name[0]
lines = map(''.join, grid)
text = '\\n'.join(lines)
return text.count('B')
---
grid = [[' '] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = e.name[0]
print('\\n'.join(''.join(row) for row in grid))
counts = {}
for row in grid:
    for c in row:
        counts[c] = counts.get(c, 0) + 1
return counts.get('B', 0) * 10 + counts.get('W', 0)
---
grid = [[' '] * w for _ in range(h)]
for e in state:
    c = grid[e.y][e.x]
    grid[e.y][e.x] = {' ': e.name[0], 'B': '*'}.get(c, c)
s = set()
for y in range(h):
    for x in range(w):
        if grid[y][x] != ' ':
            s.add((x, y))
return len(s) * 10 + ((1, 1) in s)
---
grid = [[' '] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = e.name[0]
new = []
for row in grid:
    new.append(row.copy())
new[0][0] = 'Z'
found = None
for y in range(len(new)):
    for x in range(len(new[0])):
        if new[y][x] != grid[y][x]:
            found = (x, y)
return -1 if found is None else found[0] * 10 + found[1]
---
LEVEL = ["#####", "#. .#", "#####"]
grid = [list(row) for row in LEVEL]
for e in state:
    if e.y < 3 and e.x < 5:
        grid[e.y][e.x] = 'x'
return sum(row.count('x') for row in grid)
---
grid = [[None] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = (e.name, e.x)
n = 0
for row in grid:
    for cell in row:
        if cell:
            name, x = cell
            n += x if name == 'Box' else 1
return n
---
grid = [' ' * w] * h
grid = [list(r) for r in grid]
grid[0][0] = 'x'
grid = [''.join(r) for r in grid]
return grid[0].startswith('x'), len(grid)
---
rows = ['.' * w for y in range(h)]
s = list(rows[1])
s[1] = '#'
rows[1] = ''.join(s)
return rows[1].find('#') * 10 + rows.count(rows[0])
---
text = ''.join([' '] * 2 + ['ab'[x % 2] for x in range(w)] + [' '])
short = text.strip()
return len(short) * 100 + len(text.lstrip(' ')) + short.startswith('ab') * 10 + text.rstrip().endswith('b')
---
grid = [[' '] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = e.name[0]
n = 0
for y, row in enumerate(grid):
    for x, cell in enumerate(row):
        n = (n * 3 + x * y * ' BPWD'.index(cell)) % 1000003
return n
---
grid = []
for y in range(h):
    row = []
    for x in range(w):
        row.append(x * y)
    grid.append(row)
row = grid[1]
row[0] = 7
grid[0][-1] = 5
return sum(grid[1]) * 1000 + sum(sum(row) for row in grid)
---
grid = [[0 for _ in range(w)] for _ in range(h)]
other = [row[:] for row in grid]
third = [list(row) for row in other]
for e in state:
    grid[e.y][e.x] += 1
    other[e.y][-1 - e.x] += 10
return [sum(map(sum, g)) for g in (grid, other, third)][len(grid[0]) % 3]
---
grid = [[0] * w for _ in range(h)]
same = grid
row = grid[h - 1]
same[h - 1][0] = 3
grid[-1][1] += row[0]
return row[1] * 10 + len(grid) + len(row)
---
grid = [['.'] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = 'B' if e.name == 'Box' else 'o'
text = '\\n'.join(''.join(row) for row in grid)
rows = text.split('\\n')
n = text.count('B') * 100 + text.count('\\n') + text.find('o') * 10000
return n if 'B' in text and '#' not in text and rows[1][0] == text[w + 1] else -n - len(rows)
---
grid = [['.'] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = 'B'
lines = [''.join(row) for row in grid]
lines[0] = lines[0][:1] + '#' + lines[0][2:]
n = 0
for y, line in enumerate(lines):
    for x, char in enumerate(line):
        if char != '.':
            n = n * 2 + x - y
return n % 1000003 if lines[0] != lines[1] else 5
---
rows = [' ' * w for _ in range(h)]
for e in state:
    row = rows[e.y]
    rows[e.y] = row[:e.x] + e.name[0] + row[e.x + 1:]
return sum(row.count('B') for row in rows) * 100 + len('|'.join(rows)) + ('W' in rows[2])
---
grid = tuple(tuple(x + y for x in range(w)) for y in range(h))
new = [list(row) for row in grid]
new[1][1] = 50
return sum(new[1]) * 100 + grid[1][1] + len(grid[0])
---
import copy
grid = [[0] * w for _ in range(h)]
grid[1][1] = 4
other = copy.deepcopy(grid)
if other != grid:
    return -1
other[1][1], other[0][0] = other[0][0], other[1][1]
return (grid[1][1] * 10 + other[0][0]) * (2 if other != grid else 1)
---
grid = [[None] * w for _ in range(h)]
for e in state:
    if grid[e.y][e.x] is None:
        grid[e.y][e.x] = e
n = 0
for row in grid:
    for e in row:
        if e is not None:
            n += e.x + (5 if e.name == 'Box' else 1)
return n
---
grid = [[0] * w for _ in range(h)]
try:
    grid[h][0] = 1
except IndexError:
    grid[0][0] = 2
try:
    return grid[0][-w - 1]
except IndexError:
    return grid[0][-w]
---
grid = [[0] * w for _ in range(h)]
grid[1] = [x for x in range(w)]
grid[0], grid[1] = grid[1], grid[0]
grid[0][0] = 9
return sum(grid[0]) * 100 + sum(grid[1])
---
grid = [[0] * w for _ in range(h)]
y = 0
while y < len(grid):
    x = 0
    while x < len(grid[y]):
        grid[y][x] = x - y
        x += 1
    y += 1
return max(max(row) for row in grid) * 100 + min(min(row) for row in grid)
---
cells = [0] * (w * h)
for e in state:
    cells[e.y * w + e.x] += e.x + 1
return sum(cells[y * w + 1] for y in range(h)) * 100 + sum(cells)
---
grid = [['a', 'b'][x % 2] * 1 for x in range(w)]
return ''.join(grid).replace('a', '--').count('-') + ''.join(grid).index('b') * 100
"""

_OTHER = """\
rows = [[0] * w] * h
rows[0][1] = 4
return sum(map(sum, rows))
---
grid = {(x, y): '.' for y in range(h) for x in range(w)}
return len(grid) * 10 + (grid.get((1, 1)) == '.')
---
text = ''
for y in range(h):
    for x in range(w):
        text = text + ('#' if x == y else ' ') + '.'
    text += '\\n'
rows = text.split('\\n')
return sum(r.count('#') for r in rows) * 100 + len(rows)
---
line = ''
for x in range(w):
    line += x
return 1
---
line = 'a'
for e in state:
    line += e.name[0]
    if line[-1] == 'B':
        break
else:
    line += '!'
return len(line) * 10 + line.count('B')
---
grid = [[0] * w for _ in range(h)]
row = [1] * w
if len(state) > 4:
    grid.append(row)
row[0] = 5
return grid[-1][0]
---
grid = [[0] * w for _ in range(h)]
a, b = [9], [8]
a.extend(grid[0])
b += grid[1]
grid[0][0] = grid[1][0] = 5
return a[1] * 10 + b[1] + len(a) * 100
---
grid = [[0] * w for _ in range(h)]
row = [1] * w
for y in range(h):
    if y % 2:
        grid[y] = row
row[0] = 7
return sum(r[0] for r in grid)
---
grid = [[0] * w for _ in range(h)]
rows = grid[1:]
rows[0][0] = 4
grid[2] = [3] * w
return sum(r[0] for r in grid) * 10 + sum(r[0] for r in rows)
---
grid = [[0] * w for _ in range(h)]
old = list(grid[0])
new = grid[0] + [1]
grid[0][0] = 6
pair = (grid[0], old)
return old[0] + new[0] * 10 + pair[0][0] * 100
---
import copy
grid = [[0] * w for _ in range(h)]
grid[0] = grid[1]
other = copy.deepcopy(grid)
other[0][0] = 3
return other[1][0]
---
import copy
grid = [[0] * w for _ in range(h)]
other, row = copy.deepcopy((grid, grid[0]))
row[0] = 3
return other[0][0]
---
grid = [[0] * w for _ in range(h)]
grid[0].append(5)
return len(grid[0]) * 10 + len(grid[1])
---
grid = [[0] * w for _ in range(h)]
return grid[0] is grid[0]
---
grid = [[0] * w for _ in range(h)]
row = grid[0]
grid.pop(0)
row[0] = 5
return sum(map(sum, grid))
---
grid = [[[] for _ in range(w)] for _ in range(h)]
for e in state:
    grid[e.y][e.x].append(e.name)
return sum(len(cell) for row in grid for cell in row)
---
grid = [[0] * w for _ in range(h)]
n = 0
for row in grid:
    for cell in row:
        row[-1] = 1
        n += cell
return n
---
grid = [[0] * w for _ in range(h)]
for row in grid:
    grid[1] = [1] * w
return sum(map(sum, grid))
---
text = ''.join(['.'] * w)
return text.upper() == text and text < 'a'
---
text = ''.join([e.x for e in state])
return len(text)
---
text = ''.join(['.'] * w)
return {text: 4}.get('...', len({text, '...', text}))
---
text = ''
for x in range(w):
    text += 'ab'[x % 2]
return text.count('a') * 10 + len(text)
---
text = ''.join('ab'[x % 2] for x in range(w))
return isinstance(text, str) and not isinstance(text, list) and 'ab' in text and text.startswith('a')
---
grid = [[0] * w for _ in range(h)]
first, *rest = grid
rest[0][0] = 5
return grid[1][0] * 10 + len(rest)
---
grid = [[0] * w for _ in range(h)]
def change(rows):
    rows[0][0] = 3
    rows = [[1] * w for _ in range(h)]
    rows[0][0] = 4
    return rows
other = change(grid)
return grid[0][0] * 10 + other[0][0] + other[1][1]
---
grid = [list(range(w)) for _ in range(h)]
turned = list(zip(*grid))
return turned[1][0] + len(turned)
---
grid = [list(range(w)) for _ in range(h)]
for row in grid:
    row.reverse()
    row.sort()
return grid[0][0]
---
grid = [[0] * w for _ in range(h)]
grid[0][0:2] = [1, 2]
return sum(grid[0])
---
text = ''.join('ab'[x % 2] for x in range(w))
return text == 'abab' or text != ''.join(['a'] * w) or text in ('ababab', 'ab')
---
grid = [[0] * w for _ in range(h)]
row = grid[0] if action == 'up' else grid[1]
row[0] = 1
return grid[0][0] * 10 + grid[1][0]
---
grid = [[0] * w for _ in range(h)]
rows = [grid[0], [1] * w, grid[0]]
rows[0][0] = 7
return grid[0][0] + rows[2][0] + sum(rows[1])
"""

_TRANSITIONS = """\
grid = [[' '] * w for _ in range(h)]
for e in state:
    if e.name in ('Box', 'Player', 'Wall'):
        grid[e.y][e.x] = e.name[0]
new = {e for e in state if e.name == 'Door'}
for y, row in enumerate(grid):
    for x, char in enumerate(row):
        if char == 'W':
            new.add(Wall(x, y))
        elif char == 'B':
            new.add(Box(x, y))
        elif char == 'P':
            new.add(Player(x + (action == 'right'), y))
return new
---
grid = [['.'] * w for _ in range(h)]
for e in state:
    if e.name == 'Box':
        grid[e.y][e.x] = '$'
text = '\\n'.join(''.join(row) for row in grid)
boxes = [Box(x, y) for y, line in enumerate(text.splitlines()) for x, char in enumerate(line) if char == '$']
return [e for e in state if e.name != 'Box'] + boxes
---
grid = [[None] * w for _ in range(h)]
for e in state:
    grid[e.y][e.x] = e
for e in state:
    if e.name == 'Player' and grid[e.y][e.x + 1] is None:
        e.x += 1
return state
"""


def _bodies(text: str) -> tuple[str, ...]:
    return tuple(_SIZE + body for body in text.split("---\n"))


NATIVE_GRIDS = _bodies(_NATIVE)
"""Bodies of ``value_of(state, action)`` that must compile."""
OTHER_GRIDS = _bodies(_OTHER)
"""Bodies that are refused, or exact."""
GRID_TRANSITIONS = _bodies(_TRANSITIONS)
"""Bodies of ``transition`` that must compile."""
