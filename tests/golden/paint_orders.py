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


class Robot(Entity):
    pass


class Item(Entity):
    pass


ROOMS = ['hall', 'kitchen', 'yard']
MIXED = {('red', 'blue'): 'purple', ('blue', 'red'): 'purple'}


def transition(state, action):
    """Actions are texts: "go to ROOM", "take PAINT", "paint ITEM"."""
    robot = next(e for e in state if e.name == 'Robot')
    words = action.split()
    if words[:2] == ['go', 'to'] and words[-1] in ROOMS:
        robot.room = words[-1]
    elif words[0] == 'take':
        robot.paint = words[1]
    elif words[0] == 'paint':
        for item in state:
            if item.name == 'Item' and item.label == words[1] and item.room == robot.room and robot.paint != 'none':
                item.colour = MIXED.get((item.colour, robot.paint), robot.paint)
        robot.paint = 'none'
    else:
        raise ValueError(action)
    return state


def reward_func(state, action, next_state):
    purple = [e for e in next_state if e.name == 'Item' and e.colour == 'purple']
    return len(purple), len(purple) == 2
