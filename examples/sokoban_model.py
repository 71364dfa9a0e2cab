"""A world model of Sokoban as people write one: the agents of the other examples plan with it."""

MOVES = {"move up": (0, -1), "move down": (0, 1), "move left": (-1, 0), "move right": (1, 0)}


def holds(state, kind, x, y):
    return any(entity.name == kind and entity.x == x and entity.y == y for entity in state)


def transition(state, action):
    player = next(entity for entity in state if entity.name == "Player")
    dx, dy = MOVES[action]
    x, y = player.x + dx, player.y + dy
    if holds(state, "Wall", x, y):
        return state
    if holds(state, "Box", x, y):
        if holds(state, "Wall", x + dx, y + dy) or holds(state, "Box", x + dx, y + dy):
            return state
        box = next(entity for entity in state if entity.name == "Box" and entity.x == x and entity.y == y)
        box.x, box.y = x + dx, y + dy
    player.x, player.y = x, y
    return state


def reward_func(state, action, next_state):
    targets = [entity for entity in next_state if entity.name == "Target"]
    solved = all(holds(next_state, "Box", target.x, target.y) for target in targets)
    return (10.0 if solved else -0.1), solved
