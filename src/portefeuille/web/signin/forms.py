"""What people type to sign in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portefeuille.web.ui.forms import PlainForm


class NumberForm(PlainForm):
    """Who somebody is, by national number. It goes by post to us only: never in an address, a log or a cookie."""

    asks = {"national_number": _("Vul je rijksregisternummer in.")}

    national_number = forms.CharField(
        label=_("Rijksregisternummer"),
        help_text=_("Elf cijfers, achteraan op je identiteitskaart. Zoals 85.07.30-001.60."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "short"}),
    )


class CodeForm(PlainForm):
    """The code of a card."""

    asks = {"code": _("Vul de code in die op je kaart naast dat nummer staat.")}

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "short",
            }
        ),
    )


class AppCodeForm(PlainForm):
    """The six digits that an app shows now."""

    asks = {"code": _("Vul de zes cijfers in die je app nu toont.")}

    code = forms.CharField(
        label=_("Code uit je app"),
        help_text=_("Zes cijfers. Ze veranderen elke halve minuut."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "short"}
        ),
    )


class AppSignInForm(NumberForm, AppCodeForm):
    """Who somebody is, and what their app shows."""

    asks = {**NumberForm.asks, **AppCodeForm.asks}
    field_order = ["national_number", "code"]
