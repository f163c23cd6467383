from django.urls import path

from tandem.accounts.views import people, workspace

urlpatterns = [
    path("", workspace.workspace, name="workspace"),
    path("products/", workspace.products, name="products"),
    path("account/", workspace.account, name="account"),
    path("account/tokens/", workspace.token_create, name="token-create"),
    path("account/tokens/<int:pk>/revocation/", workspace.token_revoke, name="token-revoke"),
    path("people/", people.people, name="people"),
    path("people/invitations/", people.invite, name="invite"),
    path("people/invitations/<int:pk>/withdrawal/", people.withdraw, name="withdraw"),
    path("people/<int:pk>/role/", people.change_role, name="change-role"),
    path("people/<int:pk>/end/", people.end, name="end-member"),
]
