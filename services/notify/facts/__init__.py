"""What notify makes of the events of others: facts of its own, in which nothing is left that could betray a person.

One file per stream. Of each event it says what there is to tell, if anything, and what it ends of what is asked of
offices: a new event stands here with both, or among those that notify steps over (`streams.UNHEARD`). An office that
did something by its own act is not told of it.
"""
