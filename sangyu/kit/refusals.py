"""Sentences for people when something may not or cannot be done. The class docstring is the default sentence."""


class Refusal(Exception):
    """这件事现在办不了。"""

    status = 422

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or ""))

    @property
    def sentence(self) -> str:
        return str(self)


class NotAllowed(Refusal):
    """您没有办理这件事的权限。如有需要，请联系本支部联络员或老干部工作部门。"""

    status = 403


class Conflict(Refusal):
    """这件事刚刚被别人改过。请看一看最新情况再办。"""

    status = 409


class Gone(Refusal):
    """这一页找不到了，可能已被撤销。"""

    status = 404


def require(allowed: bool, sentence: str = "") -> None:
    """Go on only when allowed. Raises NotAllowed."""
    if not allowed:
        raise NotAllowed(sentence)
