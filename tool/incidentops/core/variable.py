"""Variables of the environment: declared where they are used, read in one place, secrets at once out of sight."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from incidentops.core.secret import Secret

_NO_SECRET = Secret("")


class Variable(Struct, frozen=True):
    """One variable. `meaning` is half a sentence for people; a name that ends with `*` stands for a family.

    `instead` names the variable that is taken when this one has no value, before `default`.
    """

    name: str
    meaning: str
    secret: bool = False
    required: bool = False
    default: str = ""
    instead: str = ""

    @property
    def family(self) -> bool:
        """Whether it stands for all variables that begin alike."""
        return self.name.endswith("*")

    def covers(self, name: str) -> bool:
        """Return whether this declares a variable of that name."""
        return name.startswith(self.name[:-1]) if self.family else name == self.name


class VariableValues(Struct, frozen=True):
    """The values of declared variables. An empty value is the same as none."""

    texts: Mapping[str, str] = {}
    tokens: Mapping[str, Secret] = {}

    def __repr__(self) -> str:
        """Nothing of the environment: an address can hold a password."""
        return "VariableValues()"

    def text(self, variable: Variable) -> str:
        """Return the value of a variable that is no secret."""
        return self.texts.get(variable.name) or self.texts.get(variable.instead) or variable.default

    def secret(self, variable: Variable) -> Secret:
        """Return the value of a secret; an empty one when it is not set."""
        return self.tokens.get(variable.name, _NO_SECRET)

    def missing(self, variables: Iterable[Variable]) -> str:
        """Return that a required variable is not set, the first one; nothing when all are."""
        for variable in variables:
            there = self.secret(variable) if variable.secret else self.text(variable)
            if variable.required and not there:
                return f"{variable.name} is not set"
        return ""


def values_of(environment: Mapping[str, str], variables: Iterable[Variable]) -> VariableValues:
    """Return the values of declared variables; whatever else is in the environment is not read."""
    declared = tuple(variables)
    hidden = {variable.name for variable in declared if variable.secret}
    known = {n: v for n, v in environment.items() if v and any(variable.covers(n) for variable in declared)}
    return VariableValues(
        {name: value for name, value in known.items() if name not in hidden},
        {name: Secret(value) for name, value in known.items() if name in hidden},
    )


class RepositoryHost(Struct, frozen=True):
    """Where the repository is: its address, the token that git takes over HTTP, and who is logged in there."""

    url: str
    token: Secret
    user: str
