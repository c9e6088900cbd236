"""moto's EFS with ids as long as EFS gives them today: 17 hexadecimal digits, not 8."""

from moto.efs import models


class _LongIds:
    """Takes the place of moto's source of random numbers in its EFS models."""

    def __init__(self, source):
        self._source = source

    def get_random_hex(self, length: int = 17) -> str:
        return self._source.get_random_hex(length)

    def __getattr__(self, name: str):
        return getattr(self._source, name)


def install() -> None:
    models.mock_random = _LongIds(models.mock_random)
