"""Which live updates this app's pages follow."""

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import can
from tandem.core.live import register
from tandem.prioritisation.models import RatingSession


def may_follow_session(member: Member, product: Product, number: int) -> bool:
    """Everybody who sees scores sees a session; what is hidden is in no hint."""
    rows = RatingSession.objects.filter(product=product, pk=number)
    return can(member, "score.view") and rows.exists()


register("ratingsession", may_follow_session)
