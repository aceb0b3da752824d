"""One function per command, event, deadline and question: load, ask the domain, save, tell, answer with its values.

The policy table has turned away whoever could never be entitled; what needs the state of the
case is decided here: the accountable office plans, sends and recalls, the addressed one answers,
a supervisor of either puts right what was lost, and whoever has nothing to do with a case is told
that there is none.
"""
