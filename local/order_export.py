"""An order export as Shopify writes it, of people who do not exist."""

from typing import Final

ORDER_EXPORT: Final = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Billing Name,Billing Country,Billing Phone,Cancelled at,Refunded Amount,Id,Phone\n"
    "#1001,ada@example.com,paid,2026-06-01 09:50:26 -0400,fulfilled,2026-06-03 10:00:00 -0400,yes,USD,24.00,5.00,"
    "1.98,30.98,SPRING,1.00,Standard,2026-06-01 09:50:20 -0400,2,Mug - Blue,10.00,MUG,Ada Archer,US,'+1 202-555-0130,"
    ",0.00,7000000000001,\n"
    "#1001,ada@example.com,,,,,,,,,,,,,,2026-06-01 09:50:20 -0400,1,Spoon,5.00,SPOON,,,,,,,\n"
    "#1002,bo@example.com,refunded,2026-06-02 12:00:00 -0400,unfulfilled,,no,USD,5.00,0.00,0.00,5.00,,0.00,,"
    "2026-06-02 12:00:00 -0400,1,Spoon,5.00,SPOON,Bo Baker,US,,2026-06-04 08:30:00 -0400,5.00,7000000000002,\n"
)
