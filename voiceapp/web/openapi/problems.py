"""When the API answers with a problem: HTTP status -> when, and what was done by then."""

from collections.abc import Mapping

COMMON: Mapping[int, str] = {
    401: "No key, or one that is not known.",
    429: "Too many wrong keys from this address in a minute.",
    500: "A fault of this server; `detail` has the id under which its log tells more.",
    503: "The database does not answer: ask again. Nothing was done.",
}
"""Problems of every operation that needs a key."""

UNKNOWN = "There is none with this id."
BODY: Mapping[int, str] = {
    400: "The body broke off, or the Idempotency-Key is none.",
    408: "The body came too slowly.",
    413: "The body has more than 64 KiB.",
    415: "The body is compressed.",
}
CARRIER: Mapping[int, str] = {
    502: "The carrier refuses, with its code and reason, or refuses this server's credentials.",
    503: "The carrier wants no more requests now, or the database does not answer. Ask again after `Retry-After`.",
    504: "It is not known whether the carrier did it: its answer was lost. Ask for the call before you try again.",
}
ASKED: Mapping[int, str] = {status: CARRIER[status] for status in (502, 503)}
PLACING: Mapping[int, str] = {
    **BODY,
    409: "The Idempotency-Key was used for another request (`key_taken`). Nothing was dialled.",
    422: "What is asked cannot be: `errors` has every field that is wrong, and nothing was dialled. With `call`, "
    "it was written down first and refused then, such as a number that wants no calls (`opted_out`).",
    429: "As much was dialled as may be (`cap`, with `call`), or too many wrong keys came from this address.",
    502: f"{CARRIER[502]} Nothing was dialled; `call` is the call as it failed.",
    503: "The carrier wants no more requests now (`call` is the call as it failed), or the database does not "
    "answer. Nothing was dialled: ask again, after `Retry-After` when it is there.",
    504: "It is not known whether the phone rings: the carrier's answer was lost. `call` is the call, its `state` "
    "`unknown` until the carrier tells; ask for it before you place it again.",
}
ENDING: Mapping[int, str] = {
    **CARRIER,
    404: UNKNOWN,
    409: "It has just begun (`begun`): ask again. Or no account at its carrier is set up (`no_account`).",
}
