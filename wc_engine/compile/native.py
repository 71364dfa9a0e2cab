"""Native code: text in LLVM's language to object code, and object code to function addresses.

Only ``llvmlite.binding`` is needed, and only here: importing it costs a tenth of a second, so it waits until then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from wc_engine.errors import InternalError

__all__ = ["NativeCode", "assemble", "load_code", "native_key"]


@dataclass(frozen=True, slots=True)
class NativeCode:
    """Loaded functions: their addresses, which are good as long as this object lives.

    Attributes:
        addresses: by name.
        size: bytes of object code.
    """

    addresses: dict[str, int]
    size: int
    _engine: Any = field(repr=False)


@cache
def _binding() -> Any:
    """Return ``llvmlite.binding``, ready to make code for this machine."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def _target_machine() -> Any:
    """Return a new description of this machine for the code generator; an engine takes its own away."""
    llvm = _binding()
    target = llvm.Target.from_default_triple()
    # The code is loaded at any distance from what it calls, and is not moved afterwards.
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=3, reloc="static", codemodel="jitdefault", jit=True
    )


@cache
def _features() -> str:
    llvm = _binding()
    try:
        return str(llvm.get_host_cpu_features().flatten())
    except RuntimeError:  # not known on this platform
        return ""


@cache
def native_key() -> str:
    """Return what object code depends on besides its text: LLVM and this machine's processor, as hexadecimal digits."""
    import llvmlite

    llvm = _binding()
    parts = (llvmlite.__version__, llvm.llvm_version_info, llvm.get_default_triple(), llvm.get_host_cpu_name())
    return hashlib.sha256(repr((*parts, _features())).encode()).hexdigest()[:16]


def assemble(text: str, *, speed_level: int = 3) -> bytes:
    """Return the optimised object code of a module in LLVM's language.

    Raises:
        InternalError: LLVM refuses the text, which is a bug of the compiler.
    """
    llvm = _binding()
    machine = _target_machine()
    try:
        module = llvm.parse_assembly(text)
        module.verify()
    except RuntimeError as error:
        raise InternalError(f"generated code is not well formed: {error}") from error
    module.triple = llvm.get_default_triple()
    module.data_layout = str(machine.target_data)
    options = llvm.create_pipeline_tuning_options(speed_level=speed_level)
    options.loop_vectorization = options.slp_vectorization = options.loop_interleaving = False
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


def load_code(object_code: bytes, names: Iterable[str], symbols: Mapping[str, int] | None = None) -> NativeCode:
    """Load object code into this process and return the addresses of its functions.

    Args:
        object_code: what ``assemble`` returned, perhaps in another process on a machine with the same ``native_key``.
        names: the functions that are wanted.
        symbols: addresses of what the code calls outside, by name.

    Raises:
        InternalError: the code does not load, or lacks a function.
    """
    llvm = _binding()
    for name, address in (symbols or {}).items():
        llvm.add_symbol(name, address)
    try:
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
        engine.add_object_file(llvm.ObjectFileRef.from_data(object_code))
        engine.finalize_object()
    except RuntimeError as error:
        raise InternalError(f"native code does not load: {error}") from error
    addresses = {name: int(engine.get_function_address(name)) for name in names}
    missing = sorted(name for name, address in addresses.items() if not address)
    if missing:
        raise InternalError(f"native code lacks {missing}")
    return NativeCode(addresses, len(object_code), engine)
