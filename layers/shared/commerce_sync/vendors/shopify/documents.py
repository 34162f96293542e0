"""The GraphQL documents by which we read Shopify, whole and as they are: nothing is ever put into their text.

Checked on shopify.dev: ``customers`` and ``ordersCount`` (2026-10), ``defaultEmailAddress`` and ``defaultPhoneNumber``
(since 2025-04). ``marketingUpdatedAt`` and ``marketingOptInLevel`` of both were seen in the pages of ``unstable`` and
in use; their page for 2026-10 was not seen. Unverified for 2026-10: the search terms ``email``, ``phone`` and
``updated_at``, and that orders are counted whatever their status where none is asked for.
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
CONTRACT = """
query Contract($id: ID!) {
  subscriptionContract(id: $id) {
    id
    customer {
      id
      firstName
      lastName
      defaultEmailAddress { emailAddress }
      defaultPhoneNumber { phoneNumber }
    }
    originOrder { id }
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
ORDERS_COUNT = """
query OrdersCount($query: String) {
  ordersCount(query: $query, limit: null) { count precision }
}
"""
PEOPLE = (
    """
query People($first: Int!, $after: String, $query: String, $sortKey: CustomerSortKeys!) {
  customers(first: $first, after: $after, query: $query, sortKey: $sortKey) {
    nodes { ...Consents firstName lastName }
    pageInfo { hasNextPage endCursor }
  }
}
"""
    + CUSTOMER
)
