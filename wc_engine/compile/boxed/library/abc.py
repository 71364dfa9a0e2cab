"""Abstract classes. That one with abstract methods left cannot be instantiated is the runtime's business."""


class ABCMeta(type):
    """The metaclass by name. Classes whose mro or metaclass has ``__abstractmethods__`` collect their abstract ones."""

    __abstractmethods__ = frozenset()


class ABC:
    __slots__ = ()
    __abstractmethods__ = frozenset()


def abstractmethod(funcobj):
    funcobj.__isabstractmethod__ = True
    return funcobj


def abstractproperty(fget):
    return property(abstractmethod(fget))


def abstractclassmethod(callable):
    return classmethod(abstractmethod(callable))


def abstractstaticmethod(callable):
    return staticmethod(abstractmethod(callable))
