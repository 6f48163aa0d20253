"""What may still undo a result after it was proposed: its correction, and the revocation of an award."""

from pydantic import Field

from jiebang.rules.schema.base import Expression, LocalText, Part, Rule, Slug


class CorrectionGround(Part):
    """One reason for which a result may be corrected."""

    label: LocalText
    objection: bool = Field(
        False, description="Names the objection or appeal that was upheld, wholly or in part."
    )


class Correction(Rule):
    """For what a result may be corrected; the moves with the command `correct_result` say who, when and what follows."""

    grounds: dict[Slug, CorrectionGround] = Field(min_length=1)


class RevocationGround(Part):
    """One reason for which an award may be revoked."""

    label: LocalText
    breach: bool = Field(False, description="Enters the integrity record of the lead.")
    require: Expression | None = Field(
        None, description="CEL guard over facts of the project, asked when the award is questioned."
    )


class Revocation(Rule):
    """For what an award may be revoked before its agreement is signed; the moves say who, when and what follows."""

    grounds: dict[Slug, RevocationGround] = Field(min_length=1)
