"""What a worker does again and again: send what is due, note what lapsed, remind who must act."""

from dataclasses import dataclass

from jiebang.adapters.mail import deliver_due
from jiebang.operations.upkeep import ask_follow_ups, lapse_invitations, remind
from jiebang.records.programme.queries import now


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    sent: int
    failed: int
    lapsed: int
    reminded: int
    asked: int

    @property
    def idle(self) -> bool:
        """Nothing was left to do."""
        return not any((self.sent, self.lapsed, self.reminded, self.asked))


def one_round() -> Round:
    """One round on the instance's clock. Safe to run in several workers, and to be killed at any moment."""
    moment = now()
    lapsed, reminded = lapse_invitations(now=moment), remind(now=moment)
    asked = ask_follow_ups(now=moment)
    mailed = deliver_due(now=now())
    return Round(sent=mailed.sent, failed=mailed.failed, lapsed=lapsed, reminded=reminded, asked=asked)
