from tandem.accounts.models.api_token import ApiToken
from tandem.accounts.models.invitation import Invitation
from tandem.accounts.models.member import Member, Role
from tandem.accounts.models.product import Product
from tandem.accounts.models.sign_in_link import LinkPurpose, SignInLink
from tandem.accounts.models.user import User
from tandem.accounts.models.workspace import Workspace

__all__ = [
    "ApiToken",
    "Invitation",
    "LinkPurpose",
    "Member",
    "Product",
    "Role",
    "SignInLink",
    "User",
    "Workspace",
]
