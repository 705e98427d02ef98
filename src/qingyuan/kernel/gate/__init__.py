"""The one way in for files: judged by content while they are small, stored by hash, readable when clean."""

from qingyuan.kernel.gate.receive import RefusedUpload, allowed_kinds, receive
from qingyuan.kernel.gate.serve import serve, serve_picture

__all__ = ["RefusedUpload", "allowed_kinds", "receive", "serve", "serve_picture"]
