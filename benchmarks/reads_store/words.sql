-- Texts of 18 words each, frequent ones first like in a language: the n-th of all texts.
CREATE FUNCTION IF NOT EXISTS bench_text AS (n, salt) -> arrayStringConcat(
    arrayMap(
        i -> ['the', 'order', '주문', 'of', 'shipping', '배송', 'refund', 'a', 'when', '언제', 'will', 'my', 'parcel', '상품', 'arrive', 'please', 'check', '확인', 'status', 'for', 'account', '계정', 'and', 'answer', 'in', 'short', '답변', 'with', 'number', 'policy', '정책', 'return', 'days', 'customer', '고객', 'support', 'team', 'thanks', '감사합니다', 'payment', 'card', '결제', 'invoice', 'address', '주소', 'delivery', 'change', '변경', 'cancel', '취소', 'window', 'garden', 'metal', 'cotton', 'violet', 'marble', 'saddle', 'lantern', 'orchard', 'pebble', 'quartz', 'ribbon', 'timber', 'velvet'][1 + toUInt32(exp(cityHash64(n, salt, i) % 1000 / 1000. * log(64))) - 1],
        range(18)
    ),
    ' '
)
