"""Calibration: scores of bids corrected for chance and for the severity of experts, over all marks of a round.

`panel` says what is asked and what comes out, `calibrate` chooses the method and says why; `docs/scoring.md` shows it.
Nothing is imported here; only `crossed` and `pairwise` need numpy, and import it when they are asked.
"""
