// The page in a notebook: what anywidget calls.

/** @import { Model } from "./kernel_store.js" */

import { chartPage } from "./chart_page.js";
import { attached } from "./dom.js";
import { KernelStore } from "./kernel_store.js";
import { Page } from "./page.js";

/** @param {{model: Model, el: HTMLElement}} its */
function render({ model, el }) {
  if (model.get("chart_alone")) return chartPage({ model, el });
  const page = new Page(el, new KernelStore(model));
  attached(el).then(() => page.open());
  return () => page.close();
}

export default { render };
