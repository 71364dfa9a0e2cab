"""Where untrusted programs run: a process of their own without network, files, other processes or much memory."""

from wc_engine.models.sandbox.client import Sandbox, SandboxedModel

__all__ = ["Sandbox", "SandboxedModel"]
