"""Which links of an answer work.

Floor 6, a member of the room of `bot.teams.speaker`.
"""

from bot.hosts import fits
from bot.teams.citations import links
from dialogs.addresses import host, is_mail
from dialogs.talk import Answer


def pressable(answer: Answer, hosts: frozenset[str]) -> frozenset[str]:
    """Its sources, and of the addresses that stand in what was read for it those whose host is one of `LINK_HOSTS`.

    Mail addresses of what was read stay as they are, wherever they lead: clients press them by themselves.
    """
    named = (each for each in answer.links if is_mail(each) or any(fits(host(each), one) for one in hosts))
    return links(answer.cites).union(named)
