"""The reading matrix: each theorem decided again under each other option of each reading that can affect it.

A theorem is stated under the default readings unless it says otherwise. For every reading that the engine consults
on some path of a theorem's subjects, each other option is made the default of a process of its own, where subjects,
closed forms and claims are made anew and the claim is decided as it stands. What comes of it is kept in
`matrix.json`, with digests of the sources, so that a report can show it and say whether it is stale.
"""
