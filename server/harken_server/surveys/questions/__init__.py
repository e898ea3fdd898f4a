"""The question types and what is alike or different in each.

A new type is a class in `types` and in one of the unions there. One that is answered like others
begins from their base (`RatingBase`, `OneChoice`, `Written`) and behaves like them; for any other
the type check names each place that has to say something of it.
"""
