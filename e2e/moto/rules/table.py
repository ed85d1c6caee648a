"""A row of the table of rules."""

from dataclasses import dataclass
from typing import Callable

from refusal import Refusal


@dataclass(frozen=True)
class Rule:
    id: str
    operations: tuple  # e.g. `kms.CreateAlias`
    code: str  # the error that the service answers with
    sentence: str  # what AWS says, shortened
    page: str  # where it says so; [A] where nothing does
    check: Callable  # of an ApiRequest: what breaks the rule, in words, or None
    status: int = 400

    def hold(self, request):
        found = self.check(request)
        if found:
            message = f"{request.operation.name}: {found}. Rule {self.id}: {self.sentence} ({self.page})"
            raise Refusal(self.code, message, self.status)
