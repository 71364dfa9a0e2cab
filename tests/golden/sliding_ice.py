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


class Skater(Entity):
    pass


class Rock(Entity):
    pass


class Exit(Entity):
    pass


MOVES = dict(north=(0, -1), south=(0, 1), west=(-1, 0), east=(1, 0))


def transition(state, action):
    """On ice one slides until a rock or the rim stops it."""
    dx, dy = MOVES[action]
    skater = [e for e in state if e.name == 'Skater'][0]
    while True:
        x, y = skater.x + dx, skater.y + dy
        if not (0 <= x < 6 and 0 <= y < 6):
            break
        if any(e.name == 'Rock' and (e.x, e.y) == (x, y) for e in state):
            break
        skater.x, skater.y = x, y
    return state


def reward_func(state, action, next_state):
    skater = [e for e in next_state if e.name == 'Skater'][0]
    done = any(e.name == 'Exit' and e.x == skater.x and e.y == skater.y for e in next_state)
    return int(done), done
