"""Forms of signing in, first run and people."""

from django import forms

from tandem.accounts.models import Role


class SignInForm(forms.Form):
    email = forms.EmailField(label="Mail address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class FirstRunForm(forms.Form):
    workspace = forms.CharField(label="Workspace", max_length=120)
    name = forms.CharField(label="Your name", max_length=150)
    email = forms.EmailField(label="Mail address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class InvitationForm(forms.Form):
    email = forms.EmailField(label="Mail address", required=False)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.DEVELOPER)


class JoinForm(forms.Form):
    name = forms.CharField(label="Your name", max_length=150)
    email = forms.EmailField(label="Mail address")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class ProductForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    key = forms.CharField(label="Key", max_length=10, help_text="2 to 10 letters, like WEB")
    estimate_unit = forms.CharField(label="Estimates in", max_length=20, initial="points")


class TokenForm(forms.Form):
    name = forms.CharField(label="What for", max_length=80)
