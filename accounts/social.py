from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Log-in by another service. It proves who somebody is, as a password does, and replaces no second factor."""

    def pre_social_login(self, request, sociallogin):
        super().pre_social_login(request, sociallogin)
        for address in sociallogin.email_addresses:
            # Some services write the word “false”, which Python takes for true.
            address.verified = address.verified is True

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        # The whole name in one field, as people who sign up here give it.
        user.first_name, user.last_name = (data.get("name") or user.get_full_name())[:150], ""
        return user
