"""LLVM's language to the bytes of an object file."""

from __future__ import annotations

from functools import cache
from typing import Any

from wc_engine.errors import InternalError

__all__ = ["object_code"]


@cache
def _target_machine() -> Any:
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    target = binding.Target.from_default_triple()
    return target.create_target_machine(
        cpu=binding.get_host_cpu_name(),
        features=binding.get_host_cpu_features().flatten(),
        opt=2,
        reloc="pic",
        codemodel="jitdefault",
        jit=True,
    )


def object_code(listing: str) -> bytes:
    """Compile a module.

    Raises:
        InternalError: LLVM refuses the text, which is a bug of the compiler.
    """
    from llvmlite import binding

    machine = _target_machine()
    try:
        module = binding.parse_assembly(listing)
        module.triple = machine.triple
        module.data_layout = str(machine.target_data)
        module.verify()
    except RuntimeError as error:
        raise InternalError(f"generated code is not well formed: {error}") from error
    options = binding.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = False
    options.slp_vectorization = False
    builder = binding.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    return code
