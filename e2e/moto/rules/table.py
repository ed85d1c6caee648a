"""A row of the table of rules."""

import traceback
from dataclasses import dataclass
from typing import Callable

from refusal import Refusal


@dataclass(frozen=True)
class Rule:
    id: str
    operations: tuple  # e.g. `kms.CreateAlias`
    code: str  # the error that the service answers with
    sentence: str  # what AWS says, shortened
    page: str  # where it says so, or the API's own message as others quote it; [A] for what nothing supports
    check: Callable  # of an ApiRequest: what breaks the rule, in words, or None
    status: int = 400

    def hold(self, request):
        try:
            found = self.check(request)
        except Exception as error:
            # Not a 500, which callers try again and again: whoever wrote the rule shall see it at once.
            traceback.print_exc()
            raise Refusal("InternalFailure", f"the rule {self.id} itself failed on {request.name}: {error!r}") from error
        if found:
            message = f"{request.operation.name}: {found}. Rule {self.id}: {self.sentence} ({self.page})"
            raise Refusal(self.code, message, self.status)
