"""How each mail service writes one recipient's value into a message.

`source` says where a form was read, `unconfirmed` what nobody has confirmed yet: the documents and
the API say both. Send yourself a test before sending to anyone else.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

ProviderKey: TypeAlias = Literal[
    "plain", "mailchimp", "hubspot", "customerio", "klaviyo", "sendgrid", "postmark", "brevo"
]


class Provider(NamedTuple):
    """One mail service."""

    key: ProviderKey
    name: str
    column: str
    """Column of the file of personal links, and name of the recipient's field it fills."""
    link: str
    """Merge tag of the personal link."""
    respondent: str
    """Merge tag of a lasting id of the recipient, URL-encoded where the service can do that."""
    is_encoded: bool
    """Whether the id arrives URL-encoded; else it must consist of letters, digits, - and _."""
    source: str
    """Where the form of its merge tags was read; empty when it is not confirmed."""
    unconfirmed: str = ""
    """What of it nobody has confirmed yet; empty when all is."""


PROVIDERS: dict[ProviderKey, Provider] = {
    provider.key: provider
    for provider in (
        Provider(
            "plain", "Any service", "link", "PERSONAL_LINK", "RESPONDENT_ID", False,
            "Words to replace with your service's own merge tags.",
        ),
        Provider(
            "mailchimp", "Mailchimp", "HKLINK", "*|HKLINK|*", "*|UNIQID|*", False,
            'Mailchimp Developer, "Merge Fields".', "*|UNIQID|*",
        ),
        Provider(
            "hubspot", "HubSpot", "harken_link", "{{ contact.harken_link }}",
            "{{ contact.hs_object_id }}", False,
            "The form {{ contact.field }}, by a third party.", "hs_object_id",
        ),
        Provider(
            "customerio", "Customer.io", "harken_link", "{{ customer.harken_link }}",
            "{{ customer.id | url_encode }}", True,
            "The form {{ customer.field }}, by a third party; url_encode is Liquid's own filter.",
        ),
        Provider(
            "klaviyo", "Klaviyo", "harken_link", "{{ person|lookup:'harken_link' }}",
            "{{ person.id }}", False, "", "both merge tags",
        ),
        Provider(
            "sendgrid", "SendGrid", "harken_link", "{{harken_link}}", "{{respondent}}", False,
            "Twilio SendGrid, \"Using Handlebars\".",
        ),
        Provider(
            "postmark", "Postmark", "harken_link", "{{harken_link}}", "{{respondent}}", False,
            "Postmark, \"Mustachio Templating in Postmark\".",
        ),
        Provider(
            "brevo", "Brevo", "SURVEY_LINK", "{{ contact.SURVEY_LINK }}",
            "{{ contact.CONTACT_ID }}", False,
            "Brevo help, contact variables; the attribute CONTACT_ID is yours to fill.",
        ),
    )
}  # fmt: skip
