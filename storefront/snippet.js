/*
 * Tells commerce-sync what a known visitor looks at. docs/web_events.md says how to use it.
 *
 * It sets no cookie, stores nothing, and sends nothing before `mayTrack` says yes: asked anew for each event, so that
 * a consent that is taken back counts at once. Visitors whom nothing names are not told of.
 *
 *   var web = commerceSync({
 *     url: "https://.../web/wholesale?token=...",
 *     mayTrack: function () { return yourConsentBanner.marketing === true; },
 *     customer: { email: "ana@example.com", id: "17" }
 *   });
 *   web.viewedProduct({ product_id: "MUG-B", price: "14.95" });
 */
(function (scope) {
  "use strict";

  function newId() {
    if (scope.crypto && scope.crypto.randomUUID) return scope.crypto.randomUUID();
    var id = "";
    while (id.length < 32) id += Math.random().toString(36).slice(2);
    return id.slice(0, 32);
  }

  function post(url, body) {
    if (!scope.fetch) return scope.navigator.sendBeacon(url, body);
    var request = { method: "POST", body: body, keepalive: true, credentials: "omit", referrerPolicy: "origin" };
    scope.fetch(url, request).catch(function () {});
    return true;
  }

  scope.commerceSync = function (options) {
    var customer = options.customer;

    function send(name, products, more) {
      if (!customer || !(customer.email || customer.id)) return false;
      if (typeof options.mayTrack !== "function" || options.mayTrack() !== true) return false;
      var event = { id: newId(), name: name, timestamp: new Date().toISOString(), customer: customer };
      event.products = [].concat(products);
      if (options.currency) event.currency = options.currency;
      for (var key in more) event[key] = more[key];
      return post(options.url, JSON.stringify(event));
    }

    return {
      identify: function (someone) {
        customer = someone;
      },
      viewedProduct: function (product) {
        return send("viewed_product", product);
      },
      addedToCart: function (products) {
        return send("added_to_cart", products);
      },
      startedCheckout: function (products, checkout) {
        return send("started_checkout", products, checkout);
      }
    };
  };
})(typeof window === "undefined" ? globalThis : window);
