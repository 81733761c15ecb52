"""Values of Faker's providers, which know nothing of our formats: one JSON object {type, value, cue} a line."""

import json
import sys

from faker import Faker

KINDS = [
    ("email", "e-mail", ["en_US", "de_DE", "fr_FR", "ja_JP"], "email"),
    ("phone", "phone number", ["en_US", "en_GB", "de_DE", "fr_FR"], "phone_number"),
    ("iban", "account", ["en_GB", "de_DE", "fr_FR", "es_ES", "it_IT", "nl_NL", "pl_PL", "de_AT", "de_CH"], "iban"),
    ("credit_card", "card", ["en_US"], "credit_card_number"),
    ("ssn", "social security number", ["en_US"], "ssn"),
    ("national_id", "codice fiscale", ["it_IT"], "ssn"),
    ("national_id", "NIF", ["es_ES"], "nif"),
    ("national_id", "NIE", ["es_ES"], "nie"),
    ("national_id", "CPF", ["pt_BR"], "cpf"),
    ("national_id", "PESEL", ["pl_PL"], "pesel"),
    ("national_id", "numéro de sécurité sociale", ["fr_FR"], "ssn"),
    ("national_id", "BSN", ["nl_NL"], "ssn"),
    ("national_id", "National Insurance number", ["en_GB"], "ssn"),
    ("ip", "address", ["en_US"], "ipv4_public"),
]
EACH = 200


def main():
    """Print the values of a seed."""
    for kind, cue, locales, provider in KINDS:
        for locale in locales:
            fake = Faker(locale)
            fake.seed_instance(int(sys.argv[1]))
            for _ in range(EACH // len(locales)):
                value = getattr(fake, provider)()
                print(json.dumps({"type": kind, "kind": f"{cue}, {locale}", "cue": cue, "value": value}))


if __name__ == "__main__":
    main()
