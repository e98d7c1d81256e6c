from safeguarding.personal_data import declare_free


def register():
    declare_free(
        "oberih_accounts.User",
        "The log-in, not what is known of a participant; allauth's own pages show and change it.",
    )
    declare_free(
        "oberih_accounts.Invitation", "Who was asked to work here, at which address; it names no participant."
    )
