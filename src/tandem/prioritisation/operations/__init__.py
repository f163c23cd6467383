"""Every write of scoring models and ratings."""

from tandem.prioritisation.operations.answers import (
    pair_answer,
    pair_answer_undo,
    weights_answer,
    weights_apply,
)
from tandem.prioritisation.operations.ballots import ballot_give, ballot_skip, items_compare
from tandem.prioritisation.operations.challenges import (
    challenge_answer,
    challenge_raise,
    challenge_withdraw,
)
from tandem.prioritisation.operations.models import (
    model_archive,
    model_copy,
    model_create,
    model_ensure,
    model_make_default,
    model_rename,
    model_restore,
)
from tandem.prioritisation.operations.rating_rules import expiry_set, raters_set
from tandem.prioritisation.operations.ratings import (
    criterion_to_rate,
    rating_set,
    rating_withdraw,
)
from tandem.prioritisation.operations.reveals import (
    entry_again,
    entry_reveal,
    entry_settle,
    session_close,
    session_expire,
    session_reveal,
    session_step,
)
from tandem.prioritisation.operations.sessions import (
    session_create,
    session_invite,
    session_join,
    session_update,
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
    "ballot_give",
    "ballot_skip",
    "challenge_answer",
    "challenge_raise",
    "challenge_withdraw",
    "criterion_add",
    "criterion_move",
    "criterion_remove",
    "criterion_return",
    "criterion_to_rate",
    "criterion_update",
    "entry_again",
    "entry_reveal",
    "entry_settle",
    "expiry_set",
    "items_compare",
    "model_archive",
    "model_copy",
    "model_create",
    "model_ensure",
    "model_formula_set",
    "model_go_back",
    "model_make_default",
    "model_rename",
    "model_restore",
    "pair_answer",
    "pair_answer_undo",
    "raters_set",
    "rating_set",
    "rating_withdraw",
    "session_close",
    "session_create",
    "session_expire",
    "session_invite",
    "session_join",
    "session_reveal",
    "session_step",
    "session_update",
    "weight_set",
    "weights_answer",
    "weights_apply",
    "weights_set",
]
