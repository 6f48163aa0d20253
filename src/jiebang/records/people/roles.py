"""Sets of roles of the office, each named by what its people may do."""

from jiebang.rules.schema import Role

OFFICERS: frozenset[Role] = frozenset({"officer", "second_officer"})  # decide for the office
CASE_READERS: frozenset[Role] = OFFICERS | {"auditor"}  # read every case that the policy opens to the office
STAFF: frozenset[Role] = CASE_READERS | {"administrator"}  # read registers, calls and the whole log
APPOINTERS: frozenset[Role] = frozenset(
    {"officer", "administrator"}
)  # register organisations, appoint people, open calls
OFFICE: frozenset[Role] = STAFF | {
    "department"
}  # act on cases in their office's name, so none of them with a stake in it
