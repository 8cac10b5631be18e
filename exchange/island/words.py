"""Numbers in the sentences of reports."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def say(number: int) -> str:
    """Return a number as a word if it is a small one."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def say_people(number: int) -> str:
    """Return the noun that follows a number of people."""
    return "person" if number == 1 else "people"


def say_be(number: int) -> str:
    """Return the verb that follows a number."""
    return "is" if number == 1 else "are"
