"""What the operator of a server says about the data: its licence and its contact."""

_SPDX = (
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "ODC-By-1.0",
    "ODbL-1.0",
    "PDDL-1.0",
)
"""The identifiers of SPDX of licences for data."""


def describe_licence(name: str) -> dict[str, str]:
    """Return a licence as OpenAPI writes it, with the identifier of SPDX if it has one."""
    identifiers = {identifier.lower(): identifier for identifier in _SPDX}
    identifier = identifiers.get(name.replace(" ", "-").lower())
    return {"name": name} | ({"identifier": identifier} if identifier else {})


def describe_contact(name: str, address: str) -> dict[str, str]:
    """Return a contact as OpenAPI writes it; `address` is an e-mail address, a URL or empty."""
    contact = {"name": f"The editors of {name}"}
    if address:
        contact["email" if "@" in address and "://" not in address else "url"] = address
    return contact
