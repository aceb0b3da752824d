"""What notify does: it turns facts into messages (`telling`) for whom they concern (`readers`), keeps what is asked of
offices until it is done (`duties`), and gives an office its inbox (`inboxes`).

Every stream may be the first to tell of a case, and a rebuild hears the streams in another order than they were spoken
in. Whoever is told, of what and when therefore depends on the events alone: messages for readers who follow from the
registration wait for it, a decision's readers are settled again whenever custody or registration come to light, and
what ended a duty is kept for what may be heard of it later.
"""
