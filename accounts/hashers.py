from django.contrib.auth.hashers import Argon2PasswordHasher as DjangoArgon2PasswordHasher


class Argon2PasswordHasher(DjangoArgon2PasswordHasher):
    """Argon2id with OWASP's smaller parameters: 19 MiB and two passes cost some 50 ms, so that a class of two hundred
    can log in at nine o'clock; Django's own choice costs ten times that."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
