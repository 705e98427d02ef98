"""Who is who."""

from qingyuan.people.models.authorisation import Authorisation
from qingyuan.people.models.expert import Expert, Interest
from qingyuan.people.models.joint import JointBody, JointMember
from qingyuan.people.models.organisation import Kind, Organisation
from qingyuan.people.models.user import Membership, Role, User

__all__ = [
    "Authorisation",
    "Expert",
    "Interest",
    "JointBody",
    "JointMember",
    "Kind",
    "Membership",
    "Organisation",
    "Role",
    "User",
]
