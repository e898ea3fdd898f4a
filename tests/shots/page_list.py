"""Which pages are on the contact sheets: a name, and an address of the demo.

`{console}` stands for the console of the demo's workspace, where an owner is signed in, and
`{survey}` for the key of one of its surveys. Only there is somebody signed in.
"""

PAGES: tuple[tuple[str, str], ...] = (
    ("guide", "/design"),
    ("guide-console", "/design/console"),
    ("front", "/"),
    ("sign-in", "/sign-in"),
    ("unknown", "/not/here"),
    ("home", "{console}"),
    ("surveys", "{console}/surveys"),
    ("gallery", "{console}/surveys/new"),
    ("template", "{console}/surveys/new/restaurant_receipt"),
    ("survey", "{console}/surveys/{survey}"),
    ("survey-form", "{console}/surveys/{survey}/edit"),
    ("survey-file", "{console}/surveys/{survey}/file"),
    ("survey-versions", "{console}/surveys/{survey}/versions"),
    ("results", "{console}/results"),
    ("share", "{console}/share"),
    ("share-ways", "{console}/share/{survey}"),
    ("share-widget", "{console}/share/{survey}/widget"),
    ("share-email", "{console}/share/{survey}/email"),
    ("share-places", "{console}/share/{survey}/places"),
    ("share-sheet", "{console}/share/{survey}/sheet"),
    ("share-code", "{console}/share/{survey}/code"),
    ("people", "{console}/people"),
    ("keys", "{console}/keys"),
    ("settings", "{console}/settings"),
    ("audit", "{console}/audit"),
    ("account", "{console}/me"),
)
