"""What the data folder of an office says, looked at from outside while the program has it open."""

from riskdesk.domain.revisions import heads
from riskdesk.services import entry, handed, undoing
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference


class OfficeDisk:
    """Asked anew every time."""

    _reference = Reference()

    def __init__(self, home):
        self.home = home

    def read(self, question):
        """Ask the data folder something, from outside the program."""
        with Desk(self.home, self._reference) as desk:
            return question(desk)

    def states(self, period=""):
        """Return what became of the office's records, by product."""
        return {row.product: row.handed for row in self.records(period)}

    def records(self, period=""):
        return [row for row in self.read(lambda desk: desk.records.every()) if period in ("", row.period)]

    def versions(self, product):
        """Return the newest versions of a record: one, or several if it is forked."""
        [row] = [row for row in self.records() if row.product == product]
        return [entry.record_of(step) for step in self.read(lambda desk: heads(entry.history(desk, row.id)))]

    def content(self, product):
        """Return what a record says that is not forked."""
        [record] = self.versions(product)
        return record.content

    def taken(self):
        """Return how many imports stand."""
        return sum(not run.is_undone for run in self.read(undoing.imports))

    def handed(self):
        """Return how many reports were written for the way."""
        return sum(bool(each.handed_at) for each in self.read(handed.sent))
