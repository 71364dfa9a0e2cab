"""The home as commands: classes that are found through __subclasses__."""

class Entity:
    def __init__(self, name, **kwargs):
        self.name = name
        for key, value in kwargs.items():
            setattr(self, key, value)
    def __repr__(self):
        attr = ', '.join(f'{key}={value}' for key, value in self.__dict__.items() if key != 'name')
        return f"{self.__class__.__name__}({self.name}, {attr})"
    def __eq__(self, other):
        return all(getattr(self, key) == getattr(other, key, None) for key in self.__dict__.keys())
    def __hash__(self):
        return hash(tuple(sorted(self.__dict__.items(), key=lambda item: item[0])))
class Robot(Entity): pass
class Furniture(Entity): pass
class Item(Entity): pass
def get_entity(entities, name):
    return next((entity for entity in entities if entity.name == name), None)
def get_entities_by_location(entities, loc):
    return [entity for entity in entities if getattr(entity, 'loc', None) == loc]

class Command:
    verb = ''
    def __init__(self, *args):
        self.args = args
    def precondition(self, world):
        return True
    def effect(self, world):
        raise NotImplementedError
    def run(self, world):
        if self.precondition(world):
            self.effect(world)
            return True
        return False

class GoTo(Command):
    verb = 'go to'
    def effect(self, world):
        world.robot.loc = self.args[0]

class Open(Command):
    verb = 'open'
    def precondition(self, world):
        place = world.get(self.args[0])
        return place is not None and place.openable and not place.is_open and world.robot.loc == place.name
    def effect(self, world):
        world.get(self.args[0]).is_open = True

class Close(Open):
    verb = 'close'
    def precondition(self, world):
        place = world.get(self.args[0])
        return place.openable and place.is_open and world.robot.loc == place.name
    def effect(self, world):
        world.get(self.args[0]).is_open = False

class Manipulate(Command):
    @property
    def item(self):
        return self.args[0]
    @property
    def place(self):
        return self.args[1]
    def reachable(self, world):
        place = world.get(self.place)
        return world.robot.loc == self.place and (not place.openable or place.is_open)
    def precondition(self, world):
        return self.reachable(world)

class Take(Manipulate):
    verb = 'take'
    def precondition(self, world):
        return super().precondition(world) and world.robot.holding is None and world.get(self.item).loc == self.place
    def effect(self, world):
        world.robot.holding = self.item
        world.get(self.item).loc = 'robot'

class Put(Manipulate):
    verb = 'put'
    def precondition(self, world):
        return super().precondition(world) and world.robot.holding == self.item
    def effect(self, world):
        world.robot.holding = None
        world.get(self.item).loc = self.place

class Heat(Manipulate):
    verb = 'heat'
    needs, attribute, value = 'microwave', 'temperature', 'hot'
    def precondition(self, world):
        return world.robot.holding == self.item and world.robot.loc == self.place and world.get(self.place).kind == self.needs
    def effect(self, world):
        setattr(world.get(self.item), self.attribute, self.value)

class Cool(Heat):
    verb = 'cool'
    needs, value = 'fridge', 'cold'

class Clean(Heat):
    verb = 'clean'
    needs, attribute, value = 'sink', 'clean', True

class World:
    def __init__(self, state):
        self.state = state
        self.by_name = {e.name: e for e in state}
        self.robot = self.by_name['robot']
    def get(self, name):
        return self.by_name.get(name)

def all_commands(cls=Command):
    result = []
    for sub in cls.__subclasses__():
        result.append(sub)
        result.extend(all_commands(sub))
    return result

REGISTRY = {c.verb: c for c in all_commands() if c.verb}

def parse(action):
    for verb in sorted(REGISTRY, key=len, reverse=True):
        if action.startswith(verb + ' '):
            words = [w for w in action[len(verb):].split() if w not in ('from', 'on', 'in', 'with')]
            return REGISTRY[verb](*words)
    return None

def transition(state, action):
    command = parse(action)
    if command is not None:
        command.run(World(state))
    return state

def reward_func(state, action, next_state):
    world = World(next_state)
    egg = world.get('egg_1')
    ok = egg.temperature == 'hot' and egg.loc == 'table_1' and world.robot.holding is None
    return float(ok), ok
