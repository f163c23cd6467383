"""Every write of scoring models and ratings."""

from tandem.prioritisation.operations.models import (
    model_archive,
    model_create,
    model_ensure,
    model_make_default,
    model_rename,
    model_restore,
)
from tandem.prioritisation.operations.ratings import (
    criterion_to_rate,
    rating_set,
    rating_withdraw,
)
from tandem.prioritisation.operations.weights import weight_set, weights_set

__all__ = [
    "criterion_to_rate",
    "model_archive",
    "model_create",
    "model_ensure",
    "model_make_default",
    "model_rename",
    "model_restore",
    "rating_set",
    "rating_withdraw",
    "weight_set",
    "weights_set",
]
