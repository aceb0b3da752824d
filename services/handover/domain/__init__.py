"""Who is accountable for a person, is she on the way, did she arrive, is she lost.

`case.CaseCustody` is one case as handover sees it. A verb is a function that takes it as it stands and
gives a `Decided`: the case as it stands afterwards, and what is to be told. The verbs stand in the modules
of their capabilities: transfers, stays, searches, custody, news (the other services), deadlines (time);
`steps` is what they are made of. Nothing here reads a clock, a database or a directory: the caller says
which instant it is, and has checked whose office may.

One rule holds after every verb: an open case has one accountable office, one watched deadline and
at most one open transfer. The deadline is handover's (`watch`, primary) or followup's.
`followup_watches` is what followup said last, and nothing else: its obligations exist, it cancelled
them, it closed, it reopened. While it watches, a further journey, a stay or a search has deadlines
of handover besides, which are not primary; they fire all the same.

Decisions of this project where law and reports are silent:

- A plan changes no phase and no deadline, and neither does the recall or the rejection of a plan:
  the person has not left.
- Reading a message, accepting the duty and the person's arrival are three facts. None is needed for
  another, and an office that accepted may still reject.
- A recalled journey: the sender states that it has the person, so DISPATCH_DUE runs anew from the
  day of the recall, or the stay in the facility goes on with the limit that it had. While a search is
  open it stays open: recalling finds nobody, and neither does the report that she did not arrive.
- An acknowledgement is taken back on the local day it was given, by the office that gave it, and
  not after a visit was recorded: then she did arrive. The deadlines go on where they stood; those
  that have passed meanwhile fire at the next look.
- Who arrives at a centre is admitted by the acknowledgement. A discharge leaves the facility
  accountable; leaving on a transfer is a discharge, and coming back goes on with the stay that was.
- Consent and the check of the home are asked about one place: they do not pass to another when a
  person is redirected.
- A closing that comes from an office which is no longer accountable changes nothing: it crossed
  the change of custody, and the office accountable now has not closed.
- A search keeps its first reason, except that who was handed over again at a border is searched for
  because of that.
- A case closed with its search before she was home: the office that closed it, or its supervisor, says that it has
  her again. She is to be sent on within the full time, or her stay in the facility goes on with its limit.
- A transfer to an office that ended without a successor: nobody will answer it, so the sender is told within seconds,
  as if it had been rejected, and owes her another place within REDISPATCH_AFTER_REJECT. Waiting for the
  deadlines of the acknowledgement would leave her on the way to a closed door for two weeks. Who is searched for
  already stays so.
"""
