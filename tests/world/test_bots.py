"""What bots as processes of their own lean on."""

from tests.world.bots import claimed, free_port


def test_a_port_is_given_once_among_all_processes() -> None:
    port = free_port()
    assert free_port() != port and not claimed(port)
