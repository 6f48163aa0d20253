"""The best set of bids under limits, proven, the same every time, each bid left out explained.

`problem` says what is asked and what comes out, `best` answers. A linear program (`relaxation`) prices the limits;
`search` looks at
every set that falls short of its bound by little, in whole numbers; only where these are too many an integer program
does (`program`).
"""
