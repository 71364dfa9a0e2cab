"""Where the C headers are."""

from __future__ import annotations

from pathlib import Path

__all__ = ["get_include"]


def get_include() -> str:
    """Return the folder that holds ``wc_abi.h`` and the other headers, for a compiler's include path.

    An installed package carries them in ``wc_engine/include``, a checkout has them in ``csrc``.

    Raises:
        FileNotFoundError: the headers are in neither place: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "include", package.parent / "csrc"):
        if (folder / "wc_abi.h").is_file():
            return str(folder)
    raise FileNotFoundError(f"the C headers of wc_engine are missing from {package / 'include'}: install it again")
