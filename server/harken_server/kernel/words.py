"""The one loader of what Harken itself says: a `words/` folder with one TOML file a language."""

from __future__ import annotations

from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from harken_server.kernel.languages import LANGUAGES, nearest_language

Words = TypeVar("Words", bound=msgspec.Struct)


class Catalogue(Generic[Words]):
    """The words of one slice, in every language it speaks, each read when first needed."""

    def __init__(
        self, folder: Path, kind: type[Words], languages: tuple[str, ...] = LANGUAGES
    ) -> None:
        self.folder, self.kind, self.languages = folder, kind, languages
        self._read: dict[str, Words] = {}

    def of(self, locale: str, default: str = "en") -> Words:
        """The words in the nearest language, see `nearest_language`.

        Raises ValueError, naming the file and the key, when a file lacks a word, has one too many
        or one that is no text.
        """
        language = nearest_language(locale, default)
        found = self._read.get(language)
        if found is None:
            found = self._read[language] = self._decode(language)
        return found

    def _decode(self, language: str) -> Words:
        path = self.folder / f"{language if language in self.languages else 'en'}.toml"
        try:
            return msgspec.toml.decode(path.read_bytes(), type=self.kind)
        except msgspec.DecodeError as error:
            raise ValueError(f"{path}: {error}") from error
