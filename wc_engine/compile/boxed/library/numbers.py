"""The tower of numbers, for isinstance."""

from abc import ABC


class Number(ABC):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, (int, float, complex))

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, (int, float, complex))


class Complex(Number):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, (int, float, complex))

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, (int, float, complex))


class Real(Complex):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, (int, float))

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, (int, float))


class Rational(Real):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, int)

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, int)


class Integral(Rational):
    def __wc_instancecheck__(cls, instance):
        return isinstance(instance, int)

    def __wc_subclasscheck__(cls, subclass):
        return issubclass(subclass, int)
