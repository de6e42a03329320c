from sent import Sent, sent

__all__ = ["Sent", "sent"]
