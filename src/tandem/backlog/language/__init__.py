"""The filter language: ``kind:story status:open value>5 -label:ux sort:rank``.

``parsing`` turns text into terms and knows no product. ``fields`` says what can be asked and is a
registry: a higher app adds its own. ``builtin`` are the backlog's own. ``completing`` says what may
stand where somebody is typing.
"""
