"""Every error that riskdesk raises on purpose.

A `UserError` is the user's or the machine's affair (disk full, bad file, file too new): its text is shown as it is and
says what to do next. Anything else that reaches the top is a bug. The exit codes are those of the command line.
"""

INTERRUPTED = 130  # the exit code after Ctrl-C, as shells say it


class RiskdeskError(Exception):
    """Base of all errors raised on purpose."""

    code = "RD0000"
    exit_code = 1


class UserError(RiskdeskError):
    """Something the user can understand and act on; `str(error)` is shown to the user."""

    exit_code = 3


class UsageError(UserError):
    """A command or an action was asked for in a way that makes no sense."""

    code = "RD0002"
    exit_code = 2


class OfficeMissingError(UsageError):
    """A data folder belongs to no office yet, or its setting up was cut off."""


class OfficeUnlistedError(UsageError):
    """An office is not in the list that ships, so that its name and the office above it have to be given."""


class DataMissingError(UsageError):
    """A data folder has lost its data file; there are backups."""


class InputError(UserError):
    """What the user gave us is bad; the message names file, sheet, row, column or field, and what to do."""

    code = "RD0003"
    exit_code = 3


class UnreadableFileError(InputError):
    """A file cannot be read as a filled-in form: wrong kind, encrypted, damaged, too large."""

    code = "RD0301"


class HeadingsMissingError(UnreadableFileError):
    """A table has none of the form's headings: it is one of another system, perhaps."""


class VersionsError(InputError):
    """A record has several versions, and it was not said which is meant."""


class FormLimitError(InputError):
    """What is to be written does not fit into the form without a loss."""

    code = "RD0302"


class PassphraseError(InputError):
    """A passphrase is missing or is not the one."""

    code = "RD0005"


class VerificationError(UserError):
    """What came from outside is forged, damaged, not trusted, not for us, or was taken before."""

    code = "RD0400"
    exit_code = 4


class WaitingError(UserError):
    """A person has to decide something first."""

    code = "RD0500"
    exit_code = 5


class FileFaultError(UserError):
    """The machine does not let us read or write a file: disk full, no permission, device gone."""

    code = "RD0004"
    exit_code = 6


class StoreError(UserError):
    """The data file cannot be used."""

    code = "RD0100"
    exit_code = 6


class StoreTooNewError(StoreError):
    """The data file was written by a newer riskdesk."""

    code = "RD0101"


class StoreDamagedError(StoreError):
    """The data file failed its integrity check."""

    code = "RD0102"


class DataDamagedError(StoreDamagedError):
    """The data file itself is damaged; there may be backups."""


class StoreUnusableError(StoreError):
    """The machine does not let us read or write the data file: locked, disk full, read-only, removed."""

    code = "RD0103"


class StoreForeignError(StoreError):
    """The file is not a data file of riskdesk."""

    code = "RD0104"


class StorePlaceError(StoreError):
    """The data folder lies where a live data file must not be: on a network share."""

    code = "RD0105"


class Cancelled(RiskdeskError):  # noqa: N818 - it is an outcome, not a fault
    """The user stopped a piece of work; nothing of the step that it was at is kept."""

    code = "RD0001"
    exit_code = 2
