"""What is done to certificates: earned, issued, withdrawn."""

from certificates.actions.earning import (
    award,
    evaluate_enrolment,
    evaluate_event,
    evaluate_lost,
    follow_consent,
    rule_for_course,
    rule_for_event,
)
from certificates.actions.issuing import issue, issue_owed, paper, retry
from certificates.actions.withdrawing import replace, revoke

__all__ = [
    "award",
    "evaluate_enrolment",
    "evaluate_event",
    "evaluate_lost",
    "follow_consent",
    "issue",
    "issue_owed",
    "paper",
    "replace",
    "retry",
    "revoke",
    "rule_for_course",
    "rule_for_event",
]
