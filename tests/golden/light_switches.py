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


class Lamp(Entity):
    pass


def transition(state, action):
    """A switch toggles a lamp and its neighbours."""
    place = int(action.split()[-1])
    for lamp in state:
        if abs(lamp.x - place) <= 1:
            lamp.on = not lamp.on
    return state


def reward_func(state, action, next_state):
    lit = sum(1 for lamp in next_state if lamp.on)
    return lit, lit == len(next_state)
