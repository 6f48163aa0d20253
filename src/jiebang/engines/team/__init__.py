"""Consortia: a lead and partners that together cover a need, of greatest value, with a proof that none is better.

`problem` says what is asked, `reading` takes it from JSON, `answer` solves it; `docs/team.md` shows all three. Nothing is
imported here, so that reading a problem needs neither numpy nor OR-Tools.
"""
