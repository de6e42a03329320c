"""What the shop knows: short articles, each in English and Korean."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Article:
    """One subject, said in both languages."""

    id: str
    """Short name, stable."""

    en: str
    """The text in English."""

    ko: str
    """The same text in Korean."""


ARTICLES = (
    Article(
        "refund",
        "You can return an unused item within 14 days of delivery for a full refund. "
        "The refund is paid within 3 business days after the item reaches us.",
        "사용하지 않은 상품은 배송 완료 후 14일 이내에 반품하고 환불받을 수 있습니다. "
        "환불 금액은 상품이 도착한 뒤 영업일 3일 이내에 지급됩니다.",
    ),
    Article(
        "return-cost",
        "Sending an item back costs 5,000 won for return shipping. "
        "Return shipping is free if the item was damaged or wrong.",
        "반품 배송비는 5,000원입니다. "
        "상품이 파손되었거나 잘못 온 경우 반품 배송비는 무료입니다.",
    ),
    Article(
        "exchange",
        "You can exchange an item for another size within 14 days, once per order. "
        "The other size leaves our warehouse 1 day after we get the item.",
        "상품은 14일 이내에 주문당 한 번 다른 사이즈로 교환할 수 있습니다. "
        "교환 사이즈는 상품이 도착한 다음 1일 뒤에 출고됩니다.",
    ),
    Article(
        "delivery-time",
        "Standard delivery takes 2 to 3 days. "
        "Orders placed before 11 a.m. leave the same day. "
        "Delivery to Jeju and the islands takes 2 days longer.",
        "일반 배송은 2~3일 걸립니다. "
        "오전 11시 이전에 주문하면 당일 출고됩니다. "
        "제주와 섬 지역 배송은 2일 더 걸립니다.",
    ),
    Article(
        "delivery-fee",
        "Delivery is free for orders from 30,000 won. "
        "Below that the delivery fee is 3,000 won.",
        "30,000원 이상 주문하면 배송비가 무료입니다. "
        "그 미만이면 배송비는 3,000원입니다.",
    ),
    Article(
        "address",
        "You can change the delivery address until the parcel leaves the warehouse. "
        "Open My Orders and choose Change address.",
        "배송 주소는 상품이 출고되기 전까지 변경할 수 있습니다. "
        "내 주문에서 주소 변경을 선택하세요.",
    ),
    Article(
        "cancel",
        "You can cancel an order free of charge until the parcel leaves the warehouse. "
        "A card payment is taken back within 2 days.",
        "주문은 상품이 출고되기 전까지 무료로 취소할 수 있습니다. "
        "카드 결제는 2일 이내에 취소됩니다.",
    ),
    Article(
        "damaged",
        "Report a damaged item within 7 days with a photo. "
        "We send a replacement on the next business day.",
        "파손된 상품은 7일 이내에 사진과 함께 신고해 주세요. "
        "다음 영업일에 새 상품을 보내 드립니다.",
    ),
    Article(
        "password",
        "To reset your password choose Forgot password on the sign-in page. "
        "The link in the mail is valid for 30 minutes.",
        "비밀번호를 재설정하려면 로그인 화면에서 비밀번호 찾기를 선택하세요. "
        "메일의 링크는 30분 동안 유효합니다.",
    ),
    Article(
        "delete-account",
        "You can delete your account in Settings under Privacy. "
        "Your account data is erased after 30 days.",
        "계정은 설정의 개인정보 메뉴에서 삭제(탈퇴)할 수 있습니다. "
        "계정 정보는 30일 뒤에 지워집니다.",
    ),
    Article(
        "points",
        "You earn 1% of every purchase as points. Points expire after 12 months.",
        "구매 금액의 1%가 포인트로 적립됩니다. 포인트는 12개월 뒤에 소멸됩니다.",
    ),
    Article(
        "coupon",
        "One coupon can be used per order. Coupons cannot be combined with points.",
        "쿠폰은 주문당 한 장 사용할 수 있습니다. 쿠폰은 포인트와 함께 쓸 수 없습니다.",
    ),
    Article(
        "payment",
        "You can pay by credit card, KakaoPay or bank transfer. "
        "A bank transfer must arrive within 24 hours or the order is cancelled.",
        "신용카드, 카카오페이, 계좌이체로 결제할 수 있습니다. "
        "계좌이체는 24시간 이내에 입금되지 않으면 주문이 취소됩니다.",
    ),
    Article(
        "hours",
        "Our support team answers on weekdays from 9 a.m. to 6 p.m. "
        "The phone number is 1588-0000.",
        "고객센터는 평일 오전 9시부터 오후 6시까지 운영합니다. "
        "전화번호는 1588-0000입니다.",
    ),
)
"""Every article, in no order that matters."""
