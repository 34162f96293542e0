import { register } from "@shopify/web-pixels-extension";
import { report } from "./report.js";

register(({ analytics, customerPrivacy, init, settings }) => {
  report({ analytics, customerPrivacy, init, settings, fetch: (url, request) => fetch(url, request) });
});
