"""What can go wrong with a state folder or an engine; each docstring is the sentence its user reads."""

from __future__ import annotations


class SetUpError(Exception):
    """What Homeward needs on this machine could not be set up."""

    def __init__(self, **details: object) -> None:
        """Fill ``details`` into the class's sentence."""
        sentence = " ".join((type(self).__doc__ or type(self).__name__).split())
        super().__init__(sentence.format(**details))
        self.details = details


class StateDirectoryInUse(SetUpError):
    """The folder {path} is in use by another running Homeward. Stop that one first, or choose
    another state folder."""


class KeyLost(SetUpError):
    """The key {path} is missing, and another one opens nothing that was sealed under it: {lost}. Put it back from your
    backup of the keys; where there is none, delete {path} from {list} and start again, knowing that all of it is
    lost."""
