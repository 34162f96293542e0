/*
 * Tells commerce-sync what a known visitor does, in the shape of Shopify's customer events, without what is not read.
 *
 * Shopify holds events back until the visitor agreed (shopify.extension.toml); here consent is looked at once more for
 * each event, because it can be taken back on the page. Visitors whom nothing names are not told of.
 */
const money = (one) => (one ? { amount: one.amount, currencyCode: one.currencyCode } : null);

const variantOf = (one) => ({
  id: one.id,
  sku: one.sku,
  price: money(one.price),
  product: { id: one.product ? one.product.id : null }
});

const DATA = {
  product_viewed: ({ productVariant }) => ({ productVariant: variantOf(productVariant) }),
  product_added_to_cart: ({ cartLine }) =>
    cartLine && {
      cartLine: {
        merchandise: variantOf(cartLine.merchandise),
        quantity: cartLine.quantity,
        cost: { totalAmount: money(cartLine.cost.totalAmount) }
      }
    },
  checkout_started: ({ checkout }) => ({
    checkout: {
      token: checkout.token,
      currencyCode: checkout.currencyCode,
      email: checkout.email,
      lineItems: checkout.lineItems
        .filter((line) => line.variant)
        .map((line) => ({
          id: line.id,
          quantity: line.quantity,
          variant: variantOf(line.variant),
          discountAllocations: line.discountAllocations.map((part) => ({ amount: money(part.amount) }))
        })),
      totalPrice: money(checkout.totalPrice),
      totalTax: money(checkout.totalTax),
      discountsAmount: money(checkout.discountsAmount),
      shippingLine: checkout.shippingLine && { price: money(checkout.shippingLine.price) }
    }
  })
};

export function report({ analytics, customerPrivacy, init, settings, fetch }) {
  let allowed = init.customerPrivacy;
  customerPrivacy.subscribe("visitorConsentCollected", (event) => {
    allowed = event.customerPrivacy;
  });
  const { id, email } = init.data.customer || {};

  for (const [name, dataOf] of Object.entries(DATA)) {
    analytics.subscribe(name, (event) => {
      if (!allowed.marketingAllowed || !allowed.analyticsProcessingAllowed) return;
      const data = dataOf(event.data);
      if (!data || !(email || id || (data.checkout && data.checkout.email))) return;
      const told = { id: event.id, name, timestamp: event.timestamp, customer: { id, email }, data };
      fetch(settings.url, { method: "POST", body: JSON.stringify(told), keepalive: true }).catch(() => {});
    });
  }
}
