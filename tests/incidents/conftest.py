"""What several tests of incidents use."""

import pytest

from incidents.models import Incident


@pytest.fixture
def attack(db: None) -> Incident:
    """An incident of one day without parts."""
    return Incident.objects.create(title="Attack", date="2019-12-27")
