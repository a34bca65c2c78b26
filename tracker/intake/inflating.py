"""Inflating: decompression that stops at a limit, so that what is small never grows large here."""

from __future__ import annotations

import zlib


class Inflating:
    """What has come so far, decompressed; neither it nor what came on the wire grows beyond the limit."""

    KNOWN = ("", "identity", "gzip", "x-gzip", "deflate")

    class TooLarge(Exception):
        """There is more than the limit."""

    class Broken(Exception):
        """This is not compressed in the way that was said, or ends too early."""

    def __init__(self, coding: str, limit: int) -> None:
        self._is_packed = coding not in ("", "identity")
        self._limit = limit
        self._taken = 0
        self._found = bytearray()
        self._inflate = zlib.decompressobj(47)  # gzip or zlib, as its head says
        self._is_first = True

    def take(self, chunk: bytes) -> None:
        """Take in what came.

        Raises: TooLarge, Broken.
        """
        self._taken += len(chunk)
        if self._taken > self._limit:
            raise self.TooLarge
        if not self._is_packed:
            self._found += chunk
            return
        while chunk:
            if self._inflate.eof:  # a gzip file may go on with another
                self._inflate = zlib.decompressobj(47)
            self._keep(self._part(chunk))
            chunk = self._inflate.unused_data

    def _part(self, chunk: bytes) -> bytes:
        try:
            return self._inflate.decompress(chunk, self._limit - len(self._found) + 1)
        except zlib.error:
            if self._found or not self._is_first:
                raise self.Broken from None
        self._inflate = zlib.decompressobj(-15)  # some servers say deflate and leave its head out
        self._is_first = False
        return self._part(chunk)

    def _keep(self, part: bytes) -> None:
        self._found += part
        self._is_first = False
        if len(self._found) > self._limit:
            raise self.TooLarge

    def whole(self) -> bytes:
        """Give all of it, now that nothing more comes.

        Raises: Broken.
        """
        if self._is_packed and self._taken and not self._inflate.eof:
            raise self.Broken
        return bytes(self._found)
