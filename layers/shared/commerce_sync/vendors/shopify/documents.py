"""The GraphQL documents that we send to Shopify, whole and as they are: nothing is ever put into their text.

Checked on shopify.dev: the mutations, their inputs and error types (pages of 2026-01 to 2026-10), the arguments of
``customers`` (2026-10), ``defaultEmailAddress`` and ``defaultPhoneNumber`` (since 2025-04). ``marketingUpdatedAt`` and
``marketingOptInLevel`` of both were seen in the pages of ``unstable`` and in use; their page for 2026-10 was not seen.
"""

CUSTOMER = """
fragment Consents on Customer {
  id
  updatedAt
  defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
  defaultPhoneNumber {
    phoneNumber
    marketingState
    marketingOptInLevel
    marketingUpdatedAt
    marketingCollectedFrom
  }
}
"""
CUSTOMERS = f"""
query Customers($first: Int!, $after: String, $query: String, $sortKey: CustomerSortKeys!) {{
  customers(first: $first, after: $after, query: $query, sortKey: $sortKey) {{
    nodes {{ ...Consents }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
{CUSTOMER}"""
EMAIL_CONSENT = f"""
mutation EmailConsent($input: CustomerEmailMarketingConsentUpdateInput!) {{
  customerEmailMarketingConsentUpdate(input: $input) {{
    customer {{ ...Consents }}
    userErrors {{ code field message }}
  }}
}}
{CUSTOMER}"""
SMS_CONSENT = f"""
mutation SmsConsent($input: CustomerSmsMarketingConsentUpdateInput!) {{
  customerSmsMarketingConsentUpdate(input: $input) {{
    customer {{ ...Consents }}
    userErrors {{ code field message }}
  }}
}}
{CUSTOMER}"""
