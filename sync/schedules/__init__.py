"""What runs by the clock: when it is due, what it does, and that it fires once.

A schedule that is due is taken in one transaction that moves it on to its next time, so that several schedulers, a
restart or a clock that jumps make no second run. Who takes it gets a token, the moment until which the run is theirs;
a run whose message was lost is taken again when that moment has passed.
"""
