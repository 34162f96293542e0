"""The properties every account has before anybody adds one, as far as anything here touches them.

Written as ``name: kind``; a kind is a type, and a leading ``!`` marks a property that only HubSpot writes.
"""

SUBSCRIPTIONS = {237525689: "Marketing Information", 237525690: "One to One"}
CONTACTS = {
    **dict.fromkeys(("email", "firstname", "lastname", "phone", "mobilephone", "company", "website"), "string"),
    **dict.fromkeys(("country", "city", "zip", "state", "address", "jobtitle", "hs_country_region_code"), "string"),
    **dict.fromkeys(("hs_additional_emails", "hs_calculated_phone_number", "hs_calculated_mobile_number"), "!string"),
    **dict.fromkeys(("ip_country_code", "hs_merged_object_ids", "hs_calculated_merged_vids"), "!string"),
    **dict.fromkeys(("hs_email_quarantined", "hs_email_optout", "hs_marketable_status"), "!bool"),
    "hs_feedback_last_nps_rating": "!string",
    "hs_feedback_last_ces_survey_rating": "!number",
    **dict.fromkeys(("hs_email_bounce", "total_revenue", "recent_deal_amount", "num_associated_deals"), "!number"),
    **dict.fromkeys(("hs_analytics_source", "hs_latest_source", "hs_email_hard_bounce_reason_enum"), "!string"),
    **dict.fromkeys((f"hs_email_optout_{number}" for number in SUBSCRIPTIONS), "!bool"),
    "lifecyclestage": "enumeration",
    "hs_lead_status": "enumeration",
    "hs_legal_basis": "checkbox",
    "hubspot_owner_id": "owner",
    "hs_object_id": "!number",
    "createdate": "!datetime",
    "lastmodifieddate": "!datetime",
}
COMMON = {
    "hs_object_id": "!number",
    "hs_createdate": "!datetime",
    "hs_lastmodifieddate": "!datetime",
    "hubspot_owner_id": "owner",
}
ORDERS = {
    **COMMON,
    **dict.fromkeys(("hs_order_name", "hs_external_order_id", "hs_source_store", "hs_external_order_url"), "string"),
    **dict.fromkeys(("hs_fulfillment_status", "hs_payment_status", "hs_external_order_status"), "string"),
    **dict.fromkeys(("hs_total_price", "hs_subtotal_price", "hs_tax", "hs_shipping_cost"), "number"),
    "hs_order_discount": "number",
    **dict.fromkeys(("hs_external_created_date", "hs_processed_date"), "datetime"),
    **dict.fromkeys(("hs_exchange_rate", "hs_homecurrency_amount"), "!number"),
    "hs_currency_code": "currency",
    "hs_pipeline": "pipeline",
    "hs_pipeline_stage": "stage",
}
DEALS = {
    **COMMON,
    "dealname": "string",
    "amount": "number",
    "amount_in_home_currency": "!number",
    "closedate": "datetime",
    "deal_currency_code": "currency",
    "pipeline": "pipeline",
    "dealstage": "stage",
}
COMPANIES = {
    **COMMON,
    **dict.fromkeys(("name", "domain", "industry", "phone", "city", "country"), "string"),
    "lifecyclestage": "enumeration",
}
TICKETS = {
    **COMMON,
    **dict.fromkeys(("subject", "content"), "string"),
    **dict.fromkeys(("hs_ticket_category", "hs_ticket_priority"), "enumeration"),
    "hs_pipeline": "pipeline",
    "hs_pipeline_stage": "stage",
}
LINE_ITEMS = {
    **COMMON,
    **dict.fromkeys(("name", "hs_sku", "hs_product_id", "description"), "string"),
    **dict.fromkeys(("price", "quantity", "discount"), "number"),
    "amount": "!number",
    "hs_line_item_currency_code": "currency",
}
STANDARD = {
    "contacts": CONTACTS,
    "companies": COMPANIES,
    "deals": DEALS,
    "tickets": TICKETS,
    "orders": ORDERS,
    "line_items": LINE_ITEMS,
}
UNIQUE = {"contacts": ("email",), "orders": ("hs_external_order_id",)}
REQUIRED = {
    "orders": ("hs_order_name",),
    "deals": ("dealname", "dealstage"),
    "tickets": ("subject", "hs_pipeline_stage"),
}
OPTIONS = {
    "hs_ticket_category": ("PRODUCT_ISSUE", "BILLING_ISSUE", "FEATURE_REQUEST", "GENERAL_INQUIRY"),
    "hs_ticket_priority": ("LOW", "MEDIUM", "HIGH"),
    "lifecyclestage": (
        *("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead"),
        *("opportunity", "customer", "evangelist", "other"),
    ),
    "hs_lead_status": (
        *("NEW", "OPEN", "IN_PROGRESS", "OPEN_DEAL", "UNQUALIFIED"),
        *("ATTEMPTED_TO_CONTACT", "CONNECTED", "BAD_TIMING"),
    ),
    "hs_legal_basis": (
        "Legitimate interest \u2013 prospect/lead",
        "Legitimate interest \u2013 existing customer",
        "Legitimate interest - other",
        "Performance of a contract",
        "Freely given consent from contact",
        "Not applicable",
    ),
}
TYPE_IDS = {
    "0-1": "contacts",
    "0-2": "companies",
    "0-3": "deals",
    "0-5": "tickets",
    "0-8": "line_items",
    "0-123": "orders",
}
SINGULARS = {
    "contact": "contacts",
    "company": "companies",
    "deal": "deals",
    "ticket": "tickets",
    "line_item": "line_items",
    "order": "orders",
}
DEFAULT_READ = {"contacts": ("email", "firstname", "lastname"), "deals": ("dealname", "amount", "dealstage")}
