"""The one exception whose message is written for the user, in Chinese, saying what to do."""


class KbError(Exception):
    """Bad input or an unusable state; ``str(error)`` is one clear Chinese sentence for the user."""
