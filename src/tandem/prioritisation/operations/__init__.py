"""Every write of scoring models and ratings."""

from tandem.prioritisation.operations.answers import (
    pair_answer,
    pair_answer_undo,
    weights_answer,
    weights_apply,
)
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
from tandem.prioritisation.operations.shaping import (
    criterion_add,
    criterion_move,
    criterion_remove,
    criterion_return,
    criterion_update,
    model_formula_set,
    model_go_back,
)
from tandem.prioritisation.operations.weights import weight_set, weights_set

__all__ = [
    "criterion_add",
    "criterion_move",
    "criterion_remove",
    "criterion_return",
    "criterion_to_rate",
    "criterion_update",
    "model_archive",
    "model_create",
    "model_ensure",
    "model_formula_set",
    "model_go_back",
    "model_make_default",
    "model_rename",
    "model_restore",
    "pair_answer",
    "pair_answer_undo",
    "rating_set",
    "rating_withdraw",
    "weight_set",
    "weights_answer",
    "weights_apply",
    "weights_set",
]
