class Entity:
    def __init__(self, x, y, **kwargs):
        self.name = self.__class__.__name__
        self.x = x
        self.y = y
        for key, value in kwargs.items():
            setattr(self, key, value)

    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())

    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items())))


class Player(Entity):
    pass


class Box(Entity):
    pass


class Target(Entity):
    pass


class Wall(Entity):
    pass


STEPS = {'up': (0, -1), 'down': (0, 1), 'left': (-1, 0), 'right': (1, 0)}


def at(state, kind, x, y):
    return next((e for e in state if isinstance(e, kind) and e.x == x and e.y == y), None)


def transition(state, action):
    """Move the player, pushing at most one box."""
    dx, dy = STEPS[action]
    player = next(e for e in state if isinstance(e, Player))
    x, y = player.x + dx, player.y + dy
    if at(state, Wall, x, y):
        return state
    box = at(state, Box, x, y)
    if box is not None:
        if at(state, Wall, x + dx, y + dy) or at(state, Box, x + dx, y + dy):
            return state
        box.x, box.y = x + dx, y + dy
    player.x, player.y = x, y
    return state


def reward_func(state, action, next_state):
    targets = {(e.x, e.y) for e in next_state if e.name == 'Target'}
    done = all((e.x, e.y) in targets for e in next_state if e.name == 'Box')
    return (10.0 if done else -0.1), done
