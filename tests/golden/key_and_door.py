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


class Agent(Entity):
    pass


class Key(Entity):
    pass


class Door(Entity):
    pass


def transition(state, action):
    """A corridor: pick up a key, open the door, walk on."""
    agent = [e for e in state if e.name == 'Agent'][0]
    door = [e for e in state if e.name == 'Door'][0]
    if action == 'pick up':
        keys = [e for e in state if e.name == 'Key' and e.x == agent.x]
        if keys:
            agent.has_key = True
            return [e for e in state if e.name != 'Key' or e.x != agent.x]
    elif action == 'open':
        if agent.has_key and abs(door.x - agent.x) == 1:
            door.open = True
    elif action in ('left', 'right'):
        x = agent.x + (1 if action == 'right' else -1)
        if 0 <= x <= 9 and (x != door.x or door.open):
            agent.x = x
    return state


def reward_func(state, action, next_state):
    agent = [e for e in next_state if e.name == 'Agent'][0]
    return (1.0, True) if agent.x == 9 else (0.0, False)
