"""What reviews may count."""

# Whether a review of somebody whose e-mail alone was confirmed counts in the averages. It does not: an address costs nothing
# and says nothing of a visit, so a clinic's friends, or its rival, could make as many as they like. Such a review is shown,
# with its label, beside the average. A visit code is given by the clinic: that has its own bias, which
# /saadan-kontrollerer-vi-anmeldelser/ tells. After a change run `manage.py rebuild_ratings`, and say on that page what counts.
COUNT_EMAIL = False
