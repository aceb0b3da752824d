"""What notify makes of the events of others: facts of its own, in which nothing is left that could betray a person.

One file per stream. It steps over corrections, requests to withdraw (handover's answer counts), admissions (the
acknowledgement tells the sender), attempts at contact (a search that they open is told) and cancelled follow-ups: the
office that did it by its own act knows.
"""
