"""Notices of bounces and complaints in the shapes that mail providers document, made by hand."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

ADDRESS = "ada@example.com"


def ses_bounce(kind: str = "Permanent", *, feedback: str = "f-1", source: str = "", **mail: Any):
    """What SES says of a bounce; `mail` are headers of the message."""
    headers = [{"name": name.replace("_", "-"), "value": value} for name, value in mail.items()]
    return {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [
                {"emailAddress": ADDRESS, "action": "failed", "status": "5.1.1",
                 "diagnosticCode": "smtp; 550 5.1.1 no such user"}
            ],
            "timestamp": "2026-11-21T11:59:38.237Z",
            "feedbackId": feedback,
            "reportingMTA": "dns; mx.example.com",
        },
        "mail": {
            "timestamp": "2026-11-21T11:59:30.000Z", "source": source or "feedback@shop.example",
            "messageId": "0100-ses-own-id", "destination": [ADDRESS],
            "headersTruncated": False, "headers": headers,
        },
    }  # fmt: skip


def ses_complaint(feedback: str = "c-1") -> dict[str, Any]:
    """What SES says of a complaint."""
    return {
        "eventType": "Complaint",
        "complaint": {
            "complainedRecipients": [{"emailAddress": ADDRESS}],
            "timestamp": "2026-11-21T11:59:38.000Z",
            "feedbackId": feedback,
            "complaintFeedbackType": "abuse",
        },
        "mail": {"timestamp": "2026-11-21T11:00:00.000Z", "source": "feedback@shop.example"},
    }


def sns(message: dict[str, Any], kind: str = "Notification") -> dict[str, Any]:
    """An SNS message around it."""
    return {
        "Type": kind,
        "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
        "TopicArn": "arn:aws:sns:eu-north-1:123456789012:bounces",
        "Message": json.dumps(message),
        "Timestamp": "2026-11-21T11:59:39.000Z",
        "SignatureVersion": "1",
        "Signature": "c2lnbmF0dXJl",
        "SigningCertURL": "https://sns.eu-north-1.amazonaws.com/cert.pem",
    }


def sns_confirmation(url: str) -> dict[str, Any]:
    """What SNS sends first of all."""
    return {**sns({}, "SubscriptionConfirmation"), "Token": "2336412f37", "SubscribeURL": url,
            "Message": "You have chosen to subscribe to the topic."}  # fmt: skip


def postmark_bounce(kind: str = "HardBounce", code: int = 1, number: int = 42) -> dict[str, Any]:
    """What Postmark says of a bounce or a complaint."""
    return {
        "RecordType": "SpamComplaint" if kind == "SpamComplaint" else "Bounce",
        "MessageStream": "outbound", "ID": number, "Type": kind, "TypeCode": code,
        "Name": kind, "Tag": "", "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {}, "ServerID": 23, "Description": "The server was unable to deliver.",
        "Details": "smtp;550 5.1.1 no such user", "Email": ADDRESS, "From": "feedback@shop.example",
        "BouncedAt": "2026-11-21T11:59:54.9070259Z", "DumpAvailable": True,
        "Inactive": kind in {"HardBounce", "SpamComplaint"}, "CanActivate": True,
        "Subject": "How was it?",
    }  # fmt: skip


def postmark_change(reason: str | None = "ManualSuppression") -> dict[str, Any]:
    """What Postmark says when somebody is put on its own list, or taken off (None)."""
    return {
        "RecordType": "SubscriptionChange", "MessageID": None, "ServerID": 23,
        "MessageStream": "outbound", "ChangedAt": "2026-11-21T10:53:34.416071Z",
        "Recipient": ADDRESS, "Origin": "Recipient", "SuppressSending": reason is not None,
        "SuppressionReason": reason, "Tag": None, "Metadata": {},
    }  # fmt: skip


def sendgrid_event(event: str, at: datetime, number: int = 1, **more: Any) -> dict[str, Any]:
    """One event of SendGrid."""
    return {
        "email": ADDRESS, "timestamp": int(at.timestamp()), "event": event,
        "sg_event_id": f"ZXZlbnQ-{number}", "sg_message_id": "14c5d75ce93.dfd.64b469.16648",
        "category": ["survey"], **more,
    }  # fmt: skip


def mailgun_event(
    event: str, at: datetime, *, key: str = "", number: int = 1, **more: Any
) -> dict[str, Any]:
    """One notice of Mailgun, signed with the key."""
    timestamp, token = (
        str(int(at.timestamp())),
        "a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0",
    )
    signed = hmac.new(key.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signed},
        "event-data": {
            "event": event, "id": f"G9Bn5sl1TC6nu79C8C0bwg-{number}", "recipient": ADDRESS,
            "timestamp": at.timestamp(), "log-level": "error", "tags": [],
            "delivery-status": {"code": 550, "message": "5.1.1 no such user", "attempt-no": 1},
            "message": {"headers": {"to": ADDRESS, "message-id": "x@y", "subject": "How was it?"}},
            **more,
        },
    }  # fmt: skip


def dsn(
    *, to: str = "bounces@shop.example", action: str = "failed", status: str = "5.1.1",
    message_id: str = "<report-1@mx.example.com>", original_id: str = "",
) -> bytes:  # fmt: skip
    """A bounce as a mail server sends it (RFC 3464)."""
    return f"""\
Return-Path: <>
Delivered-To: {to}
Date: Sat, 21 Nov 2026 11:59:00 +0000
From: Mail Delivery System <MAILER-DAEMON@mx.example.com>
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I could not deliver your message.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Sat, 21 Nov 2026 11:58:59 +0000

Final-Recipient: rfc822; {ADDRESS}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{ADDRESS}>: no such
    user here

--b1
Content-Type: message/rfc822

From: feedback@shop.example
To: {ADDRESS}
Message-ID: {original_id or "<unknown@shop.example>"}
Subject: How was it?

Hello

--b1--
""".encode()


def feedback_report() -> bytes:
    """A complaint as a mail provider sends it (RFC 5965)."""
    return f"""\
From: <fbl@provider.example>
Date: Sat, 21 Nov 2026 11:59:00 +0000
Subject: FW: How was it?
To: <fbl@shop.example>
Message-ID: <arf-1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain; charset="US-ASCII"

This is an e-mail abuse report.

--b2
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <feedback@shop.example>
Original-Rcpt-To: <{ADDRESS}>

--b2
Content-Type: text/rfc822-headers

From: feedback@shop.example
Message-ID: <m1@shop.example>

--b2--
""".encode()
