from tandem.notices.models.notice import Notice, NoticeEntry, Reason
from tandem.notices.models.setting import Digest, NoticeSetting, Way

__all__ = ["Digest", "Notice", "NoticeEntry", "NoticeSetting", "Reason", "Way"]
